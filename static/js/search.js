/**
 * Search over all languages at once: one field, typed as people type.
 * Twin of companion/catalogue/search.py, where fields, weights and ranking are explained.
 */

import { MOST_PAIRS, put, translations } from "./aligned.js";
import { latin, plain, words } from "./fold.js";
import { Lexicon, NAME, PLACE, PRODUCT, SILENT, TEXT, TOPIC } from "./lexicon.js";

const LONGEST_QUERY = 200, MOST_WORDS = 8;
const WEIGHT = [[NAME, 64], [PRODUCT, 32], [PLACE, 16], [TOPIC, 8], [TEXT, 2]];
const WEIGHTS = Uint8Array.from({ length: 32 }, (_, mask) =>
  WEIGHT.reduce((sum, [field, weight]) => (mask & field ? sum + weight : sum), 0));
const FIELD_BITS = 5;
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
  #index;

  /** @param {object} snapshot */
  constructor(snapshot) {
    this.#snapshot = snapshot;
  }

  /** Exhibitors that answer `q`, best first; only the first 200 characters count. @param {string} q @returns {Hit[]} */
  find(q) {
    const typed = plain([...q.slice(0, 2 * LONGEST_QUERY)].slice(0, LONGEST_QUERY).join(""));
    if (!typed) return [];
    this.#index ??= new Index(this.#snapshot);
    return this.#index.find(typed);
  }
}

/** Postings: per word, one after another, `exhibitor << 5 | fields` of each exhibitor it stands in. */
class Index {
  #lexicon = new Lexicon();
  #codes;
  #exhibitorsAt = new Map();
  #numbered = new Map();
  #starts;
  #postings;
  #means = new Map();

  constructor(snapshot) {
    const exhibitors = [...snapshot.exhibitors].sort((a, b) => (a.code < b.code ? -1 : 1));
    this.#codes = exhibitors.map(({ code }) => code);
    exhibitors.forEach(({ booths = [] }, at) => {
      for (const booth of booths) {
        const key = squeezed(plain(booth));
        add(this.#exhibitorsAt, key, at);
        add(this.#numbered, key.replace(/^[^0-9]+/, ""), at);
      }
    });
    this.#post(snapshot, exhibitors);
    const languages = this.#pairs(snapshot, exhibitors);
    this.#lexicon.close();
    this.#learn(languages);
  }

  #post(snapshot, exhibitors) {
    const lexicon = this.#lexicon;
    const found = [];
    exhibitors.forEach((exhibitor, at) => {
      const fields = new Map();
      for (const [field, text] of texts(snapshot, exhibitor)) {
        for (const word of lexicon.read(text)) fields.set(word, fields.get(word) | field);
      }
      for (const [word, mask] of fields) {
        found.push(word, (at << FIELD_BITS) | mask);
        lexicon.reach[word] |= mask;
      }
    });
    this.#starts = new Uint32Array(lexicon.words.length + 1);
    for (let i = 0; i < found.length; i += 2) this.#starts[found[i] + 1] += 1;
    for (let word = 0; word < lexicon.words.length; word += 1) this.#starts[word + 1] += this.#starts[word];
    const next = this.#starts.slice();
    this.#postings = new Uint32Array(found.length / 2);
    for (let i = 0; i < found.length; i += 2) this.#postings[next[found[i]]++] = found[i + 1];
  }

  /** Texts that say the same, as word numbers, once each; one list per two languages. */
  #pairs(snapshot, exhibitors) {
    const languages = new Map();
    for (const row of aligned(snapshot, exhibitors)) {
      const codes = Object.keys(row).sort();
      codes.forEach((one, n) => {
        for (const other of codes.slice(n + 1)) {
          const key = `${one} ${other}`;
          if (!languages.has(key)) languages.set(key, new Map());
          languages.get(key).set(`${row[one]}\n${row[other]}`, [row[one], row[other]]);
        }
      });
    }
    return [...languages.values()].map((pairs) =>
      [...pairs.values()].slice(0, MOST_PAIRS).map((pair) => pair.map((text) => this.#lexicon.read(text))));
  }

  #learn(languages) {
    const lexicon = this.#lexicon;
    for (const pairs of languages) {
      const bare = pairs.map((pair) => pair.map((text) => text.map((number) => lexicon.bare(number))));
      for (const [word, others] of translations(bare, (one, other) => lexicon.alike(one, other))) {
        for (const [other, surely] of others) put(this.#means, word, other, surely);
      }
    }
  }

  /** @param {string} typed @returns {Hit[]} */
  find(typed) {
    const booths = this.#atBooth(typed);
    if (booths.size) return [...booths].sort((a, b) => a - b).map((at) => ({ code: this.#codes[at], score: BOOTH }));
    const total = new Int32Array(this.#codes.length);
    const answered = new Uint8Array(this.#codes.length);
    this.#addEachWord(words(typed), total, answered);
    const most = answered.reduce((a, b) => Math.max(a, b), 0);
    const coded = this.#codes.indexOf(typed.replaceAll(" ", "").replace(/[oil]/g, (letter) => CROCKFORD[letter]).toUpperCase());
    const found = [];
    for (let at = 0; at < total.length; at += 1) {
      const score = (most && answered[at] === most ? total[at] : 0) + (at === coded ? CODE : 0);
      if (score) found.push({ at, score });
    }
    found.sort((a, b) => b.score - a.score || a.at - b.at);
    return found.map(({ at, score }) => ({ code: this.#codes[at], score }));
  }

  /** Who stands at the booth a query names. @param {string} typed @returns {Set<number>} */
  #atBooth(typed) {
    const read = latin(typed.replace(/[ابجدهوف]/g, (letter) => BOOTH_LETTERS[letter]));
    const whole = this.#exhibitorsAt.get(squeezed(read));
    if (whole) return new Set(whole);
    return new Set([...read.matchAll(BOOTH_CODE)].flatMap(([code]) => this.#exhibitorsAt.get(squeezed(code)) ?? []));
  }

  #addEachWord(typed, total, answered) {
    const isNumber = (word) => /^[0-9]+$/.test(word);
    const told = typed.some(isNumber) ? typed.filter((word) => !BOOTH_WORDS.has(word)) : typed;
    const counted = [...new Set(told)].filter((word) => !SILENT.has(word)).slice(0, MOST_WORDS);
    for (const word of counted) {
      const { best, fields } = this.#scores(word, this.#nearest(word, word === told.at(-1)));
      for (let at = 0; at < total.length; at += 1) {
        if (!best[at]) continue;
        total[at] += best[at] + WEIGHTS[fields[at]];
        answered[at] += 1;
      }
    }
  }

  #scores(word, near) {
    const best = new Int32Array(this.#codes.length);
    const fields = new Uint8Array(this.#codes.length);
    for (const at of this.#numbered.get(squeezed(word)) ?? []) best[at] = NUMBER;
    for (const [number, nearness] of near) {
      for (let i = this.#starts[number]; i < this.#starts[number + 1]; i += 1) {
        const at = this.#postings[i] >> FIELD_BITS;
        const mask = this.#postings[i] & 31;
        fields[at] |= mask;
        best[at] = Math.max(best[at], nearness * WEIGHTS[mask]);
      }
    }
    return { best, fields };
  }

  /** Words of the catalogue a typed word may be, and what those mean elsewhere. */
  #nearest(word, last) {
    const lexicon = this.#lexicon;
    const telling = (found) => [...found.keys()].some((number) => lexicon.telling(number));
    let near = lexicon.exact(word);
    const known = telling(near);
    if (last || word.length > 2) near = new Map([...lexicon.begun(word, last), ...near]);
    if (!known) near = new Map([...lexicon.guesses(word, last, !telling(near)), ...near]);
    return word.length > 2 || known ? this.#withMeanings(near) : near;
  }

  #withMeanings(near) {
    const found = new Map(near);
    for (const [number, nearness] of near) {
      for (const [other, surely] of this.#means.get(number) ?? []) {
        const meant = Math.floor((nearness * TRANSLATED * surely) / 10000);
        found.set(other, Math.max(meant, found.get(other) ?? 0));
      }
    }
    return found;
  }
}

/** @param {Map<string, number[]>} table */
function add(table, key, at) {
  if (!table.has(key)) table.set(key, []);
  table.get(key).push(at);
}

/** A booth's code without spaces and leading zeros. @param {string} code */
const squeezed = (code) => code.replaceAll(" ", "").replace(/(?<![0-9])0+(?=[0-9])/g, "");

/** [field, text] of everything an exhibitor is found by. */
function* texts(snapshot, exhibitor) {
  const { products = [], labels = [], certifications = [] } = exhibitor;
  yield* spread(NAME, exhibitor.name);
  for (const product of products) yield* spread(PRODUCT, product.name);
  yield* spread(PLACE, snapshot.communes[exhibitor.commune]?.name);
  yield* spread(PLACE, snapshot.provinces[exhibitor.province]);
  yield [PLACE, exhibitor.commune_text ?? ""];
  yield* spread(TOPIC, snapshot.sectors[exhibitor.sector]?.name);
  yield* spread(TOPIC, snapshot.kinds[exhibitor.kind]);
  for (const label of labels) yield* spread(TOPIC, snapshot.labels[label]);
  for (const slug of certifications) yield* spread(TOPIC, snapshot.certifications[slug]);
  yield* spread(TEXT, exhibitor.about);
}

const spread = (field, row = {}) => Object.values(row).map((text) => [field, text]);

/** Short texts that say the same in several languages. */
function* aligned(snapshot, exhibitors) {
  for (const table of ["kinds", "provinces", "labels", "certifications"]) yield* Object.values(snapshot[table]);
  for (const table of ["sectors", "communes"]) yield* Object.values(snapshot[table]).map(({ name }) => name);
  for (const { products = [] } of exhibitors) yield* products.map(({ name }) => name);
  for (const { name } of exhibitors) yield name;
}
