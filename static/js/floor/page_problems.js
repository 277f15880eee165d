/** What is wrong at the fair: noted by whoever sees it, with a photo, and ticked off by whoever has seen to it. */
import { change } from '../area/change.js';
import { waiting } from '../area/pictures.js';
import { clock } from '../area/words.js';
import { may, name } from './fair.js';

const MOST = 60;

/** A problem as the list shows it. @param {import('../records.js').View} me @param {import('../records.js').Row} row */
export function shown(me, row, lang) {
  const { exhibitor, place = '', text = '', picture = '', at = '', solved = false } = row.fields;
  return {
    id: row.id, place, text, at: clock(at), solved, unsent: Boolean(row.unsent), photo: picture ? `/staff/troubles/${picture}.webp` : '',
    of: exhibitor ? name(me.one('exhibitor', exhibitor), lang) : '', href: exhibitor ? `/staff/floor/one/${exhibitor}` : '',
  };
}

/** Those of the fair, the open ones first, the newest first. @param {import('../records.js').View} me */
export const problems = (me) => me.all('trouble').sort((a, b) => Number(Boolean(a.fields.solved)) - Number(Boolean(b.fields.solved)) || ((a.fields.at ?? '') < (b.fields.at ?? '') ? 1 : -1));

/** @param {import('../records.js').View} me */
export async function make(me, lang) {
  const pending = new Set((await waiting()).map(({ record }) => record));
  const list = problems(me).slice(0, MOST).map((row) => ({ ...shown(me, row, lang), pending: pending.has(row.id) }));
  return { template: 'problems', context: { list, may_note: may(me, 'trouble', 'text') } };
}

/** Photos that are only on this phone are shown from it. */
export async function drawn() {
  for (const { record, blob } of await waiting()) {
    const image = document.querySelector(`[data-problem="${record}"] img`);
    if (image) image.src = URL.createObjectURL(blob);
  }
}

export const acts = {
  async solved({ id }, _, me) {
    await change(me, 'trouble', id, { solved: !me.one('trouble', id).fields.solved });
  },
};
