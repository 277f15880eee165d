/**
 * The catalogue: search, filters with counts, and what to try when nothing is found.
 * Twin of companion/visitors/page_exhibitors.py.
 */
import { href, page, param } from './ask.js';
import { card } from './cards.js';
import { local, tidy } from './format.js';
import { FILTERS, tally } from './index.js';

const BROWSED = 400;
const SEARCHED = 60;

/**
 * `/exhibitors`. A filter with a value nobody has counts as not given, so an old link still shows something; a page
 * number that is none, or past the end, shows the first page. When the search is a booth's number, that booth's
 * exhibitor is `booth_hit`, whatever the filters, and not among the others.
 */
export function exhibitors(catalogue, ask) {
  const { gettext: _, lang } = ask;
  const q = tidy(param(ask, 'q'));
  const given = FILTERS.filter((name) => catalogue.counts[name].has(param(ask, name)));
  const chosen = Object.fromEntries(given.map((name) => [name, param(ask, name)]));
  const hit = q && catalogue.booth(q);
  const holder = hit && catalogue.holder(hit);
  const records = q ? catalogue.find(q) : catalogue.inOrder(lang);
  const { found, counts } = sift(catalogue, records.filter((record) => record !== holder), chosen);
  const size = q ? SEARCHED : BROWSED;
  const number = pageNumber(param(ask, 'page'), found.length, size);
  const more = number * size < found.length && { q, ...chosen, page: String(number + 1) };
  const shown = found.slice((number - 1) * size, number * size);
  return page(catalogue, ask, 'exhibitors', _('Exhibitors'), {
    q,
    filters: FILTERS.map((name) => filter(catalogue, ask, name, q, chosen, counts[name])),
    active: given.length,
    clear_href: href(ask, '/exhibitors', { q }),
    total: found.length,
    cards_found: shown.map((record) => card(catalogue, ask, record)),
    more_href: more ? href(ask, '/exhibitors', more) : '',
    booth_hit: holder ? card(catalogue, ask, holder) : null,
    suggestions: found.length ? [] : suggestions(catalogue, ask, q, chosen, counts),
  });
}

function pageNumber(text, total, size) {
  const number = /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : 1;
  return (number - 1) * size < total ? number : 1;
}

/**
 * The records that pass every chosen filter, in order, and for each filter how many there would be under each of its
 * values, and '' for any value, with the other filters as they are: a record counts where no other refuses it.
 */
function sift(catalogue, records, chosen) {
  const found = [];
  const counts = Object.fromEntries(FILTERS.map((name) => [name, new Map()]));
  for (const record of records) {
    const refused = Object.keys(chosen).filter((name) => !catalogue.values(record, name).includes(chosen[name]));
    if (!refused.length) found.push(record);
    for (const name of FILTERS) {
      if (refused.every((other) => other === name)) tally(counts[name], ['', ...catalogue.values(record, name)]);
    }
  }
  return { found, counts };
}

/** One filter. The link of the chosen option takes the filter away, any other sets it. */
function filter(catalogue, ask, name, q, chosen, counts) {
  const { gettext: _, lang } = ask;
  const labels = {
    sector: _('Sector'), kind: _('Type'), province: _('Province'), zone: _('Pavilion'),
    label: _('Label (quality sign)'),
  };
  const value = chosen[name] ?? '';
  return {
    name,
    label: labels[name],
    options: catalogue.options(name).map((option) => ({
      value: option,
      name: local(catalogue.texts(name, option), lang),
      count: counts.get(option) ?? 0,
      selected: option === value,
      href: narrowed(ask, q, chosen, name, option === value ? '' : option),
    })),
    chosen: value ? local(catalogue.texts(name, value), lang) : null,
  };
}

/** The list with one filter set, or without it; parameters always in the same order. */
function narrowed(ask, q, chosen, name, value) {
  const wanted = { ...chosen, [name]: value };
  return href(ask, '/exhibitors', { q, ...Object.fromEntries(FILTERS.map((name) => [name, wanted[name]])) });
}

/** Ways out of an empty list: one filter less where that finds something, else the six largest sectors. */
function suggestions(catalogue, ask, q, chosen, counts) {
  const named = (name, value, address, without) => {
    const text = local(catalogue.texts(name, value), ask.lang);
    return text ? [{ ...text, href: address, without }] : [];
  };
  const helpful = Object.keys(chosen).filter((name) => counts[name].get(''));
  const fewer = helpful.flatMap((name) => named(name, chosen[name], narrowed(ask, q, chosen, name, ''), true));
  if (fewer.length) return fewer;
  return catalogue.options('sector').slice(0, 6)
    .flatMap((code) => named('sector', code, href(ask, '/exhibitors', { sector: code }), false));
}
