/**
 * What a visitor keeps. Only the phone knows it; it asks for this page with its codes.
 * Twin of companion/visitors/page_mine.py.
 */
import { href, page, param } from './ask.js';
import { agendaOf, card, listed, session } from './cards.js';

const MOST = 400;

/**
 * `/mine`. codes: bookmarked exhibitors; visited: exhibitors; agenda: workshops. What is no longer in the catalogue
 * stands in `gone` (exhibitors) and `lost` (workshops) by its code: the phone knows what it was called.
 */
export function mine(catalogue, ask) {
  const { gettext: _ } = ask;
  const asked = listed(param(ask, 'codes'), MOST);
  const kept = exhibitors(catalogue, asked);
  const visited = exhibitors(catalogue, listed(param(ask, 'visited'), MOST));
  const agenda = agendaOf(catalogue, param(ask, 'agenda'));
  agenda.sort((a, b) => compare(a.date, b.date) || compare(a.start, b.start) || compare(a.code, b.code));
  const homes = kept.filter((exhibitor) => !visited.includes(exhibitor)).map((exhibitor) => catalogue.home(exhibitor));
  const stops = homes.filter(Boolean).map(({ code }) => code);
  return page(catalogue, ask, 'mine', _('My list'), {
    cards: kept.map((exhibitor) => card(catalogue, ask, exhibitor)),
    visited: visited.map(({ code }) => code),
    sessions: agenda.map((workshop) => session(catalogue, ask, workshop, agenda)),
    gone: asked.filter((code) => !catalogue.exhibitor(code)),
    lost: listed(param(ask, 'agenda'), 100).filter((code) => !catalogue.workshop(code)),
    map_href: stops.length ? href(ask, '/map', { stops: stops.slice(0, 40).join(',') }) : '',
  });
}

const compare = (a, b) => (a < b ? -1 : Number(a > b));

/** The exhibitors of these codes, in order, each once; unknown codes are skipped. */
const exhibitors = (catalogue, codes) => [
  ...new Set(codes.map((code) => catalogue.exhibitor(code)).filter(Boolean)),
];
