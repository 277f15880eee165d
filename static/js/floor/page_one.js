/** One exhibitor on the floor: whether they have come, where they stand, how they are reached. */
import { encode, local, phone } from '../format.js';
import { change } from '../area/change.js';
import { catalogue, clock, texts } from '../area/words.js';
import { LANGUAGES } from '../area/words.js';
import { own as member } from '../own.js';
import { secretOf } from './codes.js';
import { STATES, held, may, title } from './fair.js';
import { problems, shown } from './page_problems.js';

/** @param {import('../records.js').View} me */
export async function make(me, lang, [id]) {
  const row = me.one('exhibitor', id);
  if (!row) return undefined;
  const { fields } = row;
  const fair = await catalogue();
  const own = held(me).get(id) ?? [];
  return {
    template: 'one',
    context: {
      id, title: title(row, lang), code: fields.code ?? '', unsent_one: Boolean(row.unsent), withdrawn: Boolean(fields.withdrawn),
      other_names: LANGUAGES.map((code) => ({ code, text: texts(row, 'name')[code] ?? '', dir: code === 'ar' ? 'rtl' : 'ltr' })).filter(({ text, code }) => text && code !== title(row, lang).lang),
      kind: local(member(fair.kinds, fields.kind), lang), sector: local(member(fair.sectors, fields.sector)?.name, lang),
      booths: own.map((booth) => ({ code: booth.fields.code, unsent: Boolean(booth.unsent) })),
      states: STATES.map((state) => ({ state, on: fields.presence === state })),
      may_check: may(me, 'exhibitor', 'presence'), may_move: may(me, 'booth', 'exhibitor'), may_edit: may(me, 'exhibitor', 'phones'),
      since: fields.presence && row.stamps.presence ? clock(new Date(Number(row.stamps.presence.slice(0, 13))).toISOString()) : '',
      phones: (fields.phones ?? []).map((number) => ({ shown: phone(number), href: `tel:${number}` })),
      whatsapp: fields.whatsapp ? { shown: phone(fields.whatsapp), href: `https://wa.me/${encode(fields.whatsapp.slice(1))}` } : null,
      may_give: may(me, 'exhibitor', 'card_given'), given: Boolean(fields.card_given), secret: Boolean(await secretOf(id)), walk_in: Boolean(fields.walk_in),
      may_note: may(me, 'trouble', 'text'), noted: problems(me).filter((one) => one.fields.exhibitor === id && !one.fields.solved).map((one) => shown(me, one, lang)),
      email: fields.email ?? '', website: fields.website ?? '', note: fields.note ?? '',
      public_href: `/${lang}/e/${fields.code}`,
    },
  };
}

export const acts = {
  /** Pressed again, it is taken back. */
  async card(_, __, me, [id]) {
    await change(me, 'exhibitor', id, { card_given: !me.one('exhibitor', id).fields.card_given });
  },
  /** Pressed again, it is taken back. */
  async presence({ state }, _, me, [id]) {
    const now = me.one('exhibitor', id).fields.presence;
    await change(me, 'exhibitor', id, { presence: now === state ? '' : state });
  },
};
