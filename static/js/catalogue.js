/**
 * The catalogue on this phone: read for every answer, brought up to date in one transaction. For the worker only.
 *
 * The snapshot is stored as JSON text. Reading it in a worker that was just started takes 16 ms for 320
 * exhibitors, half of what the same object takes, because structured clones are slower to read than JSON.
 */
import { downloadJSON } from './download.js';
import { Catalogue } from './index.js';
import { merge, whole } from './changes.js';
import { release } from './shell.js';
import { received, settings } from './store.js';

const news = new BroadcastChannel('catalogue');
news.onmessage = () => { held = undefined; };

/** @type {Promise<Catalogue | undefined> | undefined} what `current` answers, for as long as the worker lives */
let held;

/** The catalogue to answer from; undefined while none is stored. @returns {Promise<Catalogue | undefined>} */
export async function current() {
  if (!held) {
    const reading = (held = received.get().then((stored) => stored && new Catalogue(JSON.parse(stored.snapshot))));
    const forget = () => { if (held === reading) held = undefined; };
    reading.then((catalogue) => catalogue || forget(), forget);
  }
  return held;
}

/**
 * Bring it up to date with the server; on any error the old one stays. One at a time over all workers and tabs:
 * whoever comes second leaves it to the first.
 */
export function update() {
  return navigator.locks.request('catalogue', { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const head = JSON.parse(await downloadJSON('/api/catalogue', { cache: 'no-cache' }));
    if (!Number.isInteger(head.seq) || !head.snapshot?.startsWith('/api/catalogue/')) throw new Error('not ours');
    const stored = await received.get();
    // Another release may expect more of a record than the changes since would bring: it takes everything once.
    if (stored?.release !== release) await replace(await everything(head));
    else if (stored.seq !== head.seq) await replace((await changed(stored, head)) ?? (await everything(head)));
    await settings.set('checked', new Date().toISOString());
  });
}

async function everything(head) {
  // Kept in IndexedDB, so not once more in the browser's cache; and a new release may shape the same seq anew.
  const text = await downloadJSON(head.snapshot, { cache: 'no-store' });
  const snapshot = whole(JSON.parse(text));
  if (snapshot.seq !== head.seq) throw new Error(`asked for ${head.seq}, got ${snapshot.seq}`);
  return [snapshot, text];
}

/** The stored snapshot with what changed since; undefined when that cannot be had. */
async function changed(stored, head) {
  if (head.seq < stored.seq) return undefined; // another server, or one restored from a backup
  const changes = JSON.parse(await downloadJSON(`/api/catalogue/changes?since=${stored.seq}`));
  const snapshot = merge(JSON.parse(stored.snapshot), changes);
  return snapshot && [snapshot, JSON.stringify(snapshot)];
}

async function replace([snapshot, text]) {
  const { seq } = snapshot;
  await received.put({ seq, release, snapshot: text, stored: new Date().toISOString() });
  held = Promise.resolve(new Catalogue(snapshot));
  news.postMessage(seq);
}
