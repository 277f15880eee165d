/** The programme by days, and one workshop. Twin of companion/visitors/page_programme.py. */
import { href, page, param } from './ask.js';
import { agendaOf, session, spoken } from './cards.js';
import { excerpt, local, words } from './format.js';
import { ical } from './ical.js';
import { missing } from './page_missing.js';

const ICS = /\.ics$/i;

const TONGUES = ['ar', 'zgh', 'fr', 'en', 'es'];

/**
 * `/programme`: one day's workshops. Without a (known) day: today, else the next day of the fair, else the first. An
 * unknown room or language counts as not given. `mine` holds the codes of the visitor's agenda.
 */
export function programme(catalogue, ask) {
  const { gettext: _, lang } = ask;
  const kept = keptOf(catalogue, ask);
  const agenda = agendaOf(catalogue, kept.mine);
  const found = catalogue.workshops.filter((one) => fits(one, kept.room, kept.lang));
  return page(catalogue, ask, 'programme', _('Programme'), {
    days: catalogue.days.map((day) => dayOf(ask, day, kept, found)),
    sessions: found.filter((one) => one.date === kept.day).map((one) => session(catalogue, ask, one, agenda)),
    rooms: roomsOf(catalogue).map((room) => ({
      name: local(room.label, lang), ...choice(ask, kept, 'room', room.code),
    })),
    langs: tonguesOf(catalogue).map((code) => ({
      name: spoken(ask, [code])[0], ...choice(ask, kept, 'lang', code),
    })),
  });
}

/** What the visitor chose, as far as it makes sense; every link of the page keeps it. */
function keptOf(catalogue, ask) {
  const dates = catalogue.days.map(({ date }) => date);
  const today = dates.find((date) => date >= ask.now.slice(0, 10)) ?? dates[0] ?? '';
  const rooms = roomsOf(catalogue).map(({ code }) => code);
  const known = (name, values, otherwise = '') => (values.includes(param(ask, name)) ? param(ask, name) : otherwise);
  return {
    day: known('day', dates, today), room: known('room', rooms), lang: known('lang', tonguesOf(catalogue)),
    mine: param(ask, 'mine'),
  };
}

const fits = (workshop, room, lang) => (
  (!room || workshop.room === room) && (!lang || (workshop.languages ?? []).includes(lang)));

/** The places where there is a workshop, in the order of the plan. */
const roomsOf = ({ places, workshops }) => places.filter(({ code }) => workshops.some((one) => fits(one, code, '')));

/** The languages there is a workshop in. */
const tonguesOf = ({ workshops }) => TONGUES.filter((code) => workshops.some((one) => fits(one, '', code)));

const dayOf = (ask, { date, label, short }, kept, found) => ({
  date,
  label: local(label, ask.lang),
  short: local(short, ask.lang),
  href: href(ask, '/programme', { ...kept, day: date }),
  current: date === kept.day,
  count: found.filter((one) => one.date === date).length,
});

/** A room or language to choose; the link of the chosen one takes it away. */
function choice(ask, kept, name, code) {
  const selected = kept[name] === code;
  return { code, href: href(ask, '/programme', { ...kept, [name]: selected ? '' : code }), selected };
}

/** `/programme/<ID>` and `/programme/<ID>.ics`. */
export function workshop(catalogue, ask, code) {
  const record = catalogue.workshop(code.replace(ICS, ''));
  if (!record) return missing(catalogue, ask, 'workshop', code);
  if (ICS.test(code)) {
    const body = ical(catalogue, ask, record);
    return { status: 200, type: 'text/calendar; charset=utf-8', filename: `${record.code}.ics`, body };
  }
  const there = { ...ask, path: `/programme/${record.code}` };
  const agenda = agendaOf(catalogue, param(ask, 'mine'));
  const room = catalogue.place(record.room);
  const title = words(record.title, ask.lang);
  const others = catalogue.workshops.filter((one) => one.date === record.date && one !== record);
  const answer = page(catalogue, there, 'workshop', title, {
    w: { ...session(catalogue, ask, record, agenda), abstract: local(record.abstract, ask.lang) },
    same_day: others.map((one) => session(catalogue, ask, one, agenda)),
    map_href: room ? href(ask, '/map', { to: room.code }) : '',
  });
  answer.context.description = excerpt(words(record.abstract, ask.lang)) || title;
  return answer;
}
