/** The programme by days, and one workshop. Twin of companion/visitors/page_programme.py. */
import { href, page, param } from './ask.js';
import { agendaOf, session, spoken } from './cards.js';
import { excerpt, local, words } from './format.js';
import { ical } from './ical.js';
import { missing } from './page_missing.js';

const ICS = /\.ics$/i;

/**
 * `/programme`: one day's workshops. Without a (known) day: today, else the next day of the fair, else the first. An
 * unknown room or language counts as not given. `mine` holds the codes of the visitor's agenda.
 */
export function programme(catalogue, ask) {
  const { gettext: _, lang } = ask;
  const { days, workshops } = catalogue;
  const rooms = catalogue.places.filter(({ code }) => workshops.some((workshop) => workshop.room === code));
  const tongues = ['ar', 'zgh', 'fr', 'en', 'es'].filter((code) => workshops.some((workshop) => speaks(workshop, code)));
  const room = rooms.some(({ code }) => code === param(ask, 'room')) ? param(ask, 'room') : '';
  const tongue = tongues.includes(param(ask, 'lang')) ? param(ask, 'lang') : '';
  const today = days.find(({ date }) => date >= ask.now.slice(0, 10)) ?? days[0];
  const { date: day = '' } = days.find(({ date }) => date === param(ask, 'day')) ?? today ?? {};
  const kept = { day, room, lang: tongue, mine: param(ask, 'mine') };
  const link = (change) => href(ask, '/programme', { ...kept, ...change });
  const agenda = agendaOf(catalogue, kept.mine);
  const found = workshops.filter((one) => (!room || one.room === room) && (!tongue || speaks(one, tongue)));
  return page(catalogue, ask, 'programme', _('Programme'), {
    days: days.map(({ date, label, short }) => ({
      date,
      label: local(label, lang),
      short: local(short, lang),
      href: link({ day: date }),
      current: date === day,
      count: found.filter((one) => one.date === date).length,
    })),
    sessions: found.filter((one) => one.date === day).map((one) => session(catalogue, ask, one, agenda)),
    rooms: rooms.map(({ code, label }) => ({
      code, name: local(label, lang), href: link({ room: code === room ? '' : code }), selected: code === room,
    })),
    spoken: tongues.map((code) => ({
      code,
      name: spoken(ask, [code])[0],
      href: link({ lang: code === tongue ? '' : code }),
      selected: code === tongue,
    })),
    all_href: link({ room: '', lang: '' }),
  });
}

const speaks = ({ languages = [] }, code) => languages.includes(code);

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
