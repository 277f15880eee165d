/** My fair in numbers: how often things happened on each day. Counts of events, never of persons. */
import { words } from '../format.js';
import { taken } from './contacts.js';
import { catalogue, wall } from './words.js';

const KINDS = ['scan', 'view', 'bookmark', 'contact', 'request', 'lead'];
const [STEP, BAR, HIGH] = [26, 16, 40]; // units of the drawing: a day, its bar, the highest

/** @param {import('../records.js').View} me */
export async function make(me, lang) {
  const { fair = {} } = await catalogue();
  const counted = counts(me);
  const known = (fair.days ?? []).map(({ date, short }) => ({ date, label: words(short, lang) || date.slice(8) }));
  const others = [...new Set(counted.map(({ day }) => day))].filter((day) => day && !known.some(({ date }) => date === day)).sort();
  const days = [...known, ...others.map((date) => ({ date, label: date.slice(5) }))].sort((a, b) => (a.date < b.date ? -1 : 1));
  const rows = KINDS.map((what) => {
    const values = days.map(({ date }) => counted.filter((one) => one.what === what && one.day === date).reduce((sum, one) => sum + one.count, 0));
    const top = Math.max(1, ...values);
    return {
      what, total: values.reduce((a, b) => a + b, 0), width: days.length * STEP,
      bars: values.map((value, at) => bar(value, at, Math.round((value / top) * HIGH), days[at].label)),
    };
  });
  return { template: 'fair', context: { rows, days: days.length } };
}

/** A day's bar; its name in two lines: the weekday, the date. */
function bar(value, at, height, label) {
  const [, weekday, date] = /^(?:(.*) )?(\S+)$/.exec(label) ?? [];
  return { value, label, weekday: weekday ?? '', date, x: at * STEP + (STEP - BAR) / 2, middle: at * STEP + STEP / 2, height, y: HIGH + 10 - height, above: HIGH + 7 - height };
}

function counts(me) {
  const day = ({ fields }) => wall(fields.at).slice(0, 10);
  return [
    ...me.all('tally').map(({ fields }) => ({ what: fields.what, day: fields.day, count: fields.count ?? 0 })),
    ...me.all('request').map((row) => ({ what: 'request', day: day(row), count: 1 })),
    ...taken(me).map((row) => ({ what: 'lead', day: day(row), count: 1 })),
  ];
}
