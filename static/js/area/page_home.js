/** The first page of the area: a few large things to press. */
import { own } from './change.js';
import { taken } from './contacts.js';
import { heard } from './page_messages.js';
import { skip, toured } from './page_tour.js';
import { clock } from './words.js';

/** @param {import('../records.js').View} me */
export async function make(me, lang) {
  const contacts = taken(me);
  const asked = me.all('request').filter(({ fields }) => !fields.withdrawn);
  const answered = new Set(contacts.map(({ fields }) => fields.request).filter(Boolean));
  const messages = await heard(me, lang);
  const one = own(me);
  return {
    template: 'home',
    context: {
      card_made: one?.fields.card_made ? clock(one.fields.card_made) : '',
      contacts: contacts.length, replaced: me.replaced.length,
      fresh: asked.filter(({ id }) => !answered.has(id)).length,
      messages: messages.notices.length,
      offer_tour: !(await toured()),
      urgent: messages.notices.filter(({ urgency }) => urgency !== 'info').slice(0, 1),
    },
  };
}

export const acts = {
  async skip() { await skip(); },
};
