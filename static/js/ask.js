/**
 * One visitor's question and what every answer holds. Twin of companion/visitors/ask.py.
 *
 * @typedef {object} Ask what is asked, in which language, when, and with which words to answer
 * @property {string} lang
 * @property {string} path without the language, decoded, e.g. "/e/K7M2P"
 * @property {Record<string, string>} query the first value of each parameter
 * @property {string} now the fair's own clock, "2027-07-03T10:05"
 * @property {(message: string) => string} gettext answers with the message's %(holes)s still open
 * @property {(one: string, many: string, n: number) => string} ngettext
 * @property {string} base_url "https://host" or ""
 * @property {string} origin where this page was asked for: another one than base_url on the fair's own network
 * @property {string[]} languages the codes that are on, in the order to show them
 */
import { NATIVE, address, local, words } from './format.js';

// Every parameter a page reads. Links to the same page keep these, in this order, and drop the others.
const PARAMETERS = [
  'q', 'kind', 'sector', 'province', 'zone', 'label', 'page',
  'at', 'to', 'stops', 'day', 'room', 'lang', 'mine', 'codes', 'visited', 'agenda', 'code', 'sent',
];

// The tab of the bottom bar each page belongs to.
const NAV = {
  home: 'home', exhibitors: 'exhibitors', exhibitor: 'exhibitors', booth_free: 'map', map: 'map', mine: 'mine',
  scan: 'scan', request: 'exhibitors',
};

/** A parameter of the address; '' when it is not given. @param {Ask} ask */
export const param = (ask, name) => ask.query[name] ?? '';

/** The address of a page in the visitor's language. @param {Ask} ask */
export const href = (ask, path, query) => address(ask.lang, path, query);

/** The fair's short name, as messages and titles say it. @param {Ask} ask */
export const fairName = (catalogue, ask) => words(catalogue.fair.short_name, ask.lang) || words(catalogue.fair.name, ask.lang);

/** The answer that renders one template with the members every page has and its own. @param {Ask} ask */
export function page(catalogue, ask, name, title, context, status = 200) {
  const { fair, snapshot } = catalogue;
  const { lang, path, base_url } = ask;
  const query = Object.fromEntries(PARAMETERS.map((key) => [key, param(ask, key)]));
  const languages = ask.languages.map((code) => ({
    code, name: NATIVE[code], href: address(code, path, query), current: code === lang,
  }));
  const common = {
    lang,
    dir: lang === 'ar' ? 'rtl' : 'ltr',
    page: name,
    nav: NAV[name] ?? '',
    languages,
    alternates: languages,
    path,
    fair: {
      name: local(fair.name, lang),
      short_name: local(fair.short_name, lang) ?? local(fair.name, lang),
      place: local(fair.place, lang),
      dates: words(fair.dates, lang),
      demo: Boolean(fair.demo),
    },
    seq: snapshot.seq,
    made: snapshot.made,
    base_url,
    title: name === 'home' ? title : `${title} · ${fairName(catalogue, ask)}`,
    description: words(fair.theme, lang),
    urgent: name === 'home' ? [] : (snapshot.notices ?? []).filter(({ urgency, starts = '', ends = '9999' }) => (
      urgency === 'urgent' && starts.slice(0, 16) <= ask.now && ask.now < ends.slice(0, 16)
    )).map(({ title }) => local(title, lang)),
  };
  return { status, template: `visitors/${name}.html`, context: { ...common, ...context } };
}
