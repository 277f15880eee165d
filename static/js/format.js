/**
 * Numbers, texts and addresses as visitors read them, made before the templates see them.
 * Twin of companion/visitors/format.py: the same values in give the same text out, which is why nothing here asks
 * the platform (no locale, no Intl, no \s).
 *
 * @typedef {{text: string, lang: string, dir: string, other: boolean}} Text
 */
import { ahead } from './clock.js';

const FALLBACK = ['fr', 'ar', 'en', 'zgh'];
export const NATIVE = { fr: 'Français', ar: 'العربية', zgh: 'ⵜⴰⵎⴰⵣⵉⵖⵜ', en: 'English' };

/** @type {[string, RegExp][]} */
const SCRIPTS = [
  ['ar', /[\u0600-\u06ff\u0750-\u077f]/], ['zgh', /[\u2d30-\u2d7f]/], ['fr', /[A-Za-z\u00c0-\u024f]/],
];
const SPACES = /[\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
const HOLE = /%(?:\((\w+)\)s|%)/g;
const WEB = /^https?:\/\/([^\u0000-\u0020"<>\\^`{|}\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+)$/i;

/** A text in language `code` for a page in `lang`; `other` tells the template to mark it. @returns {Text} */
export const tagged = (text, code, lang) => ({
  text, lang: code, dir: code === 'ar' ? 'rtl' : 'ltr', other: code !== lang,
});

/** The text in the page's language, else the first of fr, ar, en, zgh there is. @returns {Text | null} */
export function local(texts, lang) {
  const code = [lang, ...FALLBACK].find((code) => texts?.[code]);
  return code === undefined ? null : tagged(texts[code], code, lang);
}

/** A text whose language nobody wrote down ("500 g", "lot de 3"): its script tells. @returns {Text | null} */
export function plain(text, lang) {
  if (!text) return null;
  const [code] = SCRIPTS.find(([, script]) => script.test(text)) ?? [lang];
  return tagged(text, code, lang);
}

/** The text of local() alone, for places that cannot mark a language (titles, messages, labels of a plan). */
export const words = (texts, lang) => local(texts, lang)?.text ?? '';

/** The first so many characters; a character outside the BMP is one, as in Python. */
const start = (text, count) => (text.length <= count ? text : Array.from(text).slice(0, count).join(''));

const stripped = (text) => text.replace(SPACES, ' ').replace(/^ | $/g, '');

/** What a person typed, on one line, without surplus spaces, at most `longest` characters. */
export const tidy = (text, longest = 100) => start(stripped(start(text, 4 * longest)), longest).replace(/ $/, '');

/** The beginning of a text, cut between words. */
export function excerpt(text, longest = 160) {
  const line = stripped(text);
  const cut = start(line, longest - 1);
  if (start(line, longest) === line) return line;
  return `${cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut}…`;
}

/** A translated message with its `%(name)s` filled in; an unknown name stays as it is written. */
export const fill = (message, values) => message.replace(HOLE, (hole, name) => {
  if (name === undefined) return '%';
  return Object.hasOwn(values, name) ? String(values[name]) : hole;
});

/** Percent-encoding of all but RFC 3986's unreserved characters, for any part of an address. */
export const encode = (text) => encodeURIComponent(text)
  .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The address of a visitor's page in one language, its empty parameters left out. */
export function address(lang, path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  const pairs = given.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
  return `/${lang}${path.split('/').map(encode).join('/')}${pairs && '?'}${pairs}`;
}

/** An amount of centimes as "1 250" or "1 250,50", digits held together by no-break spaces. */
export function price(centimes, lang) {
  const rest = centimes % 100;
  const units = String((centimes - rest) / 100).replace(/\B(?=([0-9]{3})+$)/g, '\u00a0');
  return rest ? `${units}${lang === 'en' ? '.' : ','}${String(rest).padStart(2, '0')}` : units;
}

/** An E.164 number as its country's people write it: "06 00 00 00 01" for Morocco, others unchanged. */
export const phone = (number) => (/^\+212[0-9]{9}$/.test(number)
  ? `0${number.slice(4)}`.match(/../g).join('\u00a0') : number);

/** A link to an http(s) site, shown without scheme and last slash; null for anything else. */
export function website(url) {
  const found = WEB.exec(url);
  return found && { href: url, shown: found[1].replace(/\/$/, '') };
}

/** Minutes from 1970-01-01 00:00 to a day and time of the fair's own clock. */
export function minutes(day, time) {
  const [hours, mins] = time.split(':');
  return Date.parse(day) / 60_000 + Number(hours) * 60 + Number(mins);
}

/** Minutes of the fair's clock as iCalendar writes UTC, by the offset of that moment: 20270703T090000Z. */
export function utc(count, fair) {
  const offset = ahead(fair, count - ahead(fair, count - (fair.offset ?? 0)));
  return new Date((count - offset) * 60_000).toISOString().replace(/-|:|\.000/g, '');
}

/** FNV-1a, 32 bits, of the UTF-8 bytes (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function fnv(text) {
  let total = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) total = Math.imul(total ^ byte, 0x01000193);
  return total >>> 0;
}
