/** The fair as the floor team's phone knows it: who there is, where they stand, what this person may change. */
import { local, words } from '../format.js';
import { NATIVE } from '../format.js';
import { LANGUAGES, clock, texts } from '../area/words.js';

/** What is known of who has come, in the order of a fair's day. */
export const STATES = ['arrived', 'absent', 'packing', 'left'];

/** Whether this person may write a field. @param {import('../records.js').View} me @param {string} column without language */
export const may = (me, kind, column) => (me.rights[kind] ?? []).some((one) => one === '*' || one === column);

/** Every exhibitor that takes part. @param {import('../records.js').View} me */
export const exhibitors = (me) => me.all('exhibitor').filter(({ fields }) => !fields.merged && !fields.withdrawn);

/** Every booth, in the order of their numbers. @param {import('../records.js').View} me */
export const booths = (me) => me.all('booth').sort((a, b) => byCode(a.fields.code ?? '', b.fields.code ?? ''));

/** Codes as people count: A2 before A10. */
const byCode = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** The booths of each exhibitor. @returns {Map<string, import('../records.js').Row[]>} by the exhibitor's record id */
export function held(me) {
  const found = new Map();
  for (const booth of booths(me)) {
    if (booth.fields.exhibitor) found.set(booth.fields.exhibitor, [...(found.get(booth.fields.exhibitor) ?? []), booth]);
  }
  return found;
}

/** The name in the page's language, marked when it is another's. */
export const title = (row, lang) => (row?.kind === 'trouble'
  ? { text: row.fields.text ?? '…', lang, dir: 'auto', other: true }
  : local(texts(row, 'name'), lang) ?? { text: row?.fields.code ?? '…', lang: 'fr', dir: 'ltr', other: true });

/** The name alone. */
export const name = (row, lang) => words(texts(row, 'name'), lang) || row?.fields.code || '…';

/** What a list shows of an exhibitor. @param {import('../records.js').Row[]} own its booths */
export const summary = (row, own, lang) => ({
  id: row.id, href: `/staff/floor/one/${row.id}`, title: title(row, lang), code: row.fields.code ?? '',
  booths: own.map(({ fields }) => fields.code), presence: row.fields.presence ?? '', unsent: Boolean(row.unsent) || own.some(({ unsent }) => unsent),
});

/** What every page says around its own. @param {import('../records.js').View} me */
export function frame(me, lang, page) {
  return {
    lang, page,
    dir: lang === 'ar' ? 'rtl' : 'ltr',
    languages: LANGUAGES.map((code) => ({ code, name: NATIVE[code], current: code === lang })),
    person: me.who.slice('staff:'.length),
    disagreed: me.conflicts.length + me.replaced.length,
    troubles: me.all('trouble').filter(({ fields }) => !fields.solved).length,
    unsent: me.unsent.length + me.pictures,
    refused: me.unsent.filter(({ state }) => state === 'refused').length,
    over: me.over,
    checked: me.checked ? clock(me.checked) : '',
  };
}
