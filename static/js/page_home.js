/** The first page: what happens today, what there is. Twin of companion/visitors/page_home.py. */
import { href, page } from './ask.js';
import { clock, sectors, session, span } from './cards.js';
import { local, words } from './format.js';

const URGENCY = ['urgent', 'warning', 'info'];

/** `/` */
export function home(catalogue, ask) {
  const { fair, exhibitors, workshops } = catalogue;
  const { lang } = ask;
  const { day, sessions } = upcoming(catalogue, ask);
  return page(catalogue, ask, 'home', words(fair.name, lang), {
    phase: phase(catalogue, ask),
    day: local(day?.label, lang),
    today: day?.date === ask.now.slice(0, 10),
    sessions,
    notices: notices(catalogue, ask),
    sectors: sectors(catalogue, ask),
    counts: {
      exhibitors: exhibitors.length,
      workshops: workshops.length,
      products: exhibitors.reduce((sum, { products = [] }) => sum + products.length, 0),
    },
    theme: local(fair.theme, lang),
    organisers: (fair.organisers ?? []).map(({ role, name }) => ({ role, name: local(name, lang) })),
    hours: fair.open && fair.close ? `${fair.open}–${fair.close}` : '',
    search_href: href(ask, '/exhibitors'),
  });
}

/** 'before' the fair's first day, 'during' its days and those between them, or 'after' the last. */
function phase({ days }, { now }) {
  const today = now.slice(0, 10);
  if (!days.length || today < days[0].date) return 'before';
  return today <= days.at(-1).date ? 'during' : 'after';
}

/**
 * The first day with a workshop still to come, and up to six of that day: those not over first, then those that are.
 * After the last workshop: the last day, and nothing.
 */
function upcoming(catalogue, ask) {
  const { days, workshops } = catalogue;
  const now = clock(ask);
  const over = (workshop) => span(workshop)[1] <= now;
  const day = days.find(({ date }) => workshops.some((workshop) => workshop.date === date && !over(workshop)));
  if (!day) return { day: days.at(-1), sessions: [] };
  const ofDay = workshops.filter((workshop) => workshop.date === day.date).sort((a, b) => +over(a) - +over(b));
  return { day, sessions: ofDay.slice(0, 6).map((workshop) => session(catalogue, ask, workshop, [])) };
}

/** Notices of this moment, most urgent first. Before the fair also those to come: they help to prepare. */
function notices(catalogue, ask) {
  const early = phase(catalogue, ask) === 'before';
  return (catalogue.snapshot.notices ?? [])
    .filter(({ starts = '', ends = '9999' }) => (early || starts.slice(0, 16) <= ask.now) && ask.now < ends.slice(0, 16))
    .sort((a, b) => URGENCY.indexOf(a.urgency ?? 'info') - URGENCY.indexOf(b.urgency ?? 'info'))
    .map(({ title, body, urgency = 'info' }) => ({ title: local(title, ask.lang), body: local(body, ask.lang), urgency }));
}
