/** Which addresses are a visitor's, and what they ask: read as Flask reads them. */
import { languages } from './shell.js';

const PREFIXED = new RegExp(`^/(${languages.join('|')})(/.*)?$`, 'is');
const PRINTED = /^\/[bBeE]\/.+$/s;

/**
 * @param {URL} url
 * @returns {{lang: string, path: string, query: Record<string, string>} | undefined} path without its language,
 *   decoded, '' for "/fr"; lang '' when the address names none; undefined when the address is not a visitor's page
 */
export function visit({ pathname, searchParams }) {
  const [, written = '', rest = ''] = PREFIXED.exec(pathname) ?? [];
  const lang = written.toLowerCase();
  if (rest === '/manifest.webmanifest') return undefined;
  if (!lang && pathname !== '/' && !PRINTED.test(pathname)) return undefined;
  const path = lang ? rest : pathname.replace(/^\/[BE]\//, (letter) => letter.toLowerCase());
  return { lang, path: decoded(path), query: firsts(searchParams) };
}

/** Percent-decoded; unlike decodeURIComponent it puts U+FFFD for what is not UTF-8 instead of throwing. */
const decoded = (path) => new URLSearchParams(`p=${path.replace(/[+&]/g, encodeURIComponent)}`).get('p');

/** The first value of each parameter. */
function firsts(parameters) {
  const query = Object.create(null);
  for (const [name, value] of parameters) query[name] ??= value;
  return query;
}
