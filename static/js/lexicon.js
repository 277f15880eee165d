/**
 * Every word of a catalogue once, and the ways a typed word finds them.
 * Twin of companion/catalogue/lexicon.py; what finds how near is explained there.
 */

import { outline, skeletons, stem, words } from "./fold.js";
import { letters, missing, mistakes } from "./mistakes.js";

const EXACT = 100, ATTACHED = 90;
const SKELETON = 60, SHORT_SKELETON = 50, BEGUN_SKELETON = 35;
const ONE_MISTAKE = 50, TWO_MISTAKES = 40, BEGUN_MISTAKE = 30;
const BOTH = 75;
const MARGIN = 10;
const NAME = 1, PRODUCT = 2, PLACE = 4, TOPIC = 8, TEXT = 16;
export { NAME, PRODUCT, PLACE, TOPIC, TEXT };
export const SILENT = new Set(
  words(
    "à al au aux avec ce ces chez d dans de des du el elle en est et il ils elles j l la le les leur leurs m n ne " +
      "nos notre nous on ou par pas pour qu que qui s sa sans se ses son sont sur t un une vos votre vous y " +
      "من في على إلى عن مع هذا هذه التي الذي أو ثم و ب ل ف ك ⵏ ⴷ ⴳ ⵙ ⵉ ⵖⵔ ⵙⴳ ⴰⴷ ⴷⴰ ⵖⴼ the of and for with in to a an",
  ),
);
const PREFIXED = /^[وفبكل](?=[ا-ي]{3})/;

/** Words of a catalogue: read all texts first, then `close()`, then look words up. */
export class Lexicon {
  /** @type {string[]} */ words = [];
  /** Per word, the fields it stands in, as bits. @type {number[]} */ reach = [];
  /** @type {Map<string, number>} */ #numbers = new Map();
  /** @type {string[][]} */ #spellings = [];
  /** @type {Map<string, number[]>} */ #read = new Map();
  /** @type {string[]} */ #sorted;
  /** @type {Int32Array} */ #letters;
  /** @type {string[][]} */ #sounds;
  /** @type {Map<string, number[]>} */ #keys = new Map();
  /** @type {string[]} */ #sortedKeys;
  /** @type {Map<number, number>} */ #bare = new Map();
  /** @type {Map<number, number[]>} */ #attached = new Map();

  /** Numbers of a text's words in order, silent words left out. @param {string} text */
  read(text) {
    const numbers = [];
    for (const chunk of text.split(" ")) {
      let known = this.#read.get(chunk);
      if (!known) {
        const spellings = words(chunk);
        if (spellings.length > 1 && spellings[0].length <= 2) spellings.push(spellings.join(""));
        known = spellings.filter((word) => !SILENT.has(word)).map((word) => this.#number(word));
        this.#read.set(chunk, known);
      }
      for (const number of known) numbers.push(number);
    }
    return numbers;
  }

  /** @param {string} word */
  #number(word) {
    const root = stem(word);
    let number = this.#numbers.get(root);
    if (number === undefined) {
      number = this.words.push(root) - 1;
      this.#numbers.set(root, number);
      this.reach.push(0);
      this.#spellings.push([]);
    }
    if (!this.#spellings[number].includes(word)) this.#spellings[number].push(word);
    return number;
  }

  /** Prepare look-ups once all is read and `reach` is known; no new word is read afterwards. */
  close() {
    this.#sorted = [...this.words].sort();
    this.#letters = Int32Array.from(this.words, letters);
    this.#sounds = this.words.map((_, number) => this.#sound(number));
    this.#sounds.forEach((keys, number) => keys.forEach((key) => add(this.#keys, key, number)));
    this.#sortedKeys = [...this.#keys.keys()].sort();
    this.words.forEach((word, number) => {
      const bare = PREFIXED.test(word) ? this.#numbers.get(word.slice(1)) : undefined;
      if (bare === undefined) return;
      this.#bare.set(number, bare);
      add(this.#attached, bare, number);
    });
  }

  /** Skeletons of all spellings of a word that tells; nobody guesses at the others. @param {number} number */
  #sound(number) {
    return this.telling(number) ? [...new Set(this.#spellings[number].flatMap(skeletons))] : [];
  }

  /** The word without an attached conjunction or preposition, where the catalogue has it. @param {number} number */
  bare(number) {
    return this.#bare.get(number) ?? number;
  }

  /** Whether two words sound the same, as a name does in two scripts. @param {number} one @param {number} other */
  alike(one, other) {
    return this.#sounds[one].some((key) => this.#sounds[other].includes(key));
  }

  /** Whether a word stands anywhere but in long texts. @param {number} number */
  telling(number) {
    return (this.reach[number] & ~TEXT) !== 0;
  }

  /** {number: nearness} of a folded word itself, whatever is attached to it. @param {string} word */
  exact(word) {
    const number = this.#numbers.get(stem(word)) ?? (PREFIXED.test(word) ? this.#numbers.get(word.slice(1)) : undefined);
    const found = new Map();
    if (number === undefined) return found;
    found.set(number, EXACT);
    for (const other of this.#attached.get(number) ?? []) found.set(other, ATTACHED);
    return found;
  }

  /** Words that begin so, nearer the less is missing. @param {string} word @param {boolean} last being typed */
  begun(word, last) {
    const found = new Map();
    if (word.length < 2 || /^[0-9]+$/.test(word)) return found;
    for (const longer of beginning(this.#sorted, word)) {
      found.set(this.#numbers.get(longer), (last ? 50 : 20) + Math.floor((40 * word.length) / longer.length));
    }
    return found;
  }

  /**
   * Words it may stand for when it is not one itself.
   * @param {string} word @param {boolean} last @param {{sure: boolean, begins: boolean}} known in texts; begins words
   */
  guesses(word, last, { sure, begins }) {
    const found = this.#sounding(word, last, !sure);
    if (!sure && !begins) {
      for (const [number, nearness] of this.#misspelt(word, last)) {
        found.set(number, (found.get(number) ?? 0) >= SHORT_SKELETON ? BOTH : nearness);
      }
    }
    const nearest = Math.max(0, ...found.values());
    return new Map([...found].filter(([, nearness]) => nearness > nearest - MARGIN));
  }

  /** @param {string} word @param {boolean} last @param {boolean} short */
  #sounding(word, last, short) {
    const found = new Map();
    for (const key of skeletons(word)) {
      const isShort = key.includes(".");
      if (isShort && !short) continue;
      for (const number of this.#keys.get(key) ?? []) {
        const other = this.words[number];
        const fits = isShort ? isArabic(other) !== isArabic(word) : sameVowels(word, other);
        const nearness = isShort ? SHORT_SKELETON : SKELETON;
        if (fits) found.set(number, Math.max(nearness, found.get(number) ?? 0));
      }
      if (!last || isShort) continue;
      for (const more of beginning(this.#sortedKeys, key)) {
        for (const number of more === key ? [] : this.#keys.get(more)) {
          if (isArabic(this.words[number]) !== isArabic(word) && !found.has(number)) found.set(number, BEGUN_SKELETON);
        }
      }
    }
    return found;
  }

  /** @param {string} word @param {boolean} last */
  #misspelt(word, last) {
    const found = new Map();
    const allowed = word.length < 4 || /[0-9]/.test(word) ? 0 : word.length < 7 ? 1 : 2;
    if (!allowed) return found;
    const own = letters(word);
    this.#letters.forEach((others, number) => {
      if (missing(own, others) > allowed || !this.telling(number)) return;
      const other = this.words[number];
      if (other[0] !== word[0] && other[0] !== word[1] && other[1] !== word[0]) return;
      const [whole, begun] = mistakes(word, other);
      if (whole <= allowed) found.set(number, whole === 1 ? ONE_MISTAKE : TWO_MISTAKES);
      else if (last && begun === 1 && word.length > 5) found.set(number, BEGUN_MISTAKE);
    });
    return found;
  }
}

/** @template K @param {Map<K, number[]>} table @param {K} key @param {number} number */
export function add(table, key, number) {
  const row = table.get(key);
  if (row) row.push(number);
  else table.set(key, [number]);
}

/** Those of an ordered list that begin so. @param {string[]} ordered @param {string} start */
function* beginning(ordered, start) {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle] < start) low = middle + 1;
    else high = middle;
  }
  for (; low < ordered.length && ordered[low].startsWith(start); low += 1) yield ordered[low];
}

/** @param {string} one @param {string} other */
function sameVowels(one, other) {
  if (isArabic(one) === isArabic(other)) return isArabic(one) || outline(one) === outline(other);
  const [latin, arabic] = isArabic(one) ? [outline(other), outline(one)] : [outline(one), outline(other)];
  return [..."iu"].every((vowel) => !arabic.includes(vowel) || latin.includes(vowel));
}

const isArabic = (word) => word >= "\u0600";
