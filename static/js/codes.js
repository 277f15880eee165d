/** What a scanned or typed code is. Twin of companion/visitors/codes.py. */
import { NATIVE, tidy } from './format.js';
import { typed } from './index.js';

const TABS = ['exhibitors', 'map', 'programme', 'mine', 'scan', 'about'];
const RECORDS = new Map([['b', 'booth'], ['e', 'exhibitor'], ['programme', 'workshop']]);
const LONGEST = 4000;

const ADDRESS = /^https?:\/\/([^/?#]*)([^?#]*)/i;
const FILE = /\.(vcf|ics)$/i;
const URL_LINE = /(?:^|[\r\n])(?:[A-Z0-9-]+\.)?URL[^:\r\n]*:[ \t]*([^\r\n]+)/gi;
const BARCODE = /^([0-9]{8}|[0-9]{12,14})$/;
// What other codes begin with, as phones' scanners know them (ZXing's list of barcode contents).
/** @type {[string, RegExp][]} */
const KINDS = [
  ['contact', /^(BEGIN:VCARD|MECARD:|BIZCARD:)/i],
  ['event', /^BEGIN:V(EVENT|CALENDAR)/i],
  ['wifi', /^WIFI:/i],
  ['phone', /^tel:/i],
  ['sms', /^(sms|smsto|mms|mmsto):/i],
  ['email', /^(mailto|matmsg|smtp):/i],
  ['place', /^geo:/i],
];

/**
 * Say what a code is.
 *
 * {kind: 'booth' | 'exhibitor' | 'workshop', code, href}: of this fair, typed or as one of its addresses in any
 * spelling (capitals, http, www, a language, a last slash), also inside an exhibitor's contact card;
 * {kind: 'page', href}: another page of the fair; hrefs are without language;
 * {kind: 'missing', what: 'booth' | 'exhibitor' | 'workshop' | 'page', text}: of this fair, but not there;
 * {kind: 'other', what: 'site' | 'contact' | 'event' | 'wifi' | 'phone' | 'sms' | 'email' | 'place' | 'product' |
 * 'text', text}: something else; text is the site's host or the beginning of what it says.
 *
 * @param {import('./index.js').Catalogue} catalogue
 * @param {string} text
 * @param {...string} addresses those the fair is reached at, each "https://host" or ""
 * @returns {{kind: string, what?: string, code?: string, href?: string, text?: string}}
 */
export function resolve(catalogue, text, ...addresses) {
  const raw = Array.from(text).slice(0, LONGEST).join('');
  const line = tidy(raw, LONGEST);
  const hosts = addresses.map((address) => plainHost(address.split('://')[1] ?? '')).filter(Boolean);
  const address = ADDRESS.exec(line);
  if (address) return visit(catalogue, address[1], address[2], hosts);
  const [, first, rest] = /^([^/]*)(.*)$/.exec(line);
  if (hosts.includes(plainHost(first))) return visit(catalogue, first, rest, hosts);
  const [what] = KINDS.find(([, start]) => start.test(line)) ?? [];
  if (what === 'contact') return onCard(catalogue, raw, hosts) ?? other('contact', line);
  if (what) return other(what, line);
  return code(catalogue, line) ?? other(BARCODE.test(line) ? 'product' : 'text', line);
}

const other = (what, text) => ({ kind: 'other', what, text: tidy(text, 60) });

/** A host to compare: small letters, without www, the usual ports and the root's dot. */
const plainHost = (text) => text.toLowerCase().replace(/(:80|:443)$/, '').replace(/^www\./, '').replace(/\.$/, '');

/** Where an http address leads. */
function visit(catalogue, host, path, hosts) {
  if (!hosts.includes(plainHost(host))) return other('site', host);
  let parts = path.split(' ')[0].split('/').filter(Boolean);
  if (parts.length && Object.hasOwn(NATIVE, parts[0].toLowerCase())) parts = parts.slice(1);
  const head = parts[0]?.toLowerCase() ?? '';
  if (!parts.length || (parts.length === 1 && TABS.includes(head))) return { kind: 'page', href: `/${head}` };
  const kind = RECORDS.get(head);
  if (!kind || parts.length !== 2) return { kind: 'missing', what: 'page', text: tidy(path, 60) };
  const asked = parts[1].replace(FILE, '');
  return named(catalogue, kind, asked) ?? { kind: 'missing', what: kind, text: tidy(asked, 60) };
}

/** A booth, exhibitor or workshop by its code. */
function named(catalogue, kind, asked) {
  const letter = { booth: 'b', exhibitor: 'e', workshop: 'programme' }[kind];
  const record = catalogue[kind](asked);
  return record && { kind, code: record.code, href: `/${letter}/${record.code}` };
}

/** What a bare code names: first a booth by its exact number, then an exhibitor, then a looser spelling. */
function code(catalogue, asked) {
  const booth = catalogue.booth(asked);
  const exact = booth && typed(booth.code) === typed(asked);
  const kinds = exact ? ['booth'] : ['exhibitor', 'booth', 'workshop'];
  return kinds.map((kind) => named(catalogue, kind, asked)).find(Boolean);
}

/** The exhibitor whose page a contact card links to, as the cards of this fair do. */
function onCard(catalogue, text, hosts) {
  return [...text.matchAll(URL_LINE)].map(([, url]) => ADDRESS.exec(url)).filter(Boolean)
    .map(([, host, path]) => visit(catalogue, host, path, hosts)).find(({ kind }) => kind === 'exhibitor');
}
