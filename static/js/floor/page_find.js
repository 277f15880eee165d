/** Everybody at the fair: found by any word of their names, their booth or their code; who has come and who has not. */
import { fold } from '../fold.js';
import { part, texts } from '../area/words.js';
import { STATES, exhibitors, held, summary } from './fair.js';

const MOST = 60;

const asked = () => {
  const query = new URLSearchParams(location.search);
  return { q: query.get('q') ?? '', state: query.get('state') ?? '' };
};

/** @param {import('../records.js').View} me */
export function make(me, lang) {
  const all = exhibitors(me);
  const { q, state } = asked();
  return {
    template: 'find',
    context: {
      q, state, total: all.length, may_add: me.makes.includes('exhibitor'),
      states: ['none', ...STATES].map((one) => ({ state: one, count: all.filter((row) => (row.fields.presence || 'none') === one).length, on: one === state })),
      ...found(me, lang, all),
    },
  };
}

/** Those whose words begin with all that was typed. */
function found(me, lang, all = exhibitors(me)) {
  const { q, state } = asked();
  const booths = held(me);
  const wanted = fold(q).split(' ').filter(Boolean);
  const rows = all
    .filter(({ fields }) => !state || (fields.presence || 'none') === state)
    .map((row) => ({ row, own: booths.get(row.id) ?? [] }))
    .filter(({ row, own }) => !wanted.length || matches(wanted, row, own))
    .sort((a, b) => order(a).localeCompare(order(b), 'en', { numeric: true }));
  return { list: rows.slice(0, MOST).map(({ row, own }) => summary(row, own, lang)), more: Math.max(0, rows.length - MOST) };
}

const order = ({ row, own }) => own[0]?.fields.code ?? `~${row.fields.code}`;

function matches(wanted, row, own) {
  const said = ` ${fold([...Object.values(texts(row, 'name')), row.fields.code, row.fields.number, ...own.map(({ fields }) => fields.code)].join(' '))}`;
  return wanted.every((word) => said.includes(` ${word}`));
}

const keep = (changes) => {
  const query = new URLSearchParams(Object.entries({ ...asked(), ...changes }).filter(([, value]) => value));
  history.replaceState(null, '', `/staff/floor${query.size ? `?${query}` : ''}`);
};

/** The list follows what is typed; the field stays as it is. */
export function drawn(me, lang) {
  document.querySelector('[name="q"]').addEventListener('input', ({ target }) => {
    keep({ q: target.value });
    part('list', found(me, lang), lang, document.getElementById('list'));
  });
}

export const acts = {
  search() { document.activeElement?.blur(); return 'stay'; },
  filter({ state }) { keep({ state: asked().state === state ? '' : state }); },
};
