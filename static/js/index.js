/**
 * Look-ups over one public snapshot: what the visitors' pages ask of the catalogue.
 * Twin of companion/catalogue/index.py; both give the same answers for the same snapshot.
 */
import { own } from './own.js';
import { Floor } from './route.js';
import { Search } from './search.js';

export const FILTERS = ['sector', 'kind', 'province', 'zone', 'label'];

// Spelt out because \s is not the same set of characters in Python and in JavaScript.
const BETWEEN = /[\u0000-\u0020\u0085\u00a0\u00ad\u1680\u2000-\u2015\u2028-\u202f\u205f-\u2069\u3000\ufeff._-]+/g;
const LEADING_ZEROS = /(^|[^0-9])0+(?=[0-9])/g;

/** A code as people write it ("b-40", "B 40", "b٤٠"): capitals, Western digits, nothing in between. */
export const typed = (text) => text.replace(BETWEEN, '')
  .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15)
  .replace(/[a-z]+/g, (letters) => letters.toUpperCase());

/** What two spellings of a numbered code share: "B04" and "b 4" are both "B4". */
const loose = (code) => typed(code).replace(LEADING_ZEROS, '$1');

const byCode = (records) => new Map(records.map((record) => [record.code, record]));

/** Records by every spelling of their code; an exact code goes before another one's loose spelling. */
function bySpelling(records) {
  const spellings = new Map();
  for (const record of records) {
    if (!spellings.has(loose(record.code))) spellings.set(loose(record.code), record);
  }
  for (const record of records) spellings.set(typed(record.code), record);
  return spellings;
}

/** Counts every value once more. @param {Map<string, number>} counts @param {Iterable<string>} values */
export function tally(counts, values) {
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** One snapshot with its look-ups. It never changes: a new snapshot is a new Catalogue. */
export class Catalogue {
  #exhibitors; #places; #booths; #workshops; #search; #floor;

  constructor(snapshot) {
    this.snapshot = snapshot;
    this.fair = snapshot.fair;
    this.days = snapshot.fair.days ?? [];
    this.exhibitors = snapshot.exhibitors ?? [];
    this.workshops = snapshot.workshops ?? [];
    this.places = snapshot.places ?? [];
    this.booths = snapshot.booths ?? [];
    this.#exhibitors = byCode(this.exhibitors);
    this.#places = byCode(this.places);
    this.#booths = bySpelling(this.booths);
    this.#workshops = bySpelling(this.workshops);
    /** @type {Record<string, Map<string, number>>} how many exhibitors each value of each filter has */
    this.counts = Object.fromEntries(FILTERS.map((name) => [name, new Map()]));
    for (const name of FILTERS) {
      for (const exhibitor of this.exhibitors) tally(this.counts[name], this.values(exhibitor, name));
    }
  }

  /** Finds exhibitors by words; made when first asked for. */
  get search() { return this.#search ??= new Search(this.snapshot); }

  /** Finds ways between booths; made when first asked for. */
  get floor() { return this.#floor ??= new Floor(this.snapshot); }

  /** By its public code, or by one that was merged into it; O reads as 0, I and L as 1 (Crockford's base 32). */
  exhibitor(code) {
    const own = typed(code).replace(/O/g, '0').replace(/[IL]/g, '1');
    return this.#exhibitors.get(this.snapshot.moved?.[own] ?? own);
  }

  /** By its number however written: "B04", "b-4" and "b٤" are the same booth. */
  booth(code) { return this.#booths.get(typed(code)) ?? this.#booths.get(loose(code)); }

  /** By its code however written, as a booth. */
  workshop(code) { return this.#workshops.get(typed(code)) ?? this.#workshops.get(loose(code)); }

  /** A room, entrance or other place of the plan, by its exact code. */
  place(code) { return this.#places.get(code); }

  /** The exhibitor of a booth; undefined for a free one. */
  holder(booth) { return this.#exhibitors.get(booth.exhibitor); }

  /** An exhibitor's first booth on the plan; undefined when it has none. */
  home(exhibitor) {
    return this.#booths.get((exhibitor.booths ?? []).find((code) => this.#booths.has(code)));
  }

  /** Exhibitors that answer a search, best first. */
  find(q) {
    return this.search.find(q).map((hit) => this.#exhibitors.get(hit.code)).filter(Boolean);
  }

  /** All exhibitors in the language's alphabetical order (by code for a language without one). */
  inOrder(lang) {
    return this.snapshot.order?.[lang]?.map((index) => this.exhibitors[index]) ?? this.exhibitors;
  }

  /** What an exhibitor counts as under one of FILTERS; a label counts if any product carries it. */
  values(exhibitor, name) {
    const values = name === 'label'
      ? [...exhibitor.labels ?? [], ...(exhibitor.products ?? []).map((product) => product.label)] : [exhibitor[name]];
    return [...new Set(values)].filter(Boolean);
  }

  /** The names, by language, of one value of one of FILTERS. */
  texts(name, value) {
    const entry = own(this.snapshot[`${name}s`], value) ?? {};
    return name === 'sector' ? entry.name ?? {} : entry;
  }

  /** The values of one of FILTERS that some exhibitor has: zones by code, others by size, largest first. */
  options(name) {
    const size = (value) => (name === 'zone' ? 0 : this.counts[name].get(value));
    return [...this.counts[name].keys()].sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
  }

  /** How far two booths or places are from each other, centre to centre: to compare, not a length. */
  apart(one, other) {
    const x = 2 * one.x + one.w - (2 * other.x + other.w);
    const y = 2 * one.y + one.h - (2 * other.y + other.h);
    return x * x + y * y;
  }
}
