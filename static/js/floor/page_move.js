/**
 * Who stands where: an exhibitor goes to another booth; whoever stands there comes to theirs. Two booths, two edits, each
 * with the stamp of what was seen. The address names an exhibitor, or a booth that is free.
 */
import { fold } from '../fold.js';
import { change } from '../area/change.js';
import { part } from '../area/words.js';
import { booths, exhibitors, held, may, name, title } from './fair.js';

const MOST = 40;
let typed = '';

/** What was known when the person was asked: nothing is written over what they did not see. @type {import('../records.js').View} */
let shown;

/** @param {import('../records.js').View} me */
export function make(me, lang, [id]) {
  if (!may(me, 'booth', 'exhibitor')) return undefined;
  const booth = me.one('booth', id);
  const row = me.one('exhibitor', id);
  if (!booth && !row) return undefined;
  const own = row ? held(me).get(id) ?? [] : [];
  return {
    template: 'move',
    context: {
      q: typed, to_booth: booth ? booth.fields.code : '',
      title: row ? title(row, lang) : null, back_href: row ? `/staff/floor/one/${id}` : '/staff/floor',
      mine: own.map(({ id: place, fields }) => ({ id: place, code: fields.code })), own_codes: own.map(({ fields }) => fields.code).join(', '),
      ...offered(me, lang, id),
    },
  };
}

/** The booths to choose from, free ones first; for a free booth, the exhibitors, those without one first. */
function offered(me, lang, id) {
  const wanted = fold(typed).split(' ').filter(Boolean);
  const fits = (...said) => wanted.every((word) => ` ${fold(said.join(' '))}`.includes(` ${word}`));
  if (me.one('booth', id)) {
    const of = held(me);
    const guests = exhibitors(me).map((row) => ({ id: row.id, code: '', title: title(row, lang), booths: (of.get(row.id) ?? []).map(({ fields }) => fields.code).join(', ') }))
      .filter(({ title: { text }, booths: codes }) => fits(text, codes)).sort((a, b) => a.booths.length - b.booths.length);
    return { places: guests.slice(0, MOST), more: Math.max(0, guests.length - MOST) };
  }
  const places = booths(me).filter(({ fields }) => fields.exhibitor !== id)
    .map((row) => ({ row, guest: row.fields.exhibitor && me.one('exhibitor', row.fields.exhibitor) }))
    .filter(({ row, guest }) => fits(row.fields.code, guest ? name(guest, lang) : ''))
    .sort((a, b) => Number(Boolean(a.guest)) - Number(Boolean(b.guest)));
  return {
    places: places.slice(0, MOST).map(({ row, guest }) => ({ id: row.id, code: row.fields.code, title: guest ? title(guest, lang) : null, booths: '' })),
    more: Math.max(0, places.length - MOST),
  };
}

export function drawn(me, lang, [id]) {
  document.querySelector('[name="q"]').addEventListener('input', ({ target }) => {
    typed = target.value;
    part('places', offered(me, lang, id), lang, document.getElementById('places'));
  });
}

/** Bring somebody to a booth, from the booth they leave. */
async function bring(who, guest, booth, leaves) {
  const me = { who, one: shown.one };
  await change(me, 'booth', booth, { exhibitor: guest });
  if (leaves) await change(me, 'booth', leaves, { exhibitor: shown.one('booth', booth).fields.exhibitor ?? null });
}

export const acts = {
  search() { document.activeElement?.blur(); return 'stay'; },
  /** Asked once more where somebody has to leave. */
  choose({ id: chosen }, _, me, [id]) {
    shown = me;
    const dialog = document.getElementById('sure');
    const lang = document.documentElement.lang;
    const booth = me.one('booth', id) ?? me.one('booth', chosen);
    const guest = me.one('exhibitor', id) ?? me.one('exhibitor', chosen);
    const leaves = document.getElementById('leaves')?.value ?? (held(me).get(guest.id) ?? [])[0]?.id ?? '';
    const other = booth.fields.exhibitor && me.one('exhibitor', booth.fields.exhibitor);
    part('sure', { guest: title(guest, lang), guest_id: guest.id, booth: booth.fields.code, booth_id: booth.id, leaves, from: leaves ? me.one('booth', leaves).fields.code : '', other: other ? title(other, lang) : null }, lang, dialog);
    dialog.showModal();
    return 'stay';
  },
  async bring({ guest, booth, leaves }, _, me) {
    await bring(me.who, guest, booth, leaves);
    typed = '';
    document.getElementById('sure').close();
    return `/staff/floor/one/${guest}`;
  },
  close() { document.getElementById('sure').close(); return 'stay'; },
  async free(_, __, me, [id]) {
    for (const booth of held(me).get(id) ?? []) await change(me, 'booth', booth.id, { exhibitor: null });
    return `/staff/floor/one/${id}`;
  },
};
