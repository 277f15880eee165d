/**
 * What a scanned code or a file says about a person. Codes come from anyone, so nothing is believed: texts are cut, numbers and
 * addresses read or kept as words. What has no field of its own is in the note.
 *
 * @typedef {{name: string, organisation: string, town: string, phone: string, whatsapp: string, email: string, uid: string,
 *   note: string, tags?: string[], at?: string, ours?: boolean, leftOut?: boolean}} Person what may be missing files of address books add
 */
import { tidy } from '../format.js';
import { e164, email } from '../reach.js';
import { bizcard, link, mecard, vcard } from './formats.js';
import { MAKER } from './sheet.js';

const LONGEST = 8000;
const MOST_TAGS = 20;
const NEITHER_SPOKEN = /\b(fax|pager|modem|bbs|x-fax)\b/i;
const MOBILE = /\b(cell|mobile|iphone)\b/i;

/**
 * @param {string} text of a code
 * @param {number} [longest] what is looked at
 * @returns {Person | undefined} undefined when it is about nobody
 */
export function person(text, longest = LONGEST) {
  const raw = text.slice(0, longest).replace(/^\ufeff/, '').trim();
  const card = /^BEGIN:VCARD/i.test(raw) ? vcard(raw) : /^MECARD:/i.test(raw) ? mecard(raw) : /^BIZCARD:/i.test(raw) ? bizcard(raw) : link(raw);
  const found = card && chosen(card);
  return found && (found.name || found.organisation || found.phone || found.whatsapp || found.email) ? found : undefined;
}

/** Everybody in a file of vCards, and how many cards are of nobody. @param {string} text */
export function everybody(text) {
  const cards = text.split(/^(?=[ \t]*BEGIN:VCARD)/im).filter((card) => /^\s*\ufeff?\s*BEGIN:VCARD/i.test(card));
  const people = cards.map((card) => person(card, card.length)).filter(Boolean);
  return { people, lost: cards.length - people.length };
}

/** The telephone and the address of a card that are best, everything else as words. @param {import('./formats.js').Card} card */
function chosen({ name = '', organisation = '', isOrganisation = false, town = '', phones = [], chats = [], emails = [], notes = [], ...more }) {
  const numbers = phones.map((one) => ({ ...one, read: number(one.value) })).sort((one, other) => rank(one) - rank(other));
  const addresses = emails.map((one) => ({ ...one, read: email(one.value.replace(/^mailto:/i, '').slice(0, 300)) }))
    .sort((one, other) => (one.pref ?? 101) - (other.pref ?? 101));
  const phone = numbers.find(({ read }) => read)?.read ?? '';
  const talks = chats.map((value) => ({ value, read: chatNumber(value) }));
  const whatsapp = talks.find(({ read }) => read)?.read ?? '';
  const mail = addresses.find(({ read }) => read)?.read ?? '';
  const rest = [
    ...numbers.filter(({ read, value }) => (read ? ![phone, whatsapp].includes(read) || /;ext=/i.test(value) : value.trim())).map(wordsOf),
    ...talks.filter(({ read }) => read && ![phone, whatsapp].includes(read)).map(({ read }) => `WhatsApp ${read}`),
    ...addresses.filter(({ read, value }) => (read ? read !== mail : value.trim())).map(({ read, value }) => read || value.trim()),
  ];
  const ours = more.maker === MAKER;
  const isPlace = isOrganisation || (ours && name === organisation);
  const nameless = isPlace || (ours && [phone, whatsapp, mail].includes(name));
  const tags = (more.tags ?? []).map((tag) => tidy(tag, 100)).filter(Boolean);
  return {
    name: nameless ? '' : tidy(name, 200), organisation: tidy(organisation || (isPlace ? name : ''), 200), town: tidy(town, 100),
    phone, whatsapp, email: mail, uid: tidy(more.uid ?? '', 200),
    note: [...notes, ...new Set(rest), ...tags.slice(MOST_TAGS)].filter(Boolean).join('\n'),
    tags: tags.slice(0, MOST_TAGS), at: more.at ?? '', ours, leftOut: more.leftOut ?? false,
  };
}

/** Preferred numbers first, then mobiles; a fax last, whatever is said of it. */
const rank = ({ types = '', pref = 101 }) => (NEITHER_SPOKEN.test(types) ? 1000 : 0) + pref * 2 + (MOBILE.test(types) ? 0 : 1);

const wordsOf = ({ read, value, types = '' }) => [value.includes(';ext=') || !read ? value.replace(/^tel:/i, '').trim() : read,
  ...(types.match(/\b(fax|pager|work|home)\b/gi) ?? []).map((type) => `(${type.toLowerCase()})`)].join(' ');

/** A number as RFC 3966 or people write it: a local one is one of its `phone-context`. @param {string} written */
function number(written) {
  const [local, ...marks] = written.trim().replace(/^tel:/i, '').split(';');
  const context = marks.find((mark) => /^phone-context=\+/i.test(mark))?.split('=')[1];
  return e164(context && !/^\s*\+/.test(local) ? context + local.trim().replace(/^0/, '') : local);
}

/** A number of WhatsApp, which writes the country without `+`. @param {string} written */
function chatNumber(written) {
  const [found = ''] = /[+\d][\d\s().-]{6,}/.exec(written) ?? [];
  const digits = found.replace(/[^+\d]/g, '');
  return e164(/^(\+|0|[5-8]\d{8}$)/.test(digits) ? digits : `+${digits}`);
}

/** What makes two scans the same person: the card's own id, else what is on it. @param {Person} who */
export const identity = (who) => who.uid || [who.phone, who.whatsapp, who.email, who.name].filter(Boolean).join('\n').toLowerCase();

/**
 * A UUID of a name, version 5 (RFC 9562): the same on every phone of one exhibitor and on no other's, since the space is
 * their record's id, which only they know.
 * @param {string} space a UUID
 * @param {string} name
 */
export function named(space, name) {
  const bytes = [...space.replaceAll('-', '').matchAll(/../g)].map(([hex]) => parseInt(hex, 16));
  const hash = sha1([...bytes, ...new TextEncoder().encode(name)]).slice(0, 16);
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  return hash.map((byte) => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** FIPS 180-4; written out because browsers have theirs on https only. @param {number[]} message */
function sha1(message) {
  const bits = message.length * 8;
  const padded = [...message, 0x80];
  while (padded.length % 64 !== 56) padded.push(0);
  for (let shift = 56; shift >= 0; shift -= 8) padded.push(Math.floor(bits / 2 ** shift) & 0xff);
  const turn = (word, by) => (word << by) | (word >>> (32 - by));
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < padded.length; at += 64) {
    const w = Array.from({ length: 16 }, (_, i) => padded.slice(at + 4 * i, at + 4 * i + 4).reduce((sum, byte) => (sum << 8) | byte, 0));
    for (let i = 16; i < 80; i += 1) w.push(turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1));
    let [a, b, c, d, e] = h;
    for (let i = 0; i < 80; i += 1) {
      const [f, k] = i < 20 ? [(b & c) | (~b & d), 0x5a827999] : i < 40 ? [b ^ c ^ d, 0x6ed9eba1]
        : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6];
      [a, b, c, d, e] = [(turn(a, 5) + f + e + k + w[i]) | 0, a, turn(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, i) => { h[i] = (h[i] + word) | 0; });
  }
  return h.flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff));
}
