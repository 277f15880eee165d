/** Contacts as files this phone writes and reads by itself: CSV for spreadsheets, vCards for address books. */
import { content, escape } from '../lines.js';

/** Columns of the file, by the lead's fields; the first row names them as here, so that it can be read back anywhere. */
const COLUMNS = ['name', 'organisation', 'town', 'phone', 'whatsapp', 'email', 'interest', 'stars', 'tags', 'state', 'lang', 'consent', 'consent_lang', 'at', 'source', 'notes', 'id'];
const BOM = '\ufeff';
/** Who made a file of vCards (RFC 2426, 3.6.3). */
export const MAKER = '-//Rafiq//contacts//EN';

/** An E.164 number as a spreadsheet shows it: with spaces it stays text, `+212 6 12 34 56 78`. */
const spaced = (number) => number.replace(/^(\+212)(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1 $2 $3 $4 $5 $6').replace(/^(\+\d\d)(\d+)$/, (_, start, rest) => `${start} ${rest.match(/\d{1,2}/g).join(' ')}`);

/** A cell that no spreadsheet computes: what could begin a formula gets an apostrophe, as OWASP's "CSV injection" advises. */
function cell(value) {
  const text = Array.isArray(value) ? value.join(' | ') : String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && !/^\+\d+$/.test(text) ? `'${text}` : spaced(text);
  return `"${safe.replaceAll('"', '""')}"`;
}

/**
 * @param {import('../records.js').Row[]} leads
 * @param {(id: string) => import('../records.js').Row[]} notesOf
 */
export function csv(leads, notesOf) {
  const rows = leads.map(({ id, fields }) => COLUMNS.map((name) => cell(
    name === 'id' ? id : name === 'notes' ? notesOf(id).filter((one) => one.fields.text).map((one) => `${one.fields.at ?? ''} ${one.fields.by ?? ''}: ${one.fields.text}`).join('\n') : fields[name])));
  return `${BOM}${[COLUMNS.map(cell), ...rows].map((row) => row.join(';')).join('\r\n')}\r\n`;
}

const shown = ({ name, organisation, phone, whatsapp, email }) => name || organisation || phone || whatsapp || email || '?';

/** All contacts in one file, vCard 3.0. */
export const vcards = (leads, notesOf) => leads.map(({ id, fields }) => content([
  ['BEGIN', 'VCARD'], ['VERSION', '3.0'], ['PRODID', MAKER], ['UID', `urn:uuid:${id}`], ['REV', fields.at ?? ''],
  ['N', `${escape(shown(fields))};;;;`],
  ['FN', escape(shown(fields))],
  ['ORG', escape(fields.organisation ?? '')],
  ['TEL;TYPE=CELL', fields.phone ?? ''],
  ['TEL;TYPE=CELL', fields.whatsapp === fields.phone ? '' : fields.whatsapp ?? ''],
  ['IMPP', fields.whatsapp && `whatsapp:${fields.whatsapp}`],
  ['EMAIL;TYPE=INTERNET', escape(fields.email ?? '')],
  ['ADR', fields.town && `;;;${escape(fields.town)};;;`],
  ['NOTE', escape([fields.interest, ...notesOf(id).map((one) => one.fields.text)].filter(Boolean).join('\n'))],
  ['CATEGORIES', (fields.tags ?? []).map(escape).join(',')],
  ['END', 'VCARD'],
])).join('');

/**
 * The rows of a file that `csv` wrote, whoever saved it since; columns that are not ours are left out.
 * @param {string} text
 * @returns {Record<string, string>[]}
 */
export function rows(text) {
  const [head = [], ...body] = cells(text.replace(BOM, ''));
  if (!head.includes('name') || !head.includes('id')) return [];
  const plain = (value) => value.replace(/^'(?=[=+\-@\t\r])/, '').replace(/^\+[\d ]+$/, (number) => number.replaceAll(' ', ''));
  return body.filter((row) => row.length > 1).map((row) => Object.fromEntries(COLUMNS.map((name) => [name, plain(row[head.indexOf(name)] ?? '')])));
}

/** RFC 4180, with `,` or `;` between, as the first row has it. */
function cells(text) {
  const between = text.split('\n')[0].split(';').length > text.split('\n')[0].split(',').length ? ';' : ',';
  const found = [[]];
  const pattern = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${between}\\r\\n]*))(${between}|\\r?\\n|$)`, 'y');
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    found.at(-1).push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === '' || pattern.lastIndex >= text.length) break;
    if (match[3] !== between) found.push([]);
  }
  return found;
}

/** Offer a text as a file. */
export function save(text, name, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
