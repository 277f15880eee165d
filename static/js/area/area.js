/**
 * The exhibitors' area in the page: the address says which page, the local records what it says, a template how. Nothing
 * waits for the network; what it brings is drawn when it comes, unless somebody is typing.
 */
import { SignIn, refresh, view } from '../records.js';
import { say } from '../say.js';
import * as card from './page_card.js';
import * as contacts from './page_contacts.js';
import * as contact from './page_contact.js';
import * as edit from './page_edit.js';
import * as fair from './page_fair.js';
import * as history from './page_history.js';
import * as home from './page_home.js';
import * as leave from './page_leave.js';
import * as messages from './page_messages.js';
import * as mine from './page_mine.js';
import * as phones from './page_phones.js';
import * as photos from './page_photos.js';
import * as product from './page_product.js';
import * as take from './page_take.js';
import { sendPictures } from './pictures.js';
import { chooseLanguage, frame, language, show } from './words.js';

const PAGES = { '': home, card, contacts, contact, edit, fair, history, leave, messages, page: mine, phones, photos, product, take };
const REST = 60_000;

let busy = false;
let typing = false;

/** Draw the page and keep it up. */
export async function start() {
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('label')?.querySelector('[type="file"]')) typing = true; // until the file is chosen
    const button = event.target.closest?.('[data-do]');
    if (button && !(button instanceof HTMLFormElement) && !button.matches('input, select, textarea')) act(event, button);
  });
  document.addEventListener('submit', (event) => act(event, event.target));
  document.addEventListener('change', (event) => event.target.matches('[data-do]') && act(event, event.target));
  document.addEventListener('input', () => {
    typing = true;
    document.querySelector('[data-slot="toast"]').replaceChildren(); // who mends what was wrong has read it
  });
  new BroadcastChannel('outbox').addEventListener('message', () => paint(true));
  document.addEventListener('visibilitychange', () => document.hidden || keepUp());
  addEventListener('online', keepUp);
  if (await paint()) keepUp();
  navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage('area'));
}

/** Where we are: `/exhibitor/contact/<id>` → the page's module and what follows. */
function here() {
  const [name = '', ...rest] = location.pathname.split('/').slice(2);
  return { name: Object.hasOwn(PAGES, name) ? name : '', rest, page: PAGES[Object.hasOwn(PAGES, name) ? name : ''] };
}

/**
 * Draw the page from what is on this phone.
 * @param {boolean} [gently] not while somebody types, and without losing where they are
 */
async function paint(gently = false) {
  const leave = () => gently && (typing || document.querySelector('dialog[open], [data-live]'));
  if (leave()) return true;
  const me = await view();
  if (!me.who) {
    if (!(await first())) return false;
    return paint();
  }
  const lang = await language();
  const { name, rest, page } = here();
  const made = await page.make(me, lang, rest);
  if (!made) return location.replace('/exhibitor/');
  if (leave()) return true; // somebody began to type meanwhile
  show(made.template, { ...frame(me, lang, name), ...made.context }, lang, gently);
  typing = false;
  await page.drawn?.(me, lang, rest);
  return true;
}

/** A phone that came in without scripts, or whose storage was emptied, has a session and no records yet. */
async function first() {
  try {
    await refresh();
    return true;
  } catch (problem) {
    if (problem instanceof SignIn) location.replace('/in');
    else setTimeout(start_again, 3000);
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
  clearTimeout(keepUp.timer);
  keepUp.timer = setTimeout(keepUp, REST);
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
    else if (next !== 'typing' && next !== 'stay') await paint();
  } catch (problem) {
    console.error(problem);
    say(problem.name === 'QuotaExceededError' ? 'storage-full' : 'not-kept');
  }
}
