/** Content lines of vCard and iCalendar files. Twin of companion/visitors/lines.py. */
const BREAKS = /\r\n|[\n\r\u000b\u000c\u0085\u2028\u2029]/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A text value (RFC 2426 section 4, RFC 5545 section 3.3.11); line breaks of any kind become \n. */
export const escape = (text) => text.replace(/[\\;,]/g, '\\$&').replace(BREAKS, '\\n').replace(CONTROLS, '');

const octets = (character) => {
  const code = character.codePointAt(0);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
};

/** A line cut every 75 octets, never inside a character (RFC 5545 section 3.1). */
export function fold(line) {
  let [folded, room] = ['', 75];
  for (const character of line) {
    const size = octets(character);
    if (size > room) [folded, room] = [`${folded}\r\n `, 74];
    [folded, room] = [folded + character, room - size];
  }
  return folded;
}

/** A file of `name:value` lines, each folded and ended by CRLF; lines without a value are left out. */
export const content = (lines) => lines.filter(([, value]) => value)
  .map(([name, value]) => `${fold(`${name}:${value}`)}\r\n`).join('');
