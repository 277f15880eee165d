/**
 * Sending a form of the office's pages without leaving the page: the server says in words what it did, or why not.
 */
import { say } from '../say.js';

const JSON_TYPE = 'application/json';

/**
 * Send fields as a form would be.
 * @param {string} address
 * @param {Record<string, string | number>} fields
 * @returns {Promise<{said: string, undo?: string, ok: boolean, busy: boolean}>} `undo`: the act that takes it back;
 *   `busy`: nothing was looked at, the same may be sent again
 * @throws when the server cannot be reached or something else answers for it
 */
export async function send(address, fields) {
  const body = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const response = await fetch(address, { method: 'POST', headers: { accept: JSON_TYPE }, body, redirect: 'manual' });
  if (!response.headers.get('content-type')?.startsWith(JSON_TYPE)) {
    if (response.type === 'opaqueredirect') location.reload(); // signed out: the page asks to sign in
    throw new Error(`${address}: not our answer`);
  }
  return { ...(await response.json()), ok: response.ok, busy: response.status === 503 };
}

/**
 * Send, say what became of it, with a button to undo it, and show the page as it is now; what was typed stays when
 * the server is busy.
 * @param {string} address
 * @param {Record<string, string | number>} fields
 * @param {{again: () => Promise<unknown>, undoAt: string}} page how to show the page again, and where acts are undone
 * @returns {Promise<string>} the act that undoes it, empty when nothing was done
 */
export async function act(address, fields, page) {
  try {
    const { said, undo = '', ok, busy } = await send(address, fields);
    const back = undo && (() => act(page.undoAt, { act: undo }, page));
    say(ok ? (back ? 'undo' : 'done') : 'problem', { values: { text: said }, undo: back || undefined });
    if (!busy) await page.again();
    return undo;
  } catch (error) {
    console.error(error);
    say('unreached');
    return '';
  }
}
