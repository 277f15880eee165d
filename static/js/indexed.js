/**
 * What exhibitors are found by: their words in all languages, and what each word means in the others.
 * Twin of companion/catalogue/indexed.py.
 */

import { MOST_PAIRS, put, translations } from "./aligned.js";
import { Lexicon, NAME, PLACE, PRODUCT, TEXT, TOPIC } from "./lexicon.js";
import { own } from "./own.js";

export const FIELD_BITS = 5;

/** The exhibitors of a snapshot in the order of their codes, and the words they are found by. */
export class Index {
  lexicon = new Lexicon();
  /** Per word, `exhibitor << 5 | fields` of each exhibitor it stands in, one word after another. @type {Uint32Array} */
  postings;
  /** Where a word's postings start. @type {Uint32Array} */
  starts;
  /** Words of other languages a word stands for, and how surely, of 100. @type {Map<number, Map<number, number>>} */
  means = new Map();

  /** @param {object} snapshot */
  constructor(snapshot) {
    this.exhibitors = [...snapshot.exhibitors].sort((a, b) => (a.code < b.code ? -1 : 1));
    const languages = this.#pairs(snapshot);
    this.#post(snapshot);
    this.lexicon.close();
    this.#learn(languages);
  }

  #post(snapshot) {
    const { reach, words } = this.lexicon;
    const found = [];
    this.exhibitors.forEach((exhibitor, at) => {
      const fields = new Map();
      for (const [field, text] of texts(snapshot, exhibitor)) {
        for (const word of this.lexicon.read(text)) fields.set(word, fields.get(word) | field);
      }
      for (const [word, mask] of fields) {
        found.push(word, (at << FIELD_BITS) | mask);
        reach[word] |= mask;
      }
    });
    this.starts = new Uint32Array(words.length + 1);
    for (let i = 0; i < found.length; i += 2) this.starts[found[i] + 1] += 1;
    for (let word = 0; word < words.length; word += 1) this.starts[word + 1] += this.starts[word];
    const next = this.starts.slice();
    this.postings = new Uint32Array(found.length / 2);
    for (let i = 0; i < found.length; i += 2) this.postings[next[found[i]]++] = found[i + 1];
  }

  /** Texts that say the same, as word numbers, once each; one list per two languages. */
  #pairs(snapshot) {
    const languages = new Map();
    for (const row of aligned(snapshot, this.exhibitors)) {
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
      [...pairs.values()].slice(0, MOST_PAIRS).map((pair) => pair.map((text) => this.lexicon.read(text))));
  }

  #learn(languages) {
    const lexicon = this.lexicon;
    for (const pairs of languages) {
      const bare = pairs.map((pair) => pair.map((text) => text.map((number) => lexicon.bare(number))));
      for (const [word, others] of translations(bare, (one, other) => lexicon.alike(one, other))) {
        for (const [other, surely] of others) put(this.means, word, other, surely);
      }
    }
  }
}

/** [field, text] of everything an exhibitor is found by. */
function* texts(snapshot, exhibitor) {
  const { products = [], labels = [], certifications = [] } = exhibitor;
  yield* spread(NAME, exhibitor.name);
  for (const product of products) yield* spread(PRODUCT, product.name);
  const places = [own(snapshot.communes, exhibitor.commune)?.name, own(snapshot.provinces, exhibitor.province)];
  for (const place of [...places, { "": exhibitor.commune_text ?? "" }]) {
    yield* spread(PLACE, place);
    yield* spread(PLACE, place).map(([field, text]) => [field, text.replaceAll(" ", "")]);
  }
  yield* spread(TOPIC, own(snapshot.sectors, exhibitor.sector)?.name);
  yield* spread(TOPIC, own(snapshot.kinds, exhibitor.kind));
  for (const label of labels) yield* spread(TOPIC, own(snapshot.labels, label));
  for (const slug of certifications) yield* spread(TOPIC, own(snapshot.certifications, slug));
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
