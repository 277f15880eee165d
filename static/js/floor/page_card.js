/** The access of a walk-in as a code their own phone scans; handed out, the secret goes from this phone. */
import { change } from '../area/change.js';
import { dropSecret, secretOf } from './codes.js';
import { held, title } from './fair.js';

/** @param {import('../records.js').View} me */
export async function make(me, lang, [id]) {
  const row = me.one('exhibitor', id);
  if (!row) return undefined;
  return {
    template: 'card',
    context: {
      id, title: title(row, lang), code: row.fields.code, booths: (held(me).get(id) ?? []).map(({ fields }) => fields.code),
      secret: Boolean(await secretOf(id)), delivered: !row.unsent, given: Boolean(row.fields.card_given),
    },
  };
}

export async function drawn(me, lang, [id]) {
  const place = document.querySelector('[data-slot="code"]');
  const secret = await secretOf(id);
  if (!place || !secret) return;
  const { drawCode } = await import('../qrcode.js');
  place.replaceChildren(drawCode(`${location.origin}/in#${secret}`, place.getAttribute('aria-label')));
}

export const acts = {
  async given(_, __, me, [id]) {
    await change(me, 'exhibitor', id, { card_given: true });
    await dropSecret(id);
    return `/staff/floor/one/${id}`;
  },
};
