/**
 * The form of a request: on the disk before it says so, sent by the outbox. What is typed survives a killed page, a full
 * phone and a reload; it is gone from the form only once it is in the outbox.
 */
import { again, all, put } from './outbox.js';
import { card } from './own_card.js';
import { say, words } from './say.js';
import { states } from './sent.js';
import { settings } from './store.js';
import { count } from './tally.js';
import { uuid } from './uuid.js';
import { fields, typed, wrong } from './wish.js';

const form = () => document.querySelector('[data-request]');
const code = () => form().dataset.request;
const draftKey = () => `draft ${code()}`;
const problemOf = (field) => form().querySelector(`[data-wrong="${field}"]`) ?? form().querySelector('[data-wrong="other"]');

/** The refused request that is being written anew; its id is in the address. */
let refused;

/** Fill the form with what was begun, or with my card, and take it over from the browser. */
export async function start() {
  form().noValidate = true;
  form().addEventListener('submit', (event) => {
    event.preventDefault();
    leave();
  });
  form().addEventListener('input', ({ target }) => {
    complain(target.name.replace(/-[0-9]+$/, 's'), '');
    keep();
  });
  addEventListener('pagehide', keepNow);
  document.addEventListener('visibilitychange', () => document.hidden && keepNow());
  settings.remove('').catch(() => import('./direct.js')).catch(console.info); // a browser that keeps nothing: while there is a network
  await begin();
}

async function begin() {
  const [, edit] = /^#edit=([0-9a-f-]{36})$/.exec(location.hash) ?? [];
  refused = edit && (await all()).find(({ id, state }) => id === edit && state === 'refused');
  const draft = left() ?? (await settings.get(draftKey()));
  const mine = await card();
  if (refused) write(written(refused.edit.fields));
  else if (draft) write(draft);
  else if (mine) write({ name: mine.name, phone: mine.phone, whatsapp: mine.whatsapp, email: mine.email, same: mine.whatsapp && mine.whatsapp === mine.phone ? '1' : '' });
  if (refused) complain(refused.field, refused.problem);
}

/** A request as it stood in the form. */
function written({ products = [], ...rest }) {
  const rows = [...form().querySelectorAll('[name^="name-"]')];
  const shown = {};
  for (const { name, unit, quantity = '' } of products) {
    const row = rows.find(({ value, name: field }) => value === name && form().elements[field.replace('name', 'unit')].value === unit);
    if (!row) continue;
    shown[row.name.replace('name', 'product')] = '1';
    shown[row.name.replace('name', 'quantity')] = String(quantity);
  }
  return { ...rest, same: rest.whatsapp && rest.whatsapp === rest.phone ? '1' : '', products: shown };
}

/** Put values into the form's fields; those it does not have are left out. */
function write({ products = {}, ...values }) {
  for (const [name, value] of Object.entries({ ...values, ...products })) {
    const field = form().elements.namedItem(name);
    if (!field || typeof value !== 'string') continue;
    if (field.type === 'checkbox') field.checked = value !== '' && (name !== 'consent' || value === field.value);
    else if (field.type !== 'hidden') field.value = value;
  }
}

let writing = false;
let changed = false;

/** Keep what is typed, one write after the other. */
async function keep() {
  changed = true;
  if (writing) return;
  writing = true;
  while (changed) {
    changed = false;
    await settings.set(draftKey(), typed(form())).catch(() => { /* the phone is full; leaving will say so */ });
  }
  writing = false;
  left(null);
}

/** The page may be gone before the write under way is done; localStorage takes the text at once. */
const keepNow = (all) => (all === true || writing || changed) && left(typed(form()));

/** What was left behind: read it, with a value leave it, with null forget it. */
function left(value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(draftKey())) ?? undefined;
    return value === null ? localStorage.removeItem(draftKey()) : localStorage.setItem(draftKey(), JSON.stringify(value));
  } catch {
    return undefined; // storage is refused
  }
}

/** Say what is wrong, or put the request into the outbox and say so. */
async function leave() {
  const at = new Date().toISOString();
  const made = fields(code(), typed(form()), at);
  const found = wrong(made);
  for (const field of ['wants', 'products', 'phone', 'whatsapp', 'email', 'name', 'message', 'consent']) complain(field, found[field]);
  const [first] = Object.keys(found);
  if (first) return show(first);
  const kept = { type: 'request', at, title: form().dataset.title, fields: made };
  const button = form().querySelector('[type="submit"]');
  button.disabled = true; // one press, one request
  try {
    const edit = (refused && (await again(refused.id, made, kept))) || (await putNew(made, kept));
    await done(edit);
  } catch (problem) {
    if (problem.name === 'QuotaExceededError') say('storage-full');
    else if (problem.name !== 'AbortError') await hand(made);
  }
  button.disabled = false;
}

/**
 * Put a new request into the outbox. Its id is the digest of a secret that stays here until the request is taken back, as
 * companion/sync/requests.py checks. Plain http has no digests: there the id is random, and the office erases.
 */
async function putNew(made, kept) {
  if (!crypto.subtle) return put({ kind: 'request', fields: made }, kept);
  const secret = uuid();
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  return put({ kind: 'request', record: uuid(new Uint8Array(digest, 0, 16)), fields: made }, { ...kept, secret });
}

/** Send without keeping, in a browser that keeps nothing. */
async function hand(made) {
  keepNow(true);
  const { edit, outcome } = (await import('./direct.js').then((direct) => direct.hand(made)).catch(() => undefined)) ?? {};
  if (!outcome) return say('no-answer');
  if (outcome.state !== 'refused') return done(edit);
  complain(outcome.field || 'other', outcome.problem);
  return show(outcome.field || 'other');
}

async function done({ record }) {
  changed = false;
  form().hidden = true;
  history.replaceState(null, '', location.pathname);
  const box = document.querySelector('[data-slot="done"]');
  states(box.querySelector('[data-slot="sent"]'), record);
  box.hidden = false;
  box.querySelector('h2').focus();
  scrollTo(0, 0);
  left(null);
  await settings.remove(draftKey()).catch(() => {}); // then the next request begins with the words of this one
  await count('contact', code());
}

/** Show at a field what is wrong with it; with no problem take it away. */
function complain(field, problem) {
  const place = problemOf(field);
  if (!problem && place.dataset.wrong !== field) return;
  place.hidden = !problem;
  if (problem) place.querySelector('span').replaceChildren(...words(known(problem)).childNodes);
  for (const input of form().querySelectorAll(`[name="${field}"]`)) input.toggleAttribute('aria-invalid', Boolean(problem));
}

const known = (problem) => {
  try {
    words(problem);
    return problem;
  } catch {
    return 'other';
  }
};

/** Bring the first field that is wrong into view. */
function show(field) {
  const input = form().querySelector(`[name="${field}"], [name^="${field.replace(/s$/, '')}-"]`);
  input?.focus();
  problemOf(field).scrollIntoView({ block: 'center' });
}
