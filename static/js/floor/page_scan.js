/** A booth's poster, an exhibitor's card, or a number typed: the exhibitor's page opens. */
import { scanner, stop } from '../area/scanner.js';
import { say } from '../say.js';
import { view } from '../records.js';

const ADDRESS = /\/([be])\/([^/?#\s]{1,20})(?=[/?#\s.]|$)/i;
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;

/** A code as people write it: capitals and digits, nothing between. */
const typed = (text) => text.replace(DIGITS, (digit) => digit.charCodeAt(0) & 15).toUpperCase().replace(/[^A-Z0-9]/g, '');
/** What spellings of a numbered code share: `B04` and `b 4`. */
const loose = (text) => typed(text).replace(/(^|[^0-9])0+(?=[0-9])/g, '$1');

/**
 * What a code is of, as far as this phone knows the fair.
 * @param {import('../records.js').View} me
 * @param {string} text read by the camera or typed
 * @returns {string} the address of its page here; '' when it is of nothing known
 */
export function place(me, text) {
  const [, kind = '', code = text] = ADDRESS.exec(text.slice(0, 4000)) ?? [];
  const booth = kind.toLowerCase() === 'e' ? undefined : spelled(me.all('booth'), code);
  const exhibitor = kind.toLowerCase() === 'b' ? undefined : spelled(me.all('exhibitor'), code);
  const id = booth?.fields.exhibitor ?? exhibitor?.id;
  return id ? `/staff/floor/one/${id}` : booth ? `/staff/floor/move/${booth.id}` : '';
}

const spelled = (rows, code) => rows.find(({ fields }) => fields.code && typed(fields.code) === typed(code)) ?? rows.find(({ fields }) => fields.code && loose(fields.code) === loose(code));

/** @type {import('../records.js').View} */
let known;

export const make = async () => ({ template: 'scan', context: {} });

export async function drawn(me) {
  known = me;
  addEventListener('pagehide', stop);
}

function found(text) {
  const address = place(known, text);
  if (address) location.assign(address);
  return Boolean(address);
}

export const acts = {
  ...scanner(found, 'no-booth'),
  async code(_, form) {
    const address = place(await view(), form.elements.code.value);
    if (address) return address;
    say('no-booth');
    return 'typing';
  },
};
