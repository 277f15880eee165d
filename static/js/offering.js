/**
 * Offers what was delivered to a log that never had it. Only a network tells of such a log, so the bundle of this module is
 * not stored beforehand.
 */
import { area, outbox, SENT, settings } from './store.js';

const KEPT = { most: 2000, size: 2_000_000, time: 14 * 86_400_000 }; // copies: number, characters, ms

const old = ({ delivered }) => Date.now() - Date.parse(delivered) > KEPT.time;

/** Copies are bounded in time, number and size: counts go first, then the oldest. */
async function prune(mine) {
  const rank = ({ item, at }) => `${item.edit.kind === 'tally' ? 0 : 1} ${at}`;
  let size = 0;
  for (const [place, { id, item }] of (await mine.getAll(SENT)).sort((a, b) => (rank(a) < rank(b) ? 1 : -1)).entries()) {
    size += JSON.stringify(item.edit).length;
    if (place >= KEPT.most || size > KEPT.size || old(item)) await mine.delete(['sent', id]);
  }
}

/**
 * Put into the outbox again what was delivered and a log of this name was never given: visitors' edits and those of who is
 * signed in, under the same ids and in the same order, before what is newer. Of what was offered and refused, since its
 * record is newer than the backup, the next attempt may come once the log has grown.
 * @param {[log: string, seq: number]} [known] the name of the log and the newest position of it that is known
 * @param {string} [who] who is signed in
 * @returns {Promise<number>} how many are to be sent
 */
export async function offer(known, who) {
  const [log, seq] = known ?? (await position());
  const author = who ?? (await area.get('area', 'state'))?.who;
  return outbox.change(async (out, mine) => {
    await prune(mine);
    const missing = (await mine.getAll(SENT)).filter(({ item: { as }, logs }) => !logs.includes(log) && (as === 'visitor' || as === author));
    missing.sort((a, b) => (a.at === b.at ? a.item.order - b.item.order : a.at < b.at ? -1 : 1));
    for (const [place, { id, item, logs }] of missing.entries()) {
      await out.put({ ...item, state: 'waiting', order: place - missing.length, logs: [...logs, log].slice(-20) });
      await mine.delete(['sent', id]);
      const { delivered: _, ...asked } = (await mine.get(['request', item.edit.record])) ?? {};
      if (asked.id) await mine.put(asked);
    }
    return missing.length + (await retried(out, log, seq));
  });
}

/** The worker notes with the catalogue where the log stands; without one it is asked for. */
async function position() {
  const noted = navigator.serviceWorker?.controller && await settings.get('log');
  if (noted) return noted;
  const { log, seq } = await (await fetch('/api/catalogue')).json();
  return [log, seq];
}

/** Those set aside wait no longer; after the time that copies are kept the person decides. */
async function retried(out, log, seq) {
  let count = 0;
  for (const { after, ...item } of await out.getAll()) {
    if (!after || (after[0] === log && after[1] >= seq)) continue;
    if (old(item)) await out.put({ ...item, state: 'refused' });
    else {
      await out.put({ ...item, state: 'waiting' });
      count += 1;
    }
  }
  return count;
}
