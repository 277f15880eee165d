/**
 * Sends what is in the outbox. Runs in pages and in the service worker; a Web Lock lets one of them at a time, over all
 * tabs, windows and the worker. (Where there are no locks, on plain http, two may send the same: the server knows an
 * edit by its id and takes it once.) Whoever is killed at any step leaves the outbox as it was, and the next one sends
 * the same edits under the same ids.
 */
import { alone } from './alone.js';
import { area, outbox, SENT } from './store.js';
import { judge, PASSING } from './verdict.js';
import { word } from './uuid.js';

const MOST = 500; // edits in one POST
const LARGEST = 900_000; // characters of one POST, about
const PATIENCE = 20_000; // ms for an answer, and more for what takes long to send:
const SLOWEST = 5; // characters a millisecond

/** Why what is offered again is refused while the record it belongs to is newer than the backup. */
const MISSING = ['exhibitor_unknown', 'exhibitor_withdrawn', 'no_right'];

/** How long counts of pages seen are gathered before they are sent, ms. */
export const GATHER = 10 * 60_000;

const news = new BroadcastChannel('outbox');
/** Tell every page of this phone that the outbox is another than it was. */
export const announce = () => news.postMessage('changed');

/** Fewer on a network that does not carry as many in time. */
let most = MOST;

/**
 * @typedef {object} Sent
 * @property {boolean} failed something is left that another attempt may deliver
 * @property {number} wait ms the server asked to wait
 * @property {[log: string, seq: number]} [log] the name of the log that took something last, and its position
 */

/**
 * Send everything that can be sent, once.
 * @param {{patience?: number}} [more] ms to wait for an answer
 * @returns {Promise<Sent>}
 */
export function deliver({ patience = PATIENCE } = {}) {
  return alone('outbox', () => run(patience));
}

async function run(patience) {
  const sent = { failed: false, wait: 0 };
  const tried = new Set();
  for (;;) {
    const all = await outbox.all();
    const ready = all.filter((item) => item.state !== 'refused' && !item.after && !tried.has(item.id) && !gathering(item));
    if (!ready.length) return sent;
    for (const { id } of ready) tried.add(id);
    for (const group of grouped(ready)) await sendGroup(group, patience, sent);
  }
}

/** A count still open; the clock may have been set back meanwhile. @param {import('./outbox.js').Item} item */
const gathering = ({ edit, at, closed }) => edit.kind === 'tally' && !closed && Math.abs(Date.now() - Date.parse(at)) < GATHER;

/** What may travel together: of one author; counts on their own, so that nothing says who asked what and looked where. */
const whose = ({ as, edit }) => `${as} ${edit.kind === 'tally'}`;

function grouped(items) {
  const groups = new Map();
  for (const item of items) groups.set(whose(item), [...(groups.get(whose(item)) ?? []), item]);
  return [...groups.values()];
}

/** Send the edits of one author, a batch after the other; what one batch meets says whether to go on. */
async function sendGroup(items, patience, sent) {
  const batches = cut(items);
  while (batches.length) {
    const batch = batches.shift();
    await mark(batch, 'sending').catch((error) => {
      if (batch.some(({ edit }) => edit.kind === 'tally')) throw error; // it may still grow: only closed ones go
    });
    const verdict = await post(batch, patience);
    await settle(batch, verdict);
    sent.log = verdict.log ?? sent.log;
    sent.wait = Math.max(sent.wait, verdict.wait);
    if (verdict.what === 'split' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      batches.unshift(batch.slice(0, middle), batch.slice(middle));
    } else if (verdict.what === 'again' || verdict.what === 'split') {
      sent.failed = true;
      if (verdict.what === 'again') return;
    } else if (verdict.what === 'signin') {
      return mark(items, 'signin');
    } else if (batch.some(({ id }) => passing(verdict.outcomes.get(id)))) {
      sent.failed = true;
    }
  }
}

const passing = (outcome) => !outcome || PASSING.includes(outcome.problem);

/** Batches of at most `most` edits and about `LARGEST` characters. */
function cut(items) {
  const batches = [[]];
  let size = 0;
  for (const item of items) {
    const length = JSON.stringify(item.edit).length;
    if (batches.at(-1).length >= most || (size + length > LARGEST && size)) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1).push(item);
    size += length;
  }
  return batches;
}

/** How much of who signed in is on this phone alone, for the office's board. @param {number} [going] what is being sent */
export async function left(going = 0) {
  const [items, pictures] = await Promise.all([outbox.all(), area.all('pictures')]);
  return Math.max(0, items.filter(({ as }) => as !== 'visitor').length + pictures.filter(({ sent }) => !sent).length - going);
}

/** Visitors' edits go without cookies: whoever was signed in on this phone, and however that ended, is another matter. */
async function post(batch, patience) {
  const [{ as }] = batch;
  const visitor = as === 'visitor';
  const body = JSON.stringify({ edits: batch.map(({ edit }) => edit), device: await word('device'), ...(!visitor && { author: as }) });
  const silence = new AbortController();
  const late = setTimeout(() => silence.abort(), patience + body.length / SLOWEST);
  let answer;
  try {
    const response = await fetch('/api/edits', {
      method: 'POST', body,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...(!visitor && { 'rafiq-device': `- ${await left(batch.length)} -` }) },
      cache: 'no-store', redirect: 'error', credentials: visitor ? 'omit' : 'same-origin', signal: silence.signal,
    });
    const header = (name) => response.headers.get(name) ?? '';
    answer = { status: response.status, type: header('content-type'), after: header('retry-after'), text: await response.text() };
    most = MOST;
  } catch {
    if (silence.signal.aborted) most = Math.max(1, most >> 2);
  } finally {
    clearTimeout(late);
  }
  return judge(answer, batch.map(({ id }) => id));
}

/** Give items a state, unless the person took them away meanwhile. */
async function mark(items, state) {
  await outbox.change(async (out) => {
    for (const { id } of items) {
      const item = await out.get(id);
      if (item && item.state !== 'refused') await out.put({ ...item, state, ...(item.edit.kind === 'tally' && { closed: true }) });
    }
  });
  announce();
}

/** Take out what the answer names; in the same transaction the person's own list learns of it. */
async function settle(batch, verdict) {
  const { outcomes, log } = verdict;
  await outbox.change(async (out, mine) => {
    for (const { id } of batch) {
      const item = await out.get(id);
      if (!item) continue;
      const { state, problem = '', field = '' } = outcomes.get(id) ?? {};
      if (!state || PASSING.includes(problem)) await out.put({ ...item, state: 'waiting' });
      else if (state === 'refused' && item.delivered && MISSING.includes(problem)) await out.put({ ...item, state: 'waiting', problem, field, after: log });
      else if (state === 'refused' && item.edit.kind !== 'tally') await out.put({ ...item, state, problem, field });
      else {
        await out.delete(id);
        if (state !== 'refused') await delivered(mine, item, log);
      }
    }
  });
  announce();
}

/**
 * What the visitor asked is delivered; what was erased is gone everywhere now. The edit stays on the phone as a copy, with
 * the names of the logs that have it: a server set back to an older backup gives its log another name and is offered it again,
 * see offering.js.
 */
async function delivered(mine, item, log) {
  const { id, edit: { kind, record }, logs = [], delivered: first } = item;
  const now = new Date().toISOString();
  if (kind === 'erase') await forgetCopies(mine, record);
  await mine.put({ type: 'sent', id, item: { ...item, delivered: first ?? now }, at: now, logs: log ? [...new Set([...logs, log[0]])] : logs });
  const kept = await mine.get(['request', record]);
  if (!kept) return;
  if (kind === 'erase') await mine.delete(['request', record]);
  else await mine.put({ ...kept, delivered: now });
}

/** An erased record leaves no copies but that of its erasure. */
export async function forgetCopies(mine, record) {
  for (const { id, item: { edit } } of await mine.getAll(SENT)) {
    if (edit.record === record && edit.kind !== 'erase') await mine.delete(['sent', id]);
  }
}
