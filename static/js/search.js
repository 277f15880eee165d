/**
 * Search over all languages at once: one field, typed as people type.
 * Twin of companion/catalogue/search.py, where fields, weights and ranking are explained.
 */

import { latin, plain, words } from "./fold.js";
import { FIELD_BITS, Index } from "./indexed.js";
import { add, NAME, PLACE, PRODUCT, SILENT, TEXT, TOPIC } from "./lexicon.js";

const LONGEST_QUERY = 200, MOST_WORDS = 8;
const WEIGHT = [[NAME, 64], [PRODUCT, 32], [PLACE, 16], [TOPIC, 8], [TEXT, 2]];
const WEIGHTS = Uint8Array.from({ length: 32 }, (_, mask) =>
  WEIGHT.reduce((sum, [field, weight]) => (mask & field ? sum + weight : sum), 0));
const TRANSLATED = 80;
const BOOTH = 2 ** 22, CODE = 2 ** 21, NUMBER = 2 ** 16;

const BOOTH_LETTERS = { ا: "a", ب: "b", ج: "c", د: "d", ه: "e", و: "f", ف: "f" };
const BOOTH_CODE = /(?:^| )([a-z]{1,2}) ?([0-9]{1,4})(?= |$)/g;
const BOOTH_WORDS = new Set(words("stand booth kiosque box numéro no n رواق جناح رقم ⴰⴳⵎⵎⴰⴹ ⵓⵟⵟⵓⵏ"));
const CROCKFORD = { o: "0", i: "1", l: "1" };

/** @typedef {{code: string, score: number}} Hit */

/** Search over one public snapshot. Building is left to the first question. */
export class Search {
  #snapshot;
  /** @type {Index} */ #index;
  #codes;
  #booths = new Map();
  #numbered = new Map();

  /** @param {object} snapshot */
  constructor(snapshot) {
    this.#snapshot = snapshot;
  }

  #build() {
    this.#index = new Index(this.#snapshot);
    this.#codes = this.#index.exhibitors.map(({ code }) => code);
    this.#index.exhibitors.forEach(({ booths = [] }, at) => {
      for (const booth of booths) {
        const key = squeezed(plain(booth));
        add(this.#booths, key, at);
        add(this.#numbered, key.replace(/^[^0-9]+/, ""), at);
      }
    });
  }

  /** Exhibitors that answer `q`, best first; only the first 200 characters count. @param {string} q @returns {Hit[]} */
  find(q) {
    const typed = plain([...q.slice(0, 2 * LONGEST_QUERY)].slice(0, LONGEST_QUERY).join(""));
    if (!typed) return [];
    if (!this.#index) this.#build();
    const coded = this.#codes.indexOf(
      typed.replaceAll(" ", "").replace(/[oil]/g, (letter) => CROCKFORD[letter]).toUpperCase(),
    );
    const named = coded >= 0 && /[0-9]/.test(typed) ? [coded] : this.#atBooth(typed);
    const scores = named.length ? this.#standing(named) : this.#byWords(words(typed));
    if (coded >= 0) scores[coded] += CODE;
    const hits = this.#codes.map((code, at) => ({ code, score: scores[at] })).filter(({ score }) => score);
    return hits.sort((a, b) => b.score - a.score);
  }

  /** Who stands at the booth a query names, alone or among other words. @param {string} typed @returns {number[]} */
  #atBooth(typed) {
    const read = latin(typed.replace(/[ابجدهوف]/g, (letter) => BOOTH_LETTERS[letter]));
    const codes = [read, ...Array.from(read.matchAll(BOOTH_CODE), ([code]) => code)].map(squeezed);
    return this.#booths.get(codes.find((code) => this.#booths.has(code))) ?? [];
  }

  #standing(exhibitors) {
    const scores = new Int32Array(this.#codes.length);
    for (const at of exhibitors) scores[at] = BOOTH;
    return scores;
  }

  /** Scores of those that have all the words, or else most of them; 0 for the others. @param {string[]} typed */
  #byWords(typed) {
    const isNumber = (word) => /^[0-9]+$/.test(word);
    const told = typed.some(isNumber) ? typed.filter((word) => !BOOTH_WORDS.has(word)) : typed;
    const counted = [...new Set(told)].filter((word) => !SILENT.has(word)).slice(0, MOST_WORDS);
    const total = new Int32Array(this.#codes.length);
    const answered = new Uint8Array(this.#codes.length);
    for (const word of counted) this.#addScores(word, this.#nearest(word, word === told.at(-1)), total, answered);
    const most = answered.reduce((a, b) => Math.max(a, b), 0);
    return total.map((score, at) => (answered[at] === most ? score : 0));
  }

  /** The best word decides; the fields of all words tell equals apart. */
  #addScores(word, near, total, answered) {
    const { postings, starts } = this.#index;
    const best = new Int32Array(total.length);
    const fields = new Uint8Array(total.length);
    for (const at of this.#numbered.get(squeezed(word)) ?? []) best[at] = NUMBER;
    for (const [number, nearness] of near) {
      for (let i = starts[number]; i < starts[number + 1]; i += 1) {
        const at = postings[i] >> FIELD_BITS;
        const mask = postings[i] & 31;
        fields[at] |= mask;
        best[at] = Math.max(best[at], nearness * WEIGHTS[mask]);
      }
    }
    for (let at = 0; at < total.length; at += 1) {
      if (!best[at]) continue;
      total[at] += best[at] + WEIGHTS[fields[at]];
      answered[at] += 1;
    }
  }

  /** Words of the catalogue a typed word may be, and what those mean elsewhere. */
  #nearest(word, last) {
    const { lexicon } = this.#index;
    const telling = (found) => [...found.keys()].some((number) => lexicon.telling(number));
    const exact = lexicon.exact(word);
    const known = telling(exact);
    let near = last || word.length > 2 ? new Map([...lexicon.begun(word, last), ...exact]) : exact;
    if (!known) {
      const guesses = lexicon.guesses(word, last, { sure: exact.size > 0, begins: telling(near) });
      near = new Map([...guesses, ...near]);
    }
    return word.length > 2 || known ? this.#withMeanings(near) : near;
  }

  #withMeanings(near) {
    const found = new Map(near);
    for (const [number, nearness] of near) {
      for (const [other, surely] of this.#index.means.get(number) ?? []) {
        const meant = Math.floor((nearness * TRANSLATED * surely) / 10000);
        found.set(other, Math.max(meant, found.get(other) ?? 0));
      }
    }
    return found;
  }
}

/** A booth's code without spaces and leading zeros. @param {string} code */
const squeezed = (code) => code.replace(/(?<![0-9])0+(?=[0-9])/g, "").replaceAll(" ", "");
