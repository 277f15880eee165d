/** A note of a problem: what, where, and a photo, kept on this phone until they can be sent. */
import { make as add } from '../area/change.js';
import { keep, sendPictures, shrunk } from '../area/pictures.js';
import { say } from '../say.js';
import { uuid } from '../uuid.js';
import { held, may, title } from './fair.js';

/** @type {Blob | undefined} the photo of the note that is being written */
let taken;

/** @param {import('../records.js').View} me */
export function make(me, lang, [id]) {
  if (!may(me, 'trouble', 'text')) return undefined;
  taken = undefined;
  const row = id && me.one('exhibitor', id);
  return {
    template: 'problem',
    context: {
      of: row ? title(row, lang) : null, back_href: row ? `/staff/floor/one/${id}` : '/staff/floor/problems',
      at_booth: row ? (held(me).get(id) ?? []).map(({ fields }) => fields.code).join(', ') : '',
    },
  };
}

export const acts = {
  async photo(_, input) {
    const [file] = input.files;
    input.value = '';
    if (!file) return 'typing';
    try {
      taken = await shrunk(file);
      const image = document.querySelector('[data-slot="photo"]');
      image.src = URL.createObjectURL(taken);
      image.hidden = false;
    } catch {
      say('no-picture');
    }
    return 'typing';
  },
  async save(_, form, me, [id]) {
    const [text, place] = ['text', 'place'].map((name) => form.elements[name].value.trim());
    if (!text && !taken) {
      say('nothing-noted');
      return 'typing';
    }
    const record = await add(me, 'trouble', {
      at: new Date().toISOString().slice(0, 19) + 'Z', ...(text && { text }), ...(place && { place }), ...(id && me.one('exhibitor', id) && { exhibitor: id }),
    });
    if (taken) await keep({ id: uuid(), kind: 'trouble', blob: taken, record, as: me.who, position: 0 });
    sendPictures().catch(console.info);
    return '/staff/floor/problems';
  },
};
