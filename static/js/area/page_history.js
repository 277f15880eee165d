/** What changed on the page, by whom and when; each change can be taken back by a change of its own. */
import { translator } from '../area_messages.js';
import { local, phone, price } from '../format.js';
import { understand } from '../records.js';
import { change } from './change.js';
import { acted, clock, texts } from './words.js';

const MOST = 60;
/** What the page has words for; codes of the office's list are not among it. */
const SHOWN = new Set([
  'name', 'about', 'phones', 'whatsapp', 'email', 'website', 'labels', 'payment', 'delivery', 'orders', 'unit', 'price', 'available', 'deleted', 'hash',
]);

/** @param {import('../records.js').View} me */
export function make(me, lang) {
  const edits = me.history.slice(0, MOST);
  return {
    template: 'history',
    context: {
      edits: edits.map((edit) => ({
        id: edit.id, kind: edit.kind, ...acted(edit), mine: edit.role === 'exhibitor', unsent: Boolean(edit.unsent),
        about: edit.kind === 'product' ? local(texts(me.one('product', edit.record), 'name'), lang) : null,
        fields: Object.entries(edit.fields).filter(([path]) => SHOWN.has(path.split('.')[0]))
          .map(([path, value]) => ({ name: path.split('.')[0], lang: path.split('.')[1] ?? '', before: told(earlier(me, edit, path), path, lang), after: told(value, path, lang), off: path === 'available' && value === false, photo: path === 'hash' ? `/photos/${value}.webp` : '' })),
        undo: edit.role === 'exhibitor' && Object.keys(edit.fields).some((path) => newest(me, edit, path)) && Object.keys(back(me, edit)).length > 0,
      })).filter(({ fields }) => fields.length),
      replaced: me.replaced.map((one) => ({
        edit: one.edit, kind: one.kind, at: clock(one.at), name: one.path.split('.')[0], lang: one.path.split('.')[1] ?? '',
        about: one.kind === 'product' ? local(texts(me.one('product', one.record), 'name'), lang) : null, mine: told(one.mine, one.path, lang), now: told(one.now, one.path, lang),
      })),
      declined: me.declined.map((edit) => ({ ...acted(edit), fields: Object.entries(edit.fields).map(([path, value]) => ({ name: path.split('.')[0], lang: path.split('.')[1] ?? '', after: shown(value) })) })),
    },
  };
}

/** A value as a person reads it. */
function told(value, path, lang) {
  const { gettext: _ } = translator(lang);
  if (path === 'price' && Number.isInteger(value)) return price(value, lang);
  if (path === 'phones' || path === 'whatsapp') return [value ?? []].flat().map(phone).join(', ');
  const ways = { cash: _('Cash'), mobile: _('Mobile payment'), card: _('Card'), transfer: _('Bank transfer') };
  return path === 'payment' ? (value ?? []).map((way) => ways[way] ?? way).join(', ') : shown(value);
}

const shown = (value) => (value === null || value === undefined ? '' : Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? (value ? '✓' : '✗') : String(value)).slice(0, 200);

/** Whether nothing was written to the field since. */
const newest = (me, edit, path) => !me.history.some((other) => other.record === edit.record && path in other.fields && other.stamp > edit.stamp);

/** What the field held before, as far as this phone knows. */
function earlier(me, edit, path) {
  const before = me.history.filter((other) => other.record === edit.record && path in other.fields && other.stamp < edit.stamp);
  return before[0]?.fields[path] ?? (path === 'available' ? true : path === 'deleted' ? false : null);
}

/** The fields as they were; of a record that was made by the edit, its removal. */
function back(me, edit) {
  const made = !me.history.some((other) => other.record === edit.record && other.stamp < edit.stamp);
  if (made && edit.kind !== 'exhibitor') return { deleted: true };
  return Object.fromEntries(Object.keys(edit.fields).filter((path) => path !== 'exhibitor' && newest(me, edit, path)).map((path) => [path, earlier(me, edit, path)]));
}

export const acts = {
  async understood(_, __, me) { await understand(me.replaced.map(({ edit }) => edit)); },
  async undo({ id }, _, me) {
    const edit = me.history.find((one) => one.id === id);
    if (edit) await change(me, edit.kind, edit.record, back(me, edit));
  },
};
