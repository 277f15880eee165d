/** Corrections: the fields this person may write, and no others. Each is sent with the stamp of the value that was seen. */
import { change } from '../area/change.js';
import { LANGUAGES, catalogue, texts } from '../area/words.js';
import { phone, words } from '../format.js';
import { e164, email } from '../reach.js';
import { say } from '../say.js';
import { may, title } from './fair.js';

const SITE = /^https?:\/\/[^\s"<>\\^`{|}]+\.[^\s"<>\\^`{|}]+$/i;
const TEXTS = ['name', 'about'];
const CODES = ['kind', 'sector', 'zone', 'province'];
const LINES = ['number', 'commune_text'];
const NUMBERS = ['founded', 'members', 'women'];

/** @type {Map<string, import('../records.js').Row>} what was on the screen when the person began to type */
const seen = new Map();

/** @param {import('../records.js').View} me */
export async function make(me, lang, [id]) {
  const row = me.one('exhibitor', id);
  if (!row) return undefined;
  seen.set(id, row);
  const { fields } = row;
  const fair = await catalogue();
  const write = (column) => may(me, 'exhibitor', column);
  const numbers = (fields.phones ?? []).map(phone);
  return {
    template: 'edit',
    context: {
      id, title: title(row, lang), back_href: `/staff/floor/one/${id}`,
      texts: TEXTS.filter(write).map((name) => ({ name, languages: LANGUAGES.map((code) => ({ code, text: texts(row, name)[code] ?? '', dir: code === 'ar' ? 'rtl' : 'ltr' })) })),
      choices: CODES.filter(write).map((name) => ({ name, options: options(fair, name, fields[name] ?? '', lang) })),
      lines: LINES.filter(write).map((name) => ({ name, value: fields[name] ?? '' })),
      numbers: NUMBERS.filter(write).map((name) => ({ name, value: fields[name] === undefined ? '' : String(fields[name]) })),
      reach: write('phones'), phones: [...numbers, ...Array(Math.max(1, 2 - numbers.length)).fill('')],
      whatsapp: fields.whatsapp ? phone(fields.whatsapp) : '', email: fields.email ?? '', website: fields.website ?? '',
      may_note: write('note'), note: fields.note ?? '',
    },
  };
}

/** What a field with a fixed list can be, its present value among them. */
export function options(fair, name, value, lang) {
  const table = { kind: fair.kinds, sector: fair.sectors, zone: fair.zones, province: fair.provinces }[name] ?? {};
  const known = Object.entries(table).map(([code, one]) => ({ code, text: words(one.name ?? one, lang) || code, on: code === value }));
  return value && !Object.hasOwn(table, value) ? [...known, { code: value, text: value, on: true }] : known;
}

/**
 * What stands in a form, as fields.
 * @returns {Record<string, any> | string} the name of the field that is wrong
 */
export function written(form) {
  const has = (name) => form.elements[name] !== undefined;
  const value = (name) => form.elements[name].value.trim();
  /** @type {Record<string, any>} */
  const fields = {};
  for (const name of [...TEXTS.flatMap((one) => LANGUAGES.map((code) => `${one}.${code}`)), ...LINES, ...CODES, 'note']) {
    if (has(name)) fields[name] = value(name) || (name.includes('.') ? null : '');
  }
  for (const name of NUMBERS.filter(has)) fields[name] = value(name) === '' ? null : Number(value(name));
  if (!has('whatsapp')) return fields;
  const phones = [...form.querySelectorAll('[name="phone"]')].map((field) => field.value.trim()).filter(Boolean);
  const [chat, mail, site] = ['whatsapp', 'email', 'website'].map((name) => (has(name) ? value(name) : ''));
  const address = site && !/^https?:\/\//i.test(site) ? `https://${site}` : site;
  const wrong = [
    phones.some((number) => !e164(number)) && 'phone', chat && !e164(chat) && 'whatsapp', mail && !email(mail) && 'email', address && !SITE.test(address) && 'website',
    NUMBERS.some((name) => fields[name] && !(Number.isInteger(fields[name]) && fields[name] >= 0)) && 'number',
  ].find(Boolean);
  return wrong || { ...fields, phones: phones.map(e164), whatsapp: e164(chat) || null, email: email(mail) || null, website: address || null };
}

export const acts = {
  async save(_, form, me, [id]) {
    const fields = written(form);
    if (typeof fields === 'string') {
      say(`wrong-${fields}`);
      return 'typing';
    }
    // Against what was seen, not against what arrived while typing: that is how two people's work is told apart.
    const before = seen.get(id) ?? me.one('exhibitor', id);
    await change({ who: me.who, one: () => before }, 'exhibitor', id, fields);
    return `/staff/floor/one/${id}`;
  },
};
