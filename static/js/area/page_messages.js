/** What the fair's team says to exhibitors, with its age; and the workshops this phone marked. */
import { onFair } from '../clock.js';
import { local, words } from '../format.js';
import { mine } from '../store.js';
import { catalogue, clock, texts } from './words.js';

/** Notices that hold now, the newest first, and the workshops of the phone's agenda. */
export async function heard(me, lang) {
  const { fair = {}, workshops = [], places = [] } = await catalogue();
  const now = onFair(new Date(), fair).slice(0, 16);
  const notices = me.all('notice')
    .filter(({ fields }) => !fields.ends || fields.ends.slice(0, 16) >= now)
    .map((row) => ({ id: row.id, title: local(texts(row, 'title'), lang), body: local(texts(row, 'body'), lang), urgency: row.fields.urgency ?? 'info', starts: row.fields.starts ?? '', age: age(row) }))
    .sort((a, b) => (a.starts < b.starts ? 1 : -1));
  const marked = new Set((await mine.all('agenda')).map(({ id }) => id));
  const room = (code) => words(places.find((one) => one.code === code)?.label, lang) || code;
  const sessions = workshops.filter(({ code }) => marked.has(code)).map((one) => ({
    href: `/${lang}/programme/${one.code}`, title: local(one.title, lang), when: `${one.date.slice(8)}/${one.date.slice(5, 7)} ${one.start}`, room: room(one.room), status: one.status,
  }));
  return { notices, sessions };
}

/** When it was written: the time in the newest of its stamps. */
function age({ stamps }) {
  const newest = Object.values(stamps).sort().at(-1);
  return newest ? clock(new Date(Number(newest.slice(0, 13))).toISOString()) : '';
}

export const make = async (me, lang) => ({ template: 'messages', context: { ...(await heard(me, lang)), programme_href: `/${lang}/programme` } });
