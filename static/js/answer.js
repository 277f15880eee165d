/** The answer to a visitor's address from what is on the phone: the same bytes as Flask's. For the worker only. */
import { visit } from './address.js';
import { current, listed } from './catalogue.js';
import { onFair } from './clock.js';
import { translator } from './messages.js';
import { answer as say } from './pages.js';
import { base_url, headers, languages, release } from './shell.js';
import { settings } from './store.js';
import { render, renderBlock } from './templates.js';

const FRAGMENT = 'text/x-fragment';
const SLOT = 5 * 60_000; // pages that say "now" are true for so long; Flask rounds alike
const WARM = 500; // ms after which the search is got ready, so that the first letter typed need not wait for it
const PATIENCE = 12_000; // for a network that accepts and never answers, while there is nothing else to show

/** Whether the worker answers this address. @param {URL} url */
export const isVisit = (url) => visit(url) !== undefined;

/**
 * From the phone, at once, whatever the network is like; from the network only while the phone has no catalogue.
 * @param {Request} request for a visitor's address
 * @returns {Promise<Response>}
 */
export async function answer(request) {
  try {
    const catalogue = await current();
    if (catalogue) return await local(catalogue, request);
  } catch (error) {
    console.error(error); // a page that cannot be made here may still come from Flask
  }
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  return Promise.race([fetch(request), late]).catch(() => unreached(request));
}

async function local(catalogue, request) {
  const url = new URL(request.url);
  const asked = visit(url);
  if (!asked.path) return made('', 308, 'text/plain', { location: `${url.pathname}/${url.search}` });
  const lang = asked.lang || (await preferred());
  const { gettext, ngettext } = translator(lang);
  const said = say(catalogue, {
    ...asked, lang, now: now(catalogue.fair), gettext, ngettext, base_url: base_url || url.origin, origin: url.origin,
    languages,
  });
  if (said.location) return made('', 302, 'text/plain', { location: said.location });
  if (said.body !== undefined) {
    return made(said.body, 200, said.type, { 'content-disposition': `inline; filename=${said.filename}` });
  }
  if (said.template === 'visitors/exhibitors.html') setTimeout(() => catalogue.find('a'), WARM);
  return page(request, said, lang);
}

/** @param {Request} request @param {any} said @param {string} lang */
function page(request, { status, template, context }, lang) {
  const { gettext, ngettext } = translator(lang);
  const globals = { _: gettext, gettext, ngettext, asset: (path) => `/static/${release}/${path}` };
  if (request.headers.get('accept')?.startsWith(FRAGMENT)) {
    const part = renderBlock(template, 'fragment', context, globals);
    if (part !== undefined) return made(part, status, `${FRAGMENT}; charset=utf-8`);
  }
  return made(render(template, context, globals), status, 'text/html; charset=utf-8');
}

export function made(body, status, type, more = {}) {
  return new Response(body, {
    status, headers: { ...headers, ...more, 'content-type': type, 'rafiq-release': release },
  });
}

/** The fair's local time, rounded down: "2027-07-03T10:05". @param {object} fair */
function now(fair) {
  const time = Date.now();
  return onFair(new Date(time - (time % SLOT)), fair).slice(0, 16);
}

/** The language for an address that names none: the one last chosen, the browser's, the fair's first. */
async function preferred() {
  const wished = [await settings.get('lang'), ...navigator.languages.map((tag) => tag.split('-')[0])];
  return wished.find((lang) => languages.includes(lang)) ?? languages[0];
}

/** Said when the network does not answer and the fair is not on the phone yet: what has come of it, or a way out. */
async function unreached(request) {
  const catalogue = await listed().catch(() => undefined);
  if (catalogue) return local(catalogue, request);
  const lang = visit(new URL(request.url)).lang || (await preferred());
  const context = { lang, dir: lang === 'ar' ? 'rtl' : 'ltr', again: request.url };
  return page(request, { status: 503, template: 'visitors/unreached.html', context }, lang);
}
