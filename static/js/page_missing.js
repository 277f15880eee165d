/** The page that says something is not here, and offers what is near. Twin of companion/visitors/page_missing.py. */
import { page } from './ask.js';
import { card } from './cards.js';
import { tidy } from './format.js';
import { typed } from './index.js';

const NUMBERED = /^([A-Z]+)([0-9]{1,6})$/;

/** The three holders of booths of the same letter whose numbers are closest to one that does not exist. */
function neighbours(catalogue, asked) {
  const [, letter, number] = NUMBERED.exec(typed(asked)) ?? [];
  const near = [];
  for (const booth of catalogue.booths) {
    const [, there, other] = NUMBERED.exec(booth.code) ?? [];
    const exhibitor = catalogue.holder(booth);
    if (letter && there === letter && exhibitor) near.push([Math.abs(+other - +number), booth.code, exhibitor]);
  }
  near.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
  return [...new Set(near.map(([, , exhibitor]) => exhibitor))].slice(0, 3);
}

/** Up to three cards for a code or words that led nowhere. */
export function suggestions(catalogue, ask, asked) {
  const near = neighbours(catalogue, asked);
  return (near.length ? near : catalogue.find(asked).slice(0, 3)).map((exhibitor) => card(catalogue, ask, exhibitor));
}

/** 404. what: 'booth', 'exhibitor', 'workshop' or 'page'; asked: the code or path as it was typed. */
export function missing(catalogue, ask, what, asked) {
  const { gettext: _ } = ask;
  const shown = tidy(asked, 40);
  const near = what === 'page' ? [] : suggestions(catalogue, ask, shown);
  return page(catalogue, ask, 'missing', _('Not found'), { what, asked: shown, suggestions: near }, 404);
}
