/**
 * A request from a browser that keeps nothing, as inside another application: sent at once. Unlike leaving the page with the
 * form, that loses nothing of it when no answer comes.
 */
import { nextStamp } from './stamps.js';
import { uuid } from './uuid.js';
import { judge } from './verdict.js';

/** What is being sent: under the same id until it is there. */
let handed;

/**
 * @param {Record<string, any> & {at: string}} fields
 * @returns {Promise<{edit: import('./outbox.js').Edit, outcome?: {state: string, problem?: string, field?: string}}>} no
 *   outcome when the server did not answer
 */
export async function hand({ at, ...rest }) {
  const text = JSON.stringify(rest);
  if (handed?.text !== text) handed = { text, edit: { id: uuid(), kind: 'request', record: uuid(), stamp: nextStamp('phone', Date.now(), []), fields: { ...rest, at }, base: {} } };
  const { edit } = handed;
  const response = await fetch('/api/edits', {
    method: 'POST', body: JSON.stringify({ edits: [edit] }), headers: { 'content-type': 'application/json', accept: 'application/json' },
    cache: 'no-store', redirect: 'error', credentials: 'omit', signal: AbortSignal.timeout(20_000),
  });
  const answer = { status: response.status, type: response.headers.get('content-type') ?? '', after: '', text: await response.text() };
  return { edit, outcome: judge(answer, [edit.id]).outcomes.get(edit.id) };
}
