/** Somebody who came without being on any list: a name is enough; code, booth and access are given at once. */
import { make as add, change } from '../area/change.js';
import { LANGUAGES, catalogue } from '../area/words.js';
import { e164 } from '../reach.js';
import { say } from '../say.js';
import { uuid } from '../uuid.js';
import { freeCode, freshSecret, keepSecret } from './codes.js';
import { booths, may } from './fair.js';
import { options } from './page_edit.js';

/** @param {import('../records.js').View} me */
export async function make(me, lang) {
  if (!me.makes.includes('exhibitor')) return undefined;
  return {
    template: 'new',
    context: {
      languages_of_names: [lang, ...LANGUAGES.filter((code) => code !== lang)].map((code) => ({ code, dir: code === 'ar' ? 'rtl' : 'ltr' })),
      sectors: options(await catalogue(), 'sector', '', lang),
      free: may(me, 'booth', 'exhibitor') ? booths(me).filter(({ fields }) => !fields.exhibitor).map(({ id, fields }) => ({ id, code: fields.code })) : [],
    },
  };
}

export const acts = {
  async save(_, form, me) {
    const value = (name) => form.elements[name]?.value.trim() ?? '';
    const names = LANGUAGES.filter((code) => value(`name.${code}`)).map((code) => [`name.${code}`, value(`name.${code}`)]);
    const number = value('phone');
    if (!names.length || (number && !e164(number))) {
      say(names.length ? 'wrong-phone' : 'no-name');
      return 'typing';
    }
    const [id, card] = [uuid(), await freshSecret()];
    if (card) await keepSecret(id, card.secret);
    await add(me, 'exhibitor', {
      code: freeCode(me), walk_in: true, presence: 'arrived', ...Object.fromEntries(names), ...(number && { phones: [e164(number)] }),
      ...(value('sector') && { sector: value('sector') }), ...(value('note') && { note: value('note') }), ...(card && { card_digest: card.digest }),
    }, id);
    if (value('booth')) await change(me, 'booth', value('booth'), { exhibitor: id });
    return `/staff/floor/card/${id}`;
  },
};
