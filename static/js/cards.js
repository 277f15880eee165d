/** What lists of exhibitors and workshops are made of. Twin of companion/visitors/cards.py. */
import { href } from './ask.js';
import { local, minutes, plain, tagged, words } from './format.js';
import { own } from './own.js';

const SOON = 60;
const DAY = 24 * 60;

/** The commune an exhibitor comes from, as named by the list of communes or else as its file wrote it. */
export function place({ snapshot }, exhibitor, lang) {
  const commune = own(snapshot.communes, exhibitor.commune);
  return commune ? local(commune.name, lang) : plain(exhibitor.commune_text ?? '', lang);
}

/** An exhibitor in a list. `distance` (metres) is a member only where it is known. */
export function card(catalogue, ask, exhibitor, distance) {
  const { code, booths = [], kind = '', sector = '', products = [] } = exhibitor;
  const { lang } = ask;
  const shown = {
    code,
    href: href(ask, `/e/${code}`),
    name: local(exhibitor.name, lang),
    kind: words(catalogue.texts('kind', kind), lang),
    sector,
    sector_name: local(catalogue.texts('sector', sector), lang),
    place: place(catalogue, exhibitor, lang),
    booths,
    booth_href: booths.length ? href(ask, '/map', { to: booths[0] }) : '',
    products: products.slice(0, 3).map((product) => local(product.name, lang)).filter(Boolean),
    labels: catalogue.values(exhibitor, 'label').length > 0,
  };
  return distance === undefined ? shown : { ...shown, distance };
}

/** The sectors that have exhibitors, the largest first. */
export const sectors = (catalogue, ask) => catalogue.options('sector').map((code) => ({
  code,
  name: local(catalogue.texts('sector', code), ask.lang),
  count: catalogue.counts.sector.get(code),
  href: href(ask, '/exhibitors', { sector: code }),
}));

/** Cards of the six exhibitors one reaches first on foot from a booth, with the distance. */
export function nearby(catalogue, ask, booth) {
  const near = new Map();
  for (const [code, metres] of catalogue.floor.near(booth.code, 8)) {
    const there = catalogue.booth(code);
    const exhibitor = there && catalogue.holder(there);
    if (exhibitor && !near.has(exhibitor.code)) near.set(exhibitor.code, card(catalogue, ask, exhibitor, metres));
  }
  return [...near.values()].slice(0, 6);
}

/** The names of languages, in the page's language; a code without a name is left out. */
export function spoken({ gettext: _, lang }, codes) {
  const names = new Map([
    ['ar', _('Arabic')], ['fr', _('French')], ['zgh', _('Tamazight')], ['en', _('English')], ['es', _('Spanish')],
  ]);
  return codes.filter((code) => names.has(code)).map((code) => tagged(names.get(code), lang, lang));
}

/** When a workshop starts and ends, in minutes(); one that ends past midnight ends the next day. */
export function span({ date, start, end }) {
  const [starts, ends] = [minutes(date, start), minutes(date, end)];
  return [starts, ends > starts ? ends : ends + DAY];
}

/** Whether a workshop takes place as announced. */
const confirmed = ({ status = 'confirmed' }) => status === 'confirmed';

/** Now, in minutes(). */
export const clock = ({ now }) => minutes(now.slice(0, 10), now.slice(11, 16));

/** 'past', 'now', 'next' (starts within the hour) or ''; what is cancelled or postponed is only ever past. */
function state(workshop, now) {
  const [starts, ends] = span(workshop);
  if (ends <= now) return 'past';
  if (!confirmed(workshop) || starts - now > SOON) return '';
  return starts <= now ? 'now' : 'next';
}

/** Whether a workshop overlaps another one of an agenda; cancelled and postponed ones take no time. */
function clashes(workshop, agenda) {
  if (!confirmed(workshop)) return false;
  const [starts, ends] = span(workshop);
  const others = agenda.filter((other) => other !== workshop && confirmed(other)).map(span);
  return others.some(([start, end]) => start < ends && starts < end);
}

/** A workshop in a list. mine: it is in the agenda; clash: it overlaps another one that is. */
export function session(catalogue, ask, workshop, agenda) {
  const { lang } = ask;
  const { code, date, start, end, status = 'confirmed', capacity = 0 } = workshop;
  const address = href(ask, `/programme/${code}`);
  const room = catalogue.place(workshop.room);
  const day = catalogue.days.find((day) => day.date === date);
  return {
    code, date, start, end, status, capacity,
    href: address,
    ics: `${address}.ics`,
    title: local(workshop.title, lang),
    speaker: local(workshop.speaker, lang),
    room: local(room?.label, lang),
    room_code: room?.code ?? '',
    day: local(day?.label, lang),
    languages: spoken(ask, workshop.languages ?? []),
    audience: local(own(catalogue.snapshot.audiences, workshop.audience), lang),
    state: state(workshop, clock(ask)),
    mine: agenda.includes(workshop),
    clash: clashes(workshop, agenda),
  };
}

/** The codes of a comma-separated parameter, each once, at most `longest` of them. */
export const listed = (text, longest) => [
  ...new Set(text.split(',').map((code) => code.replace(/^ +| +$/g, '')).filter(Boolean)),
].slice(0, longest);

/** The workshops a comma-separated parameter names, in order, each once; unknown codes are skipped. */
export const agendaOf = (catalogue, text) => [
  ...new Set(listed(text, 100).map((code) => catalogue.workshop(code)).filter(Boolean)),
];
