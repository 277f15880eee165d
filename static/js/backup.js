/**
 * What a visitor keeps (bookmarks, notes, visits, agenda), as text that fits a QR code or a file, and back again.
 *
 * The backup is one JSON object, the same for code and file:
 *     {"rafiq": 1, "made": "2027-07-03T10:05:00Z", "bookmark": [["K7M2P", 93], …], "visited": […],
 *      "agenda": [["W01", 4], …], "note": [["K7M2P", 93, "honey, 2 jars"], …]}
 * with the minutes between each mark and `made`, so that nothing gets a wrong time from being restored. A file holds
 * it as it is; an address holds it behind `#`, which browsers never send, as `#r=` + how it is packed
 * ("1" zlib, "0" not compressed) + base64url. Whatever is read may come from anyone and is checked in full.
 */

import { mine } from './store.js';

const FORMAT = 1;
const CODES = {
  bookmark: /^[0-9A-HJKMNP-TV-Z]{4,6}$/,
  visited: /^[0-9A-HJKMNP-TV-Z]{4,6}$/,
  note: /^[0-9A-HJKMNP-TV-Z]{4,6}$/,
  agenda: /^[0-9A-Z-]{1,12}$/,
};
/** @type {any[]} */
export const TYPES = Object.keys(CODES);
const MOST_RECORDS = 5000;
const LONGEST_NOTE = 20000;
const LARGEST_BYTES = 2 ** 20;
const MOST_MINUTES = 60 * 24 * 366 * 20;

/** A backup that cannot be read; `message` is the key of the words that say why (see say.js). */
export class Unreadable extends Error {}

/** Everything kept on this phone, oldest first. */
export async function kept() {
  const records = (await Promise.all(TYPES.map((type) => mine.all(type)))).flat();
  return records.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/**
 * The backup as text, for a file.
 * @param {{type: string, id: string, at: string, text?: string}[]} records
 * @param {Date} made when
 */
export function write(records, made) {
  const backup = { rafiq: FORMAT, made: made.toISOString().replace(/\.\d+/, '') };
  for (const { type, id, at, text } of records) {
    const minutes = Math.max(0, Math.round((+made - +new Date(at)) / 60000));
    (backup[type] ??= []).push(type === 'note' ? [id, minutes, text] : [id, minutes]);
  }
  return JSON.stringify(backup);
}

/**
 * The records of a backup's text.
 * @throws {Unreadable} when it is not one, or was written by a later version
 */
export function read(text) {
  let backup;
  try {
    backup = JSON.parse(text);
  } catch {
    throw new Unreadable('backup-broken');
  }
  if (Number.isInteger(backup?.rafiq) && backup.rafiq > FORMAT) throw new Unreadable('backup-newer');
  const made = Date.parse(backup?.made);
  if (backup?.rafiq !== FORMAT || Number.isNaN(made)) throw new Unreadable('backup-broken');
  const records = TYPES.flatMap((type) => [].concat(backup[type] ?? []).map((row) => record(type, row, made)));
  if (records.length > MOST_RECORDS) throw new Unreadable('backup-broken');
  return records;
}

function record(type, row, made) {
  const [id, minutes, text] = Array.isArray(row) ? row : [];
  const good =
    typeof id === 'string' && CODES[type].test(id) &&
    Number.isInteger(minutes) && minutes >= 0 && minutes <= MOST_MINUTES &&
    (type !== 'note' || (typeof text === 'string' && text.length <= LONGEST_NOTE));
  if (!good) throw new Unreadable('backup-broken');
  const at = new Date(made - minutes * 60000).toISOString();
  return type === 'note' ? { type, id, at, text } : { type, id, at };
}

/** The part of an address that holds a backup: `#r=…`. */
export async function toHash(records, made) {
  const bytes = new TextEncoder().encode(write(records, made));
  if (!globalThis.CompressionStream) return `#r=0${base64url(bytes)}`;
  return `#r=1${base64url(await through(bytes, new CompressionStream('deflate')))}`;
}

/** The records held by `#r=…`. @throws {Unreadable} */
export async function fromHash(hash) {
  const [, packing, packed] = /^#r=([01])([\w-]{1,8000})$/.exec(hash) ?? [];
  if (!packed) throw new Unreadable(/^#r=[2-9a-z]/i.test(hash) ? 'backup-newer' : 'backup-broken');
  if (packing === '1' && !globalThis.DecompressionStream) throw new Unreadable('backup-old-browser');
  try {
    let bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    if (packing === '1') bytes = await through(bytes, new DecompressionStream('deflate'));
    return read(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (problem) {
    throw problem instanceof Unreadable ? problem : new Unreadable('backup-broken');
  }
}

/**
 * Add the records to what this phone has, taking nothing away: of two different notes on one exhibitor both stay.
 * Merging twice changes nothing.
 */
export async function merge(records) {
  const here = new Map((await kept()).map((record) => [`${record.type} ${record.id}`, record]));
  await Promise.all(
    records.map((record) => {
      const known = here.get(`${record.type} ${record.id}`);
      const both = known ? joined(known, record) : record;
      return both === known ? undefined : mine.put(both);
    }),
  );
}

/** One record out of the one on this phone and the one of the backup; the very same object when nothing is new. */
function joined(here, there) {
  if (here.type !== 'note' || here.text.includes(there.text)) return here;
  if (there.text.includes(here.text)) return { ...here, text: there.text };
  return { ...here, text: `${here.text}\n\n${there.text}` };
}

/** Send bytes through a compressing or decompressing stream; refuses to unfold more than `LARGEST_BYTES`. */
async function through(bytes, stream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    parts.push(value);
    size += value.length;
    if (size > LARGEST_BYTES) {
      await reader.cancel();
      throw new Unreadable('backup-broken');
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function base64url(bytes) {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
