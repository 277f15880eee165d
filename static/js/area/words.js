/**
 * What every page of a private area is drawn with: the languages, the templates' functions, the fair that visitors have too.
 *
 * @typedef {{folder: string, render: Function, translator: Function}} Voice the area's templates and messages
 */
import { onFair } from '../clock.js';
import { draw, release } from '../fragment.js';
import { NATIVE, local, words } from '../format.js';
import { received, settings } from '../store.js';

export const LANGUAGES = ['fr', 'ar', 'zgh'];

/** The language chosen last, wherever that was: the office's pages know only the cookie, which some browsers soon drop. */
export async function language() {
  const cookie = /(?:^|; )lang=(\w+)/.exec(document.cookie)?.[1];
  const wished = [cookie, await settings.get('lang'), ...navigator.languages.map((tag) => tag.split('-')[0])];
  return wished.find((code) => LANGUAGES.includes(code)) ?? LANGUAGES[0];
}

/** Go over to a language, here and on the visitors' pages. */
export async function chooseLanguage(code) {
  document.cookie = `lang=${code}; path=/; max-age=${400 * 86_400}; samesite=lax`;
  await settings.set('lang', code).catch(() => {});
}

/** @type {Promise<object> | undefined} */
let fair;

/** The public catalogue, from the phone, else from the server; `{}` while there is neither. */
export function catalogue() {
  fair ??= found();
  return fair;
}

async function found() {
  const stored = await received.get();
  if (stored) return JSON.parse(stored.snapshot);
  try {
    const { snapshot } = await (await fetch('/api/catalogue')).json();
    return await (await fetch(snapshot)).json();
  } catch {
    fair = undefined; // asked again by the next page
    return {};
  }
}

/** @type {object | undefined} the fair whose clocks show the times */
let zone;

/** Learn the fair's offset from the catalogue on this phone; while there is none, times are those of the phone's clock. */
export async function learnZone() {
  const stored = await received.get();
  if (stored) zone = JSON.parse(stored.snapshot).fair;
}

const LATE = 5 * 60_000;

/**
 * When somebody acted, and when it reached the server if that was notably later. A stamp later than its arrival is of a
 * clock that is ahead: then the arrival is all that is known.
 * @param {{stamp: string, received?: string}} edit not `received` while it waits on this phone
 */
export function acted({ stamp, received: arrived = '' }) {
  const noted = Number(stamp.slice(0, 13));
  const arrival = Date.parse(arrived) || noted;
  return { at: clock(new Date(Math.min(noted, arrival)).toISOString()), arrived: arrival - noted > LATE ? clock(arrived) : '' };
}

/** An ISO time as the fair's clocks show it; empty for what is none. */
export function wall(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : onFair(date, zone);
}

/** An ISO time as people read it: the time of today, else with day and month; the year when it is another. */
export function clock(iso, day = true) {
  const [here, now] = [wall(iso), onFair(new Date(), zone)];
  if (!here) return '';
  if (here.slice(0, 10) === now.slice(0, 10) || !day) return here.slice(11, 16);
  const year = here.slice(0, 4) === now.slice(0, 4) ? '' : `/${here.slice(0, 4)}`;
  return `${here.slice(8, 10)}/${here.slice(5, 7)}${year} ${here.slice(11, 16)}`;
}

/** The texts of a record's translated field: `{fr, ar, zgh}`. */
export const texts = (row, name) => Object.fromEntries(
  Object.entries(row?.fields ?? {}).filter(([path]) => path.startsWith(`${name}.`)).map(([path, text]) => [path.slice(name.length + 1), text]));

/** @type {Voice} */
let voice;

/** Draw with the templates and messages of one area from now on. @param {Voice} made */
export const speak = (made) => { voice = made; };

/** A template's text with these values. @param {string} name of the template @param {object} context @param {string} lang */
function written(name, context, lang) {
  const { gettext, ngettext } = voice.translator(lang);
  const globals = { _: gettext, gettext, ngettext, asset: (path) => `/static/${release}/${path}` };
  return voice.render(`${voice.folder}/${name}.html`, context, globals);
}

/** Draw a part of the page. @param {HTMLElement} target */
export const part = (name, context, lang, target) => draw(target, written(name, context, lang));

let last = '';

/**
 * Draw a page.
 * @param {string} name of the template
 * @param {object} context
 * @param {string} lang
 * @param {boolean} [gently] not when it would look as it did: somebody may be about to press something
 * @returns {boolean} whether it was drawn
 */
export function show(name, context, lang, gently = false) {
  const html = written(name, context, lang);
  if (gently && html === last) return false;
  last = html;
  const root = document.documentElement;
  root.lang = lang;
  root.dir = lang === 'ar' ? 'rtl' : 'ltr';
  draw(document.getElementById('area'), html);
  document.title = `${document.querySelector('#area h1')?.textContent ?? ''} · Rafiq`;
  return true;
}

/** What every page says around its own. */
export function frame(me, lang, page) {
  const own = me.all('exhibitor')[0];
  const refused = me.unsent.filter(({ state }) => state === 'refused').length;
  return {
    lang, page,
    dir: lang === 'ar' ? 'rtl' : 'ltr',
    languages: LANGUAGES.map((code) => ({ code, name: NATIVE[code], current: code === lang })),
    me: { name: words(texts(own, 'name'), lang), title: local(texts(own, 'name'), lang), code: own?.fields.code ?? '' },
    unsent: me.unsent.length + me.pictures,
    refused,
    over: me.over,
    look: me.look,
    checked: me.checked ? clock(me.checked) : '',
  };
}
