/** Texts of address books as their bytes say them: UTF-8 or UTF-16, else the charset a line names, else a guess by its letters. */

/** @param {string} label @param {Uint8Array} bytes @returns {string | undefined} undefined when they are no such text */
function decoded(label, bytes) {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // other bytes, or a charset nobody knows
  }
}

/** Three letters above 191 without a letter of ASCII at either side are an Arabic word: accents of French stand within words. */
const ARABIC = /(^|[^A-Za-z\xc0-\xff])[\xc0-\xff]{3,}(?![A-Za-z\xc0-\xff])/;

/** @param {Uint8Array} bytes */
const guess = (bytes) => (ARABIC.test(plain(bytes)) ? 'windows-1256' : 'windows-1252');

/** One character for each byte. @param {Uint8Array} bytes */
const plain = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/**
 * The text of some bytes.
 * @param {Uint8Array} bytes
 * @param {string} [charset] the one they are said to be in
 */
export function text(bytes, charset = '') {
  return (charset && !/utf-?8/i.test(charset) && decoded(charset, bytes)) || decoded('utf-8', bytes)
    || decoded(guess(bytes), bytes) || new TextDecoder('windows-1252').decode(bytes);
}

/** The text of a whole file, whose lines may each be in a charset of their own. @param {Uint8Array} bytes */
export function fileText(bytes) {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (first && second === 0 && bytes[3] === 0) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0 && second && bytes[2] === 0) return new TextDecoder('utf-16be').decode(bytes);
  return decoded('utf-8', bytes) ?? lines(bytes).join('\n');
}

/** Lines that name no charset and are not UTF-8 are all in the one that their letters tell. @param {Uint8Array} bytes */
function lines(bytes) {
  const found = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end);
    const [, charset = ''] = /^[^:]*;CHARSET="?([\w-]+)/i.exec(plain(line.subarray(0, 200))) ?? [];
    found.push({ line, read: charset ? text(line, charset) : decoded('utf-8', line) });
    from += line.length + 1;
  }
  const other = found.some(({ line, read }) => read === undefined && guess(line) === 'windows-1256') ? 'windows-1256' : 'windows-1252';
  return found.map(({ line, read }) => read ?? text(line, other));
}

/** The charset an ECI designator of a code stands for; '' for UTF-8, which codes that name none are mostly in. @param {number} eci */
const charsetOf = (eci) => (eci < 19 ? `iso-8859-${Math.max(1, eci - 2)}`
  : { 21: 'windows-1250', 22: 'windows-1251', 23: 'windows-1252', 24: 'windows-1256', 25: 'utf-16be' }[eci] ?? '');

/** The text of a code's bytes. @param {Uint8Array} bytes @param {number} eci the charset it names, 26 when it names none */
export const ofCode = (bytes, eci) => (charsetOf(eci) ? text(bytes, charsetOf(eci)) : fileText(bytes));

/** A text whose bytes somebody took for Latin-1, as readers of some phones do, in its own letters. @param {string} read */
export const respelled = (read) => (/^[\0-\xff]*$/.test(read) && /[\x80-\xff]/.test(read)
  ? fileText(Uint8Array.from(read, (letter) => letter.charCodeAt(0))) : read);
