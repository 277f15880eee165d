/**
 * The outbox: every change a person makes on this phone, on the disk before anything says “saved”, until the server's
 * answer names it. Nothing else takes it out: no sign-out, no other language, no new version, no erased fair.
 *
 * `BroadcastChannel('outbox')` tells every page when something changed; read `all()` again then.
 *
 * @typedef {object} Edit
 * @property {string} id
 * @property {string} kind
 * @property {string} record
 * @property {string} stamp
 * @property {Record<string, unknown>} fields by field path
 * @property {Record<string, string | null>} base the stamp of the value the author saw, by field path
 * @property {string[]} [settles] the edits whose conflict it settles
 * @property {string} [secret] of the request it takes back (see request.js)
 *
 * @typedef {object} Item
 * @property {string} id the edit's
 * @property {Edit} edit
 * @property {string} as who acted: `visitor`, `exhibitor:K7M2P`, `staff:amina`; sent only while signed in as that one
 * @property {string} at ISO time of the act, by the phone's clock
 * @property {number} order of the acts
 * @property {'waiting'|'sending'|'refused'|'signin'} state
 * @property {string} [problem] why it was refused, a code of companion/sync/problems.py
 * @property {string} [field] the field that is wrong, when it is one
 * @property {string[]} [logs] of what was delivered before and is offered again: the names of the logs it was given to
 * @property {string} [delivered] ISO time of its first delivery
 * @property {[log: string, seq: number]} [after] set aside until the log is another or has grown beyond this position: what was
 *   offered again belongs to a record that the server does not have yet
 * @property {boolean} [closed] of a count (see tally.js): it was sent once and grows no more
 */
import { backoff } from './backoff.js';
import { announce, deliver, forgetCopies, GATHER } from './sender.js';
import { isStamp, nextStamp } from './stamps.js';
import { mine, outbox } from './store.js';
import { uuid, word } from './uuid.js';

const FORMAT = 1;
const LARGEST = 20_000; // characters of one edit, as the server takes it
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Who may be named as an author; of staff what companion/accounts/people.py allows as a name. */
export const AUTHOR = /^(visitor|exhibitor:[\w.@-]{1,80}|staff:(?=.{1,60}$)[\p{L}\p{N}_.'’-]+( [\p{L}\p{N}_.'’-]+)*)$/u;

/** @returns {Promise<Item[]>} everything not yet delivered, in the order of the acts */
export const all = () => outbox.all();

/**
 * Put a change into the outbox and start sending. Resolves when it is on the disk: only then may a form be cleared.
 * @param {{kind: string, record?: string, fields: Record<string, unknown>, base?: Record<string, string | null>,
 *   settles?: string[], as?: string, secret?: string}} change a new record needs no id; `base` as in {@link Edit}
 * @param {object} [kept] a record of the visitor's own, written in the same transaction; its `id` is the record's
 * @param {{instead?: boolean}} [more] instead: of everything else the outbox has for this record, as an erasure wants
 * @returns {Promise<Edit>}
 * @throws {DOMException} QuotaExceededError when the phone is full; the outbox is as it was
 */
export async function put({ kind, record = uuid(), fields, base = {}, settles, as = 'visitor', secret }, kept, { instead = false } = {}) {
  const node = as === 'visitor' ? 'phone' : await word('node');
  const id = uuid(); // the same when the work is done twice
  const edit = await outbox.change(async (out, mine) => {
    const items = (await out.getAll()).filter((item) => item.id !== id);
    const before = items.filter((item) => item.edit.record === record);
    const stamp = nextStamp(node, Date.now(), [...Object.values(base), ...before.map((item) => item.edit.stamp)]);
    if (instead) for (const item of before) await out.delete(item.id);
    if (kind === 'erase') await forgetCopies(mine, record);
    const made = { id, kind, record, stamp, fields, base, ...(settles && { settles }), ...(secret && { secret }) };
    await out.put(item(made, as, items));
    if (kept) await mine.put({ ...kept, id: record });
    return made;
  });
  navigator.storage?.persist?.(); // now there is something to lose
  changed();
  return edit;
}

const item = (edit, as, items, at = new Date().toISOString()) => ({
  id: edit.id, edit, as, at, order: 1 + Math.max(0, ...items.map(({ order }) => order)), state: 'waiting',
});

/**
 * Send a refused edit again, with other values: the record is the same, the edit a new one.
 * @param {string} id of the refused one
 * @param {Record<string, unknown>} [fields] the whole of them
 * @param {object} [kept] as for {@link put}
 * @returns {Promise<Edit | undefined>} undefined when it is no longer refused
 */
export async function again(id, fields, kept) {
  const fresh = uuid(); // the same when the work is done twice
  const edit = await outbox.change(async (out, mine) => {
    const done = await out.get(fresh);
    if (done) return done.edit;
    const old = await out.get(id);
    if (old?.state !== 'refused') return undefined;
    const stamp = nextStamp(old.edit.stamp.split('-')[2], Date.now(), [old.edit.stamp]);
    const made = { ...old.edit, id: fresh, stamp, fields: fields ?? old.edit.fields };
    await out.delete(id);
    await out.put({ ...item(made, old.as, []), order: old.order });
    if (kept) await mine.put({ ...kept, id: made.record, secret: (await mine.get(['request', made.record]))?.secret });
    return made;
  });
  changed();
  return edit;
}

/**
 * Throw a refused edit away, because the person said so.
 * @param {string} id
 * @returns {Promise<(() => Promise<void>) | undefined>} puts it back; undefined when it is not refused
 */
export async function discard(id) {
  const [old, kept] = await outbox.change(async (out, mine) => {
    const old = await out.get(id);
    if (old?.state !== 'refused') return [];
    const key = ['request', old.edit.record];
    const kept = await mine.get(key);
    await out.delete(id);
    if (kept && !kept.delivered) await mine.delete(key);
    return [old, kept];
  });
  changed();
  return old && (async () => {
    await outbox.change(async (out, mine) => {
      await out.put(old);
      if (kept) await mine.put(kept);
    });
    changed();
  });
}

/** The outbox as the text of a file. Counts stay: they are nobody's work. @param {Date} made when */
export async function write(made) {
  const secrets = new Map((await mine.all('request')).map(({ id, secret }) => [id, secret]));
  const items = (await all()).filter(({ edit }) => edit.kind !== 'tally')
    .map(({ edit, as, at }) => ({ edit, as, at, secret: secrets.get(edit.record) }));
  return JSON.stringify({ rafiq_outbox: FORMAT, made: made.toISOString(), items });
}

/**
 * Add the edits of a file to the outbox; those it has already stay as they are, and those delivered already are known
 * to the server. One that cannot be read stops no other.
 * @param {string} text
 * @returns {Promise<{count: number, refused: string}>} how many were new; the places in the file, and the authors, of those
 *   that cannot be read
 * @throws {Error} `message` is the key of the words that say why (see say.js)
 */
export async function bring(text) {
  const { good: brought, refused } = read(text);
  const count = await outbox.change(async (out, mine) => {
    let added = 0;
    for (const { edit, as, at, secret } of brought) {
      const items = await out.getAll();
      if (items.some(({ id }) => id === edit.id)) continue;
      await out.put(item(edit, as, items, at));
      added += 1;
      const key = ['request', edit.record];
      if (edit.kind === 'request' && edit.fields.exhibitor && !(await mine.get(key))) {
        await mine.put({ type: 'request', id: edit.record, at, fields: edit.fields, title: edit.fields.exhibitor, secret });
      }
    }
    return added;
  });
  changed();
  return { count, refused };
}

function read(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('outbox-broken');
  }
  if (file?.rafiq_outbox > FORMAT) throw new Error('backup-newer');
  const items = file?.rafiq_outbox === FORMAT && Array.isArray(file.items) ? file.items : [];
  const good = items.filter(readable);
  if (items.length ? !good.length : !Array.isArray(file?.items)) throw new Error('outbox-broken');
  const named = (item, place) => (readable(item) ? '' : [place + 1, String(item?.as ?? '').slice(0, 80)].filter(Boolean).join(' '));
  return { good, refused: items.map(named).filter(Boolean).join(' · ') };
}

/** @param {any} item */
function readable(item) {
  const { edit, as, at } = item ?? {};
  const { id, kind, record, stamp, fields, base, settles = [], secret = '', ...more } = edit ?? {};
  const plain = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  return [id, record].every((each) => ID.test(each)) && /^[a-z]{1,20}$/.test(kind) && isStamp(stamp) && plain(fields) &&
    plain(base) && Array.isArray(settles) && typeof secret === 'string' && !Object.keys(more).length && AUTHOR.test(as) && !Number.isNaN(Date.parse(at)) &&
    JSON.stringify(edit).length <= LARGEST;
}

let failures = 0;
let timer;
let wanted = false;
let soonest = 0; // by the page's own clock, which nobody sets
/** @type {Promise<void> | undefined} */
let sending;

/**
 * Send what there is now, whatever was tried before. Never waits for `navigator.onLine`, which is true on a hotspot that
 * leads nowhere. Goes on trying by itself afterwards: after 1 s, at last every 5 minutes.
 * @returns {Promise<void>} resolves when the attempt is over
 */
export function send() {
  wanted = true;
  sending ??= attempts().finally(() => { sending = undefined; });
  return sending;
}

async function attempts() {
  clearTimeout(timer);
  /** @type {import('./sender.js').Sent} */
  let sent = { failed: false, wait: 0 };
  while (wanted) {
    wanted = false;
    sent = await deliver().catch((error) => {
      console.warn('The outbox cannot be sent.', error);
      return { failed: true, wait: 0 };
    });
    if (sent.log && (await recall(sent.log).catch(console.info))) wanted = true;
  }
  failures = sent.failed ? failures + 1 : 0;
  soonest = performance.now() + sent.wait;
  clearTimeout(timer);
  timer = setTimeout(send, sent.failed ? Math.max(backoff(failures), sent.wait) : GATHER);
}

/** Send, unless the server asked to be left alone for a while. */
const wake = () => performance.now() >= soonest && send();

function changed() {
  announce();
  wake();
  // The browser may wake the worker when the network is back; only Chromium does, so nothing relies on it.
  navigator.serviceWorker?.ready.then(({ sync }) => sync?.register('outbox')).catch(() => {});
}

/**
 * Offer what was delivered to a log that never had it.
 * @param {[log: string, seq: number]} [known] where the log stands; looked up when it is not given
 * @param {string} [who] who is signed in
 * @returns {Promise<number>} how many edits are to be sent
 */
export async function recall(known, who) {
  if (!(await outbox.copies()) && !(await outbox.all()).some(({ after }) => after)) return 0;
  const { offer } = await import('./offering.js');
  return offer(known, who);
}

const look = () => recall().then((count) => count && changed(), console.info);

let started = false;

/** Keep sending while this page is open. */
export function start() {
  if (started) return;
  started = true;
  look();
  document.addEventListener('rafiq:state', look);
  addEventListener('online', wake);
  addEventListener('pageshow', (event) => event.persisted && wake());
  document.addEventListener('visibilitychange', () => document.hidden || wake());
  wake();
}
