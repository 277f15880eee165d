/**
 * Ways to reach a person, read as far as a phone can without a library of the world's numbers; like companion/phones.py for
 * Morocco, more lenient abroad. The server remains the judge.
 */
const DIGITS = [0x0660, 0x06f0, 0xff10]; // Arabic, Persian, full width
const MOROCCAN = /^[5-8][0-9]{8}$/;
const EMAIL = /^[^@\s<>"'(),;:]+@[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+$/u;

const western = (text) => text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => {
  const code = digit.charCodeAt(0);
  return String(code - DIGITS.findLast((zero) => zero <= code));
});

/** A number as E.164 (`06 00 00 00 01` → `+212600000001`), or '' when it is none. @param {string} written */
export function e164(written) {
  if (/\p{L}/u.test(written)) return '';
  const typed = western(written.trim()).replace(/^\uff0b/, '+');
  const plus = /^[^0-9]*\+|^[^0-9]*00|^212[0-9]{9}$/.test(typed);
  const digits = typed.replace(/[^0-9]/g, '').replace(/^00/, '');
  const home = plus ? /^212/.test(digits) && digits.slice(3) : digits;
  if (home === false) return /^[1-9][0-9]{6,14}$/.test(digits) ? `+${digits}` : '';
  const national = home.replace(/^0/, '');
  return MOROCCAN.test(national) ? `+212${national}` : '';
}

/** An e-mail address in small letters, or '' when it is none. @param {string} written */
export const email = (written) => (EMAIL.test(written.trim()) ? written.trim().toLowerCase() : '');
