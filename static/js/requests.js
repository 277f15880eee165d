/**
 * The visitor's own requests, on the page of what they keep: state, time, message; withdraw, erase, send again, throw away.
 * A request may be withdrawn and erased after it was delivered, with the secret that is on this phone and on no other.
 */
import { onFair } from './clock.js';
import { all, bring, discard, put, send, write } from './outbox.js';
import { fill, say, words } from './say.js';
import { state } from './sent.js';
import { mine, received } from './store.js';

const { lang } = document.documentElement;
const section = () => document.getElementById('requests');

/** Show them, now and whenever something changes. */
export function start() {
  new BroadcastChannel('outbox').onmessage = show;
  section().addEventListener('click', ({ target }) => {
    const button = target.closest('[data-do]');
    if (button) ACTS[button.dataset.do]?.(button.closest('[data-request]')?.dataset.request).catch(full);
  });
  return show();
}

const full = (problem) => say(problem.name === 'QuotaExceededError' ? 'storage-full' : 'storage-refused');

async function show() {
  const [items, kept] = await Promise.all([all(), mine.all('request')]);
  const fair = kept.length ? await received.get().then((stored) => stored && JSON.parse(stored.snapshot).fair) : undefined;
  const rows = kept.sort((a, b) => (a.at < b.at ? 1 : -1));
  section().querySelector('ul').replaceChildren(...rows.map((request) => row(request, items, fair)));
  section().hidden = !rows.length;
  const unsent = items.filter(({ edit }) => edit.kind !== 'tally').length;
  fill(section(), { 'requests-count': rows.length });
  for (const part of section().querySelectorAll('[data-while="unsent"]')) part.hidden = !unsent;
  if (location.hash === '#requests' && !section().dataset.shown) section().scrollIntoView();
  section().dataset.shown = '';
}

/** One request as the page's template lays it out. @param {import('./store.js').Mine} request @param {import('./outbox.js').Item[]} items @param {object} [fair] whose clocks show the time */
function row({ id, at, title, fields, withdrawn, erased }, items, fair) {
  const made = document.getElementById('request-item').content.cloneNode(true);
  const entry = made.querySelector('li');
  const own = items.filter(({ edit }) => edit.record === id);
  const refusal = own.find((item) => item.state === 'refused');
  entry.dataset.request = id;
  entry.dataset.sent = state(items, id);
  entry.dataset.wants = fields.wants ?? '';
  entry.toggleAttribute('data-withdrawn', Boolean(withdrawn));
  entry.toggleAttribute('data-erased', Boolean(erased));
  made.querySelector('a').href = `/${lang}/e/${encodeURIComponent(fields.exhibitor)}`;
  const time = made.querySelector('time');
  time.dateTime = at;
  fill(made, { title, message: fields.message ?? '', when: onFair(new Date(at), fair).slice(0, 16).replace('T', ' '), asked: asked(fields) });
  for (const part of made.querySelectorAll('[data-slot="message"], [data-slot="asked"]')) part.hidden = !part.textContent;
  if (refusal) made.querySelector('[data-slot="why"]').replaceChildren(reason(refusal.problem));
  const edit = made.querySelector('[data-do="edit"]');
  edit.href = `/${lang}/e/${encodeURIComponent(fields.exhibitor)}/request#edit=${refusal?.id ?? ''}`;
  return made;
}

const asked = ({ products = [] }) => products.map(({ name, quantity, unit }) => [quantity && `${quantity} ×`, name, unit && `(${unit})`].filter(Boolean).join(' ')).join(' · ');

function reason(problem) {
  try {
    return words(problem);
  } catch {
    return words('other');
  }
}

const ACTS = {
  send: () => send(),
  /** Take a request back: the exhibitor sees that it was. */
  async withdraw(record) {
    const kept = await mine.get('request', record);
    await put({ kind: 'request', record, fields: { withdrawn: true }, secret: kept.secret }, { ...kept, withdrawn: new Date().toISOString() });
  },
  /** Erase a request everywhere: on this phone now, on every server it reached when they hear of it. */
  async erase(record) {
    if (!(await agreed())) return;
    const { type, at, title, secret, fields: { exhibitor } } = await mine.get('request', record);
    const erased = new Date().toISOString();
    await put({ kind: 'erase', record, fields: { kind: 'request' }, secret }, { type, at, title, secret, fields: { exhibitor }, erased }, { instead: true });
  },
  async discard(record) {
    const refused = (await all()).find((item) => item.edit.record === record && item.state === 'refused');
    const undo = refused && (await discard(refused.id));
    if (undo) say('discarded', { undo });
  },
  /** The outbox as a file: for a phone that will not see a network again. */
  async 'outbox-file'() {
    const made = new Date();
    const address = URL.createObjectURL(new Blob([await write(made)], { type: 'application/json' }));
    Object.assign(document.createElement('a'), { href: address, download: `rafiq-outbox-${made.toISOString().slice(0, 10)}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  },
};

function agreed() {
  const dialog = document.getElementById('erase-request');
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((decide) => dialog.addEventListener('close', () => decide(dialog.returnValue === 'erase'), { once: true }));
}

/** Take over the outbox of a file. @param {string} text */
export async function restore(text) {
  try {
    const { count, refused } = await bring(text);
    say(refused ? 'outbox-part' : 'outbox-restored', { values: { count, refused } });
  } catch (problem) {
    say(/^[a-z-]+$/.test(problem.message) ? problem.message : 'storage-full');
  }
}
