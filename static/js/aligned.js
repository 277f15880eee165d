/**
 * Which word of one language stands for which of another, learnt from texts that say the same.
 * Twin of companion/catalogue/aligned.py, where the method is explained.
 */

/** Pairs of texts read per pair of languages. */
export const MOST_PAIRS = 3000;
/** Of 100. Below, two words met by chance. */
const LEAST = 40;
/** Added to the share (of 1000) of words that sound the same. */
const ALIKE = 2000;
/** More than any catalogue has words: two word numbers make one key. */
const WIDE = 2 ** 24;

/**
 * For each word the words of the other language it stands for, and how surely (LEAST to 100), both ways.
 * @param {[number[], number[]][]} pairs texts as word numbers
 * @param {(one: number, other: number) => boolean} alike tells words that sound the same; those are linked first
 * @returns {Map<number, Map<number, number>>}
 */
export function translations(pairs, alike) {
  const texts = pairs.map(([left, right]) => [[...new Set(left)], [...new Set(right)]]);
  const seen = new Map();
  const together = new Map();
  for (const [left, right] of texts) {
    for (const word of left) count(seen, word);
    for (const word of right) count(seen, word);
    for (const a of left) for (const b of right) count(together, a * WIDE + b);
  }
  const share = (key, times, whole) =>
    Math.floor((2 * whole * times) / (seen.get(Math.floor(key / WIDE)) + seen.get(key % WIDE)));
  const sureness = new Map();
  for (const [key, times] of together) {
    sureness.set(key, share(key, times, 1000) + (alike(Math.floor(key / WIDE), key % WIDE) ? ALIKE : 0));
  }
  const linked = new Map();
  for (const [left, right] of texts) for (const key of links(left, right, sureness)) count(linked, key);
  const found = new Map();
  for (const [key, times] of linked) {
    const surely = sureness.get(key) >= ALIKE ? 100 : share(key, times, 100);
    if (surely < LEAST) continue;
    put(found, Math.floor(key / WIDE), key % WIDE, surely);
    put(found, key % WIDE, Math.floor(key / WIDE), surely);
  }
  return found;
}

/** The surest pairs first, each word once; where equally sure, in the order of the words. */
function links(left, right, sureness) {
  const ranked = left.flatMap((a, i) => right.map((b, j) => ({ i, j, key: a * WIDE + b })));
  ranked.sort((x, y) => sureness.get(y.key) - sureness.get(x.key) || x.i - y.i || x.j - y.j);
  const takenLeft = new Set();
  const takenRight = new Set();
  return ranked.filter(({ i, j }) => {
    if (takenLeft.has(i) || takenRight.has(j)) return false;
    takenLeft.add(i);
    takenRight.add(j);
    return true;
  }).map(({ key }) => key);
}

const count = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);

/** @param {Map<number, Map<number, number>>} table */
export function put(table, from, to, surely) {
  const row = table.get(from) ?? new Map();
  table.set(from, row.set(to, Math.max(surely, row.get(to) ?? 0)));
}
