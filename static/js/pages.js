/**
 * Which page answers which address. Flask and the service worker ask the same; twin of companion/visitors/pages.py.
 * Templates get plain text, integers, booleans, lists and objects only; they do the escaping.
 */
import { page } from './ask.js';
import { booth, exhibitor } from './page_exhibitor.js';
import { exhibitors } from './page_exhibitors.js';
import { home } from './page_home.js';
import { plan } from './page_map.js';
import { mine } from './page_mine.js';
import { missing } from './page_missing.js';
import { programme, workshop } from './page_programme.js';
import { request } from './page_request.js';
import { scan } from './page_scan.js';

/** `/about`: all its words are in the template. */
const about = (catalogue, ask) => page(catalogue, ask, 'about', ask.gettext('About'), {});

const PAGES = new Map(Object.entries({ '': home, exhibitors, map: plan, programme, mine, scan, about }));
const RECORDS = new Map(Object.entries({ e: exhibitor, b: booth, programme: workshop }));

/**
 * Answer a visitor's address: in any case, with or without a last slash, whatever the parameters.
 *
 * A page: {status: 200 | 404, template, context}. A file: {status: 200, type, filename, body}. Elsewhere:
 * {status: 302, location}. Parameters a page cannot make sense of count as not given.
 *
 * @param {import('./index.js').Catalogue} catalogue
 * @param {import('./ask.js').Ask} ask
 */
export function answer(catalogue, ask) {
  const parts = ask.path.split('/').slice(1);
  if (parts.length > 1 && parts.at(-1) === '') parts.pop();
  const [head = '', code] = [parts[0]?.toLowerCase(), parts[1]];
  if (parts.length < 2 && PAGES.has(head)) return PAGES.get(head)(catalogue, ask);
  if (parts.length === 2 && RECORDS.has(head)) return RECORDS.get(head)(catalogue, ask, code);
  if (parts.length === 3 && head === 'e' && parts[2].toLowerCase() === 'request') return request(catalogue, ask, code);
  return missing(catalogue, ask, 'page', ask.path);
}
