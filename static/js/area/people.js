/**
 * What a scanned code says about a person: a visitor's own card, any other vCard (2.1, 3.0, 4.0), a MECARD. Codes come from
 * anyone, so nothing is believed: texts are cut, numbers and addresses read or left out, everything else ignored.
 *
 * @typedef {{name: string, organisation: string, town: string, phone: string, whatsapp: string, email: string, uid: string,
 *   note?: string, tags?: string[], at?: string, ours?: boolean}} Person the last four are what files of address books add
 */
import { tidy } from '../format.js';
import { e164, email } from '../reach.js';
import { MAKER } from './sheet.js';

const LONGEST = 8000;
const LONGEST_IN_FILE = 80_000; // with all its notes
const MOST_LINES = 200;

/**
 * @param {string} text of a code
 * @param {number} [longest] what is looked at
 * @returns {Person | undefined} undefined when it is about nobody
 */
export function person(text, longest = LONGEST) {
  const raw = text.slice(0, longest).trim();
  const found = /^BEGIN:VCARD/i.test(raw) ? vcard(raw) : /^MECARD:/i.test(raw) ? mecard(raw) : undefined;
  return found && (found.name || found.phone || found.whatsapp || found.email) ? found : undefined;
}

/** Everybody in a file of vCards. @returns {Person[]} */
export const everybody = (text) => text.split(/^(?=BEGIN:VCARD)/im).map((card) => person(card, LONGEST_IN_FILE)).filter(Boolean);

/** Lines unfolded (RFC 2426, 2.6; quoted-printable of 2.1 folds with "="), the first card only. */
function vcard(raw) {
  const whole = raw.replace(/\r\n?/g, '\n').replace(/=\n(?=[^:\n]*(?:\n|$))/g, '').replace(/\n[ \t]/g, '').split(/\nEND:VCARD/i)[0];
  const lines = whole.split('\n').slice(0, MOST_LINES).map(line).filter(Boolean);
  const all = (name) => lines.filter((one) => one.name === name && one.value);
  const first = (name) => all(name)[0]?.value ?? '';
  const family = parts(first('N'));
  const phones = all('TEL').map(({ value }) => e164(value.replace(/^tel:/i, ''))).filter(Boolean);
  const chat = lines.find(({ name, value }) => /^(IMPP|X-WHATSAPP|X-SOCIALPROFILE)$/.test(name) && /whatsapp|wa\.me/i.test(value) )
    ?? lines.find(({ name, marks }) => name === 'TEL' && /whatsapp/i.test(marks));
  return {
    name: tidy(unescape(first('FN')) || [family[1], family[0]].filter(Boolean).join(' '), 200).replace(/^\?$/, ''),
    organisation: tidy(parts(first('ORG')).filter(Boolean).join(', '), 200),
    town: tidy(parts(first('ADR'))[3] ?? '', 100),
    phone: phones[0] ?? '',
    whatsapp: chat ? e164(chat.value.replace(/^.*?([+\d][\d\s().-]{6,}).*$/, '$1')) : '',
    email: email(unescape(first('EMAIL')).slice(0, 300)),
    uid: tidy(first('UID'), 200),
    note: unescape(first('NOTE')).trim().slice(0, 2000),
    tags: (first('CATEGORIES').match(/(?:\\.|[^,\\])+/g) ?? []).map((tag) => tidy(unescape(tag), 100)).filter(Boolean).slice(0, 20),
    at: first('REV'),
    ours: first('PRODID') === MAKER,
  };
}

function line(text) {
  const [, group, name, marks, value] = /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)((?:;(?:[^:;"]|"[^"]*")*)*):(.*)$/.exec(text) ?? [];
  if (!name) return undefined;
  const quoted = /;ENCODING=QUOTED-PRINTABLE|;QUOTED-PRINTABLE/i.test(marks);
  return { group, name: name.toUpperCase(), marks, value: quoted ? printable(value) : value };
}

function printable(value) {
  const bytes = value.replace(/=([0-9A-F]{2})/gi, (_, hex) => `%${hex}`).replace(/%(?![0-9A-F]{2})/gi, '%25');
  try {
    return decodeURIComponent(bytes);
  } catch {
    return value;
  }
}

/** The parts between semicolons that are not escaped. */
const parts = (value) => (value.match(/(?:\\.|[^;\\])+|(?<=^|;)(?=;|$)/g) ?? []).map((part) => unescape(part).trim());

const unescape = (value) => value.replace(/\\([nN\\;,:])/g, (_, sign) => (sign === 'n' || sign === 'N' ? '\n' : sign));

/** NTT DoCoMo's MECARD: `MECARD:N:Zahra,Fatima;TEL:0600000001;EMAIL:…;;` */
function mecard(raw) {
  const fields = new Map();
  for (const part of raw.slice(7).match(/(?:\\.|[^;\\])+/g) ?? []) {
    const [, name, value] = /^([A-Z-]+):(.*)$/is.exec(part) ?? [];
    if (name && !fields.has(name.toUpperCase())) fields.set(name.toUpperCase(), value.replace(/\\(.)/g, '$1'));
  }
  const told = (name) => fields.get(name) ?? '';
  return {
    name: tidy(told('N').split(',').reverse().join(' '), 200),
    organisation: tidy(told('ORG'), 200),
    town: '',
    phone: e164(told('TEL')),
    whatsapp: '',
    email: email(told('EMAIL').slice(0, 300)),
    uid: '',
  };
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
