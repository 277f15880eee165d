/**
 * A private area in the page: the address says which page, the local records what it says, a template how. Nothing
 * waits for the network; what it brings is drawn when it comes, unless somebody is typing.
 *
 * @typedef {object} Area
 * @property {string} root where its addresses begin
 * @property {string} whose how the names of those it is for begin: `exhibitor:`
 * @property {string} door where they come in
 * @property {string} files what the worker is told to store of it
 * @property {Record<string, any>} pages by the first part of the address: `make` says what is drawn, `drawn` what
 *   follows, `acts` what its buttons do
 * @property {(me: import('../records.js').View, lang: string, page: string) => object} frame what every page says
 * @property {import('./words.js').Voice} voice
 */
import { SignIn, refresh, view } from '../records.js';
import { say } from '../say.js';
import { sendPictures } from './pictures.js';
import { chooseLanguage, language, learnZone, show, speak } from './words.js';

const REST = 60_000;
const PRESS = 100; // ms from a finger's lifting to its click

/** @type {Area} */
let area;
let busy = false;
let typing = false;
let late = false; // the first records do not come
let pressing = false; // what is under a finger stays there
let missed = false; // something was to be drawn meanwhile
let begun = 0; // drawings, by the order in which they looked at the records
let newest = 0; // of those on the screen
let timer;

/** Where who signed out goes. */
export const door = () => area.door;

/** Draw the page and keep it up. @param {Area} made */
export async function run(made) {
  area = made;
  speak(area.voice);
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-do]');
    if (button && !(button instanceof HTMLFormElement) && !button.matches('input, select, textarea')) act(event, button);
  });
  document.addEventListener('click', ({ target }) => { typing ||= target.matches('[type="file"]'); }); // the camera is open
  document.addEventListener('cancel', ({ target }) => { typing &&= !target.matches('[type="file"]'); }, true);
  document.addEventListener('submit', (event) => act(event, event.target));
  document.addEventListener('change', (event) => event.target.matches('[data-do]') && act(event, event.target));
  document.addEventListener('input', ({ target }) => {
    typing = !target.matches('[type="search"]');
    document.querySelector('[data-slot="toast"]').replaceChildren(); // who mends what was wrong has read it
  });
  document.addEventListener('pointerdown', () => { pressing = true; });
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => setTimeout(release, PRESS));
  new BroadcastChannel('outbox').addEventListener('message', async () => {
    await paint(true);
    const { look, anew } = await view();
    if (look || anew) soon(1000); // what the office looks at first is known once it is there
  });
  document.addEventListener('visibilitychange', () => document.hidden || keepUp());
  addEventListener('online', keepUp);
  new BroadcastChannel('catalogue').onmessage = learnZone;
  await learnZone();
  if (await paint()) keepUp();
  navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage(area.files));
}

/** The finger is gone: what came meanwhile is drawn. */
function release() {
  pressing = false;
  if (missed) paint(true);
}

/** Where we are: `/exhibitor/contact/<id>` → the page's module and what follows. */
function here() {
  const [first = '', ...rest] = location.pathname.slice(area.root.length).split('/').filter(Boolean);
  const name = Object.hasOwn(area.pages, first) ? first : '';
  return { name, rest, page: area.pages[name] };
}

/**
 * Draw the page from what is on this phone.
 * @param {boolean} [gently] not while somebody types, and without losing where they are
 * @param {Element | null} [done] the form or field whose turn it was: what it holds is kept, what others hold stays typed
 */
async function paint(gently = false, done = null) {
  const leave = () => {
    missed = gently && pressing;
    return gently && (typing || pressing || document.querySelector('dialog[open], [data-live]'));
  };
  if (leave()) return true;
  begun += 1;
  const turn = begun;
  const me = await view();
  if (!me.who.startsWith(area.whose)) {
    if (!(await first())) return false;
    return paint();
  }
  const lang = await language();
  const { name, rest, page } = here();
  const made = await page.make(me, lang, rest);
  if (!made) return location.replace(area.root);
  if (leave()) return true; // somebody began to type meanwhile
  if (turn < newest) return gently || paint(false, done); // this look at the records is older than what is on the screen
  newest = turn;
  const focused = document.activeElement?.id;
  const unkept = typed(done);
  if (!show(made.template, { ...area.frame(me, lang, name), ...made.context }, lang, gently)) return true;
  typing = unkept.map(typeAgain).some(Boolean);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  await page.drawn?.(me, lang, rest);
  return true;
}

const FIELDS = 'form[data-do] :is(input:not([type="file"]), textarea)';

/** The fields in which something was begun and is not kept. @param {Element | null} done */
function typed(done) {
  /** @type {HTMLInputElement[]} */
  const fields = [...document.querySelectorAll(`#area ${FIELDS}`)];
  const begun = fields.filter((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  return begun.filter((field) => field.form !== done && field !== done);
}

/** Put what was begun where it was. @param {HTMLInputElement} old @returns {boolean} whether its place is still there */
function typeAgain(old) {
  const fields = [...document.querySelectorAll(`#area form[data-do="${old.form.dataset.do}"] [name="${old.name}"]`)];
  const field = old.type === 'radio' ? fields.find(({ value }) => value === old.value) : fields[0];
  if (!field) return false;
  Object.assign(field, old.type === 'radio' || old.type === 'checkbox' ? { checked: old.checked } : { value: old.value });
  return true;
}

/** A phone that came in without scripts, whose storage was emptied, or was another's, has a session and no records yet. */
async function first() {
  const lang = await language();
  try {
    show('first_time', { late }, lang);
    await refresh({ anew: true });
    if (!(await view()).who.startsWith(area.whose)) throw new SignIn(area.root);
    return true;
  } catch (problem) {
    late = !(problem instanceof SignIn);
    if (late) {
      show('first_time', { late }, lang);
      setTimeout(start_again, 3000);
    } else location.replace(area.door);
    return false;
  }
}

const start_again = () => paint().then((drawn) => drawn && keepUp());

/** Take what the server has now; again in a minute. */
async function keepUp() {
  if (busy || document.hidden) return;
  busy = true;
  try {
    await refresh();
    await sendPictures();
  } catch (problem) {
    console.info('Not up to date.', problem);
  }
  busy = false;
  await paint(true);
  soon(REST);
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(keepUp, wait);
}

const COMMON = {
  lang: async ({ lang }) => chooseLanguage(lang),
  print: () => print(),
};

/** What a button, a field or a form does: a function of the page's module, by the name in `data-do`. */
async function act(event, element) {
  const name = element.dataset.do;
  const { page, rest } = here();
  const work = page.acts?.[name] ?? COMMON[name];
  if (!work) return;
  if (event.type === 'submit' || element.tagName === 'BUTTON') event.preventDefault();
  if (event.type === 'submit' && event.submitter?.value === 'cancel') return;
  try {
    const next = await work(element.dataset, element, await view(), rest, event);
    typing = next === 'typing';
    if (typeof next === 'string' && next.startsWith('/')) location.assign(next);
    else if (next !== 'typing' && next !== 'stay') await paint(false, element);
  } catch (problem) {
    console.error(problem);
    say(problem.name === 'QuotaExceededError' ? 'storage-full' : 'not-kept');
  }
}
