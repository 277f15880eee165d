/**
 * The forms a person's card comes in: vCard (2.1, 3.0, 4.0), MECARD, BIZCARD and links that hold a number or an address. Each
 * becomes plain lists, whose best telephone and address `person` (people.js) chooses; the rest goes into the note.
 *
 * @typedef {{value: string, types?: string, pref?: number}} Told a number or address as it is written, with what is said of it
 * @typedef {{name?: string, organisation?: string, town?: string, phones?: Told[], chats?: string[], emails?: Told[],
 *   notes?: string[], uid?: string, tags?: string[], at?: string, maker?: string, isOrganisation?: boolean, leftOut?: boolean}} Card
 *   `leftOut`: it holds pictures, sounds or keys, which no contact keeps, or more lines than are looked at
 */
import { text as textOf } from './bytes.js';

const MOST_LINES = 500;
/** Lines read by name, and what programs tell each other. */
const LEFT_OUT = /^(BEGIN|END|VERSION|PRODID|REV|UID|N|FN|ORG|CATEGORIES|KIND|CLASS|MAILER|TZ|SORT-STRING|SOURCE|NAME|PROFILE|LANG|LABEL|CLIENTPIDMAP|X-AB(LABEL|ADR|UID|SHOWAS|ORDER)|X-PHONETIC.*)$/;
/** What no contact keeps; the person is told. */
const NOT_KEPT = /^(PHOTO|LOGO|SOUND|KEY|AGENT)$/;
/** Lines read into lists of their own. */
const LISTED = /^(TEL|EMAIL|NOTE|ADR|IMPP|X-WHATSAPP|X-SOCIALPROFILE)$/;

/** Whole lines: folded ones (RFC 2426, 2.6) and soft line breaks of quoted-printable (2.1) put together. @param {string} card */
function unfolded(card) {
  /** @type {string[]} */
  const whole = [];
  for (const line of card.split(/\r\n?|\n/)) {
    const last = whole.at(-1) ?? '';
    if (/^[^:]*;(ENCODING=)?QUOTED-PRINTABLE[^:]*:/i.test(last) && last.endsWith('=')) whole[whole.length - 1] = last.slice(0, -1) + line;
    else if (/^[ \t]/.test(line) && whole.length) { if (!/^[^:]*(PHOTO|LOGO|SOUND|KEY)[;:]/i.test(last)) whole[whole.length - 1] += line.slice(1); }
    else whole.push(line);
  }
  return whole;
}

/** @param {string} written */
function line(written) {
  const [, group, name, marks, value] = /^\s*(?:([\w-]+)\.)?([A-Za-z0-9-]+)((?:;(?:[^:;"]|"[^"]*")*)*):(.*)$/s.exec(written) ?? [];
  if (!name) return undefined;
  const [, charset] = /;CHARSET="?([\w-]+)/i.exec(marks) ?? [];
  const read = /;(ENCODING=)?QUOTED-PRINTABLE/i.test(marks) ? textOf(printable(value), charset) : value;
  return { group, name: name.toUpperCase(), marks, value: read };
}

/** Bytes of quoted-printable (RFC 2045, 6.7). @param {string} value */
function printable(value) {
  const bytes = [];
  for (const [, hex, other] of value.matchAll(/=([0-9A-F]{2})|(.)/gisu)) bytes.push(...(hex ? [parseInt(hex, 16)] : new TextEncoder().encode(other)));
  return new Uint8Array(bytes);
}

/** The parts between semicolons that are not escaped. @param {string} value */
const parts = (value) => (value.match(/(?:\\.|[^;\\])+|(?<=^|;)(?=;|$)/gs) ?? []).map((part) => unescape(part).trim());

/** @param {string} value */
const unescape = (value) => value.replace(/\\([nN\\;,:])/g, (_, sign) => (sign === 'n' || sign === 'N' ? '\n' : sign));

/** @param {string} raw the first card is read @returns {Card} */
export function vcard(raw) {
  const whole = unfolded(raw.split(/\n[ \t]*END:VCARD/i)[0]);
  const lines = whole.slice(0, MOST_LINES).map(line).filter(Boolean);
  const all = (name) => lines.filter((one) => one.name === name && one.value.trim());
  const first = (name) => all(name)[0]?.value ?? '';
  const label = ({ group }) => (group && lines.find((one) => one.group === group && one.name === 'X-ABLABEL')?.value) || '';
  const told = (one) => ({ value: unescape(one.value), types: `${one.marks} ${label(one)}`.replace(/waid=\d+/i, ''), pref: preference(one.marks) });
  const [family, given, more] = parts(first('N'));
  const [street, town] = [all('ADR').map(({ value }) => parts(value)), parts(first('ADR'))[3] ?? ''];
  const chats = lines.flatMap((one) => chat(one, label(one)));
  const others = lines.filter(({ name, value }) => value.trim() && !LEFT_OUT.test(name) && !NOT_KEPT.test(name) && !LISTED.test(name));
  const messengers = [...all('IMPP'), ...all('X-SOCIALPROFILE')].filter((one) => !chat(one, label(one)).length);
  return {
    name: unescape(first('FN')).trim().replace(/^\?$/, '') || [given, more, family].filter(Boolean).join(' ') || unescape(first('NICKNAME')),
    organisation: parts(first('ORG')).filter(Boolean).join(', '),
    isOrganisation: /^(org|group)/i.test(first('KIND').trim()),
    town, chats, phones: all('TEL').map(told), emails: all('EMAIL').map(told),
    notes: [
      ...all('NOTE').map(({ value }) => unescape(value).trim()),
      ...street.map((address) => address.filter(Boolean).join(', ')).filter((address) => address !== town),
      ...[...others, ...messengers].map(noted),
    ],
    uid: first('UID'), at: first('REV'), maker: first('PRODID'),
    leftOut: whole.length > MOST_LINES || lines.some(({ name }) => NOT_KEPT.test(name)),
    tags: (first('CATEGORIES').match(/(?:\\.|[^,\\])+/g) ?? []).map(unescape),
  };
}

/** A line that has no field, as words; Android's own ones (`vnd.android.cursor.item/nickname;Bob;1;`) say it second. */
function noted({ name, value }) {
  if (name === 'X-ANDROID-CUSTOM') return parts(value)[1] ?? '';
  return /^(URL|TITLE|ROLE)$/.test(name) ? unescape(value) : `${name}: ${unescape(value)}`;
}

/** PREF of 2.1 and 3.0 is 1; of 4.0 it is 1 to 100, where 1 is preferred most; without it 101. @param {string} marks */
const preference = (marks) => Number(/;PREF=(\d+)/i.exec(marks)?.[1] ?? (/[;,="]PREF\b/i.test(marks) ? 1 : 101));

/** What a line says of WhatsApp: `waid=` of its own cards, an address of the service, or a number called so. */
function chat({ name, marks, value }, label) {
  const [, own] = /;waid=(\d+)/i.exec(marks) ?? [];
  if (own) return [`+${own}`];
  const called = name === 'X-WHATSAPP' || /whats\s?app|wa\.me/i.test(`${marks} ${value} ${label}`);
  return called && /^(TEL|IMPP|URL|X-WHATSAPP|X-SOCIALPROFILE)$/.test(name) ? [value] : [];
}

/** `NAME:value;` again and again, as MECARD and BIZCARD have it. @param {string} raw */
function fields(raw) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const part of raw.match(/(?:\\.|[^;\\])+/gs) ?? []) {
    const [, name, value] = /^\s*([A-Z-]+):(.*)$/is.exec(part) ?? [];
    if (name) found.set(name.toUpperCase(), [...(found.get(name.toUpperCase()) ?? []), value.replace(/\\(.)/gs, '$1').trim()]);
  }
  const all = (name) => (found.get(name) ?? []).filter(Boolean);
  const but = (...names) => [...found.keys()].filter((name) => !names.includes(name)).flatMap(all);
  return { all, but };
}

const plain = (values, types = '') => values.map((value) => ({ value, types }));

/** NTT DoCoMo's MECARD: `MECARD:N:Zahra,Fatima;TEL:0600000001;EMAIL:…;;` @returns {Card} */
export function mecard(raw) {
  const { all, but } = fields(raw.slice(7));
  return {
    name: (all('N')[0] ?? '').split(',').map((part) => part.trim()).reverse().join(' ').trim() || all('NICKNAME')[0],
    organisation: all('ORG').join(', '),
    phones: [...plain(all('TEL')), ...plain(all('TEL-AV'))], emails: plain(all('EMAIL')),
    notes: but('N', 'NICKNAME', 'SOUND', 'ORG', 'TEL', 'TEL-AV', 'EMAIL'),
  };
}

/** BIZCARD, as ZXing reads it: N and X the names, C the company, T the title, A the address, B, M and F numbers. @returns {Card} */
export function bizcard(raw) {
  const { all, but } = fields(raw.slice(8));
  return {
    name: [...all('N'), ...all('X')].join(' '), organisation: all('C').join(', '),
    phones: [...plain(all('M'), 'CELL'), ...plain(all('B')), ...plain(all('F'), 'FAX')], emails: plain(all('E')),
    notes: but('N', 'X', 'C', 'M', 'B', 'F', 'E'),
  };
}

/** A link with a number or an address: `tel:`, `sms:`, `mailto:`, `MATMSG:`, WhatsApp's. @returns {Card | undefined} */
export function link(raw) {
  const [, scheme, to, asked = ''] = /^([a-z]+):([^?]*)\??(.*)$/is.exec(raw) ?? [];
  const said = new URLSearchParams(asked);
  const notes = [said.get('subject'), said.get('body'), said.get('text')].filter(Boolean);
  if (/^tel$/i.test(scheme ?? '')) return { phones: plain([raw]) };
  if (/^(sms|smsto|mms|mmsto)$/i.test(scheme ?? '')) {
    const [, number, message] = /^([^:;,]*)[;,]?[^:]*:?(.*)$/s.exec(to) ?? [];
    return { phones: plain([bare(number)]), notes: [message, ...notes].filter(Boolean) };
  }
  if (/^mailto$/i.test(scheme ?? '')) return { emails: plain(bare(to).split(',')), notes };
  if (/^MATMSG:/i.test(raw)) {
    const { all } = fields(raw.slice(7));
    return { emails: plain(all('TO')), notes: [...all('SUB'), ...all('BODY')] };
  }
  const [, path] = /^(?:https?:\/\/)?(?:www\.)?wa\.me\/(\+?\d+)/i.exec(raw) ?? [];
  const number = path ?? (/^(https?:\/\/(api|web|www)\.whatsapp\.com\/|whatsapp:)/i.test(raw) ? said.get('phone')?.trim() : '');
  return number ? { chats: [number.startsWith('+') ? number : `+${number}`], notes } : undefined;
}

function bare(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
