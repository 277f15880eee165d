/** Texts of address books as their bytes say them: UTF-8 or UTF-16, else the charset a line names, else a guess by its letters. */

/** @param {string} label @param {Uint8Array} bytes @returns {string | undefined} undefined when they are no such text */
function decoded(label, bytes) {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // other bytes, or a charset nobody knows
  }
}

/** Arabic words are runs of bytes above 127; accents of French stand alone among ASCII. @param {Uint8Array} bytes */
function guess(bytes) {
  const high = [...bytes].map((byte) => byte > 127);
  const inRuns = high.filter((is, at) => is && (high[at - 1] || high[at + 1])).length;
  return inRuns * 2 > high.filter(Boolean).length ? 'windows-1256' : 'windows-1252';
}

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

/** @param {Uint8Array} bytes */
function lines(bytes) {
  const found = [];
  const other = guess(bytes.filter((byte, at) => byte > 127 || bytes[at - 1] > 127 || bytes[at + 1] > 127));
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end);
    const head = new TextDecoder('windows-1252').decode(line.subarray(0, 200));
    const [, charset = ''] = /^[^:]*;CHARSET="?([\w-]+)/i.exec(head) ?? [];
    found.push(charset ? text(line, charset) : decoded('utf-8', line) ?? text(line, other));
    from += line.length + 1;
  }
  return found;
}
