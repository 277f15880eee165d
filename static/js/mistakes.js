/** How many typing mistakes lie between two words. Twin of companion/catalogue/mistakes.py. */

/**
 * [mistakes between two words, the fewest between the first and any beginning of the second]: letters left out, added,
 * changed, or two neighbours swapped (Damerau-Levenshtein, optimal string alignment).
 * @param {string} typed @param {string} word @returns {[number, number]}
 */
export function mistakes(typed, word) {
  let before = [];
  let above = Array.from({ length: word.length + 1 }, (_, j) => j);
  for (let i = 1; i <= typed.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= word.length; j += 1) {
      const changed = above[j - 1] + (typed[i - 1] === word[j - 1] ? 0 : 1);
      let cost = Math.min(above[j] + 1, row[j - 1] + 1, changed);
      const swapped = i > 1 && j > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2] + 1);
      row.push(cost);
    }
    [before, above] = [above, row];
  }
  return [above[word.length], Math.min(...above)];
}

/** The letters of a word as bits. @param {string} word */
export function letters(word) {
  let bits = 0;
  for (let i = 0; i < word.length; i += 1) bits |= 1 << (word.charCodeAt(i) & 31);
  return bits;
}

/** How many letters one word has that the other has not, at least: most words are told apart by it alone. */
export function missing(bits, others) {
  let left = bits & ~others;
  let count = 0;
  for (; left; left &= left - 1) count += 1;
  return count;
}
