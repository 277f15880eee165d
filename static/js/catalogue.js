/**
 * The catalogue on this phone: read for every answer, brought up to date in one transaction. For the worker only.
 *
 * The snapshot is stored as JSON text. Reading it in a worker that was just started takes 16 ms for 320
 * exhibitors, half of what the same object takes, because structured clones are slower to read than JSON.
 */
import { alone } from './alone.js';
import { downloadJSON } from './download.js';
import { Catalogue } from './index.js';
import { merge, whole } from './changes.js';
import { begun, first, forget, rest } from './packed.js';
import { release } from './shell.js';
import { received, settings } from './store.js';
import { unpack } from './unpack.js';

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
  return alone('catalogue', async (lock) => {
    if (!lock) return;
    const stored = await received.get();
    // Another release may expect more of a record than the changes since would bring: it takes everything once.
    const newer = stored?.release === release ? await changed(stored) : await everything();
    if (newer) await replace(newer);
    await settings.set('checked', new Date().toISOString());
  }, { ifAvailable: true });
}

/** What a worker is installed with: the catalogue, or of a large fair its list; the rest comes by and by. */
export async function begin() {
  const { parts } = await (await first()).json();
  if (!parts?.length) await update();
}

/** The newest snapshot, downloaded whole; after a failure the next attempt goes on from there. */
async function everything() {
  try {
    const head = await (await first()).json();
    if (!Array.isArray(head.parts)) throw new Error('not ours');
    return whole(unpack(head, await rest(head.parts)));
  } catch (error) {
    if (!error.goesOn) await forget();
    throw error;
  }
}

/** The stored snapshot with what changed since, or whole again when that cannot be had; undefined when it is the newest. */
async function changed(stored) {
  const snapshot = JSON.parse(stored.snapshot);
  const { facts = '' } = snapshot;
  const changes = JSON.parse(await downloadJSON(`/api/catalogue/changes?since=${stored.seq}&facts=${facts}`, { cache: 'no-cache' }));
  if (!Number.isInteger(changes.seq)) throw new Error('not ours');
  // Another server of the fair may answer at this name, in the hall and outside: a position is one in its own log.
  if (changes.log !== snapshot.log) return everything();
  if (changes.seq === stored.seq && changes.facts === facts && !changes.whole) return undefined;
  return merge(snapshot, changes) ?? everything();
}

/** What can be said while a large fair is still coming: its list. @returns {Promise<Catalogue | undefined>} */
export async function listed() {
  const answer = await begun().catch(() => undefined);
  return answer && new Catalogue(whole(unpack(await answer.json())));
}

async function replace(snapshot) {
  const { seq, log } = snapshot;
  await settings.set('log', [log, seq]);
  await received.put({ seq, release, snapshot: JSON.stringify(snapshot), stored: new Date().toISOString() });
  await forget();
  held = Promise.resolve(new Catalogue(snapshot));
  news.postMessage(seq);
}
