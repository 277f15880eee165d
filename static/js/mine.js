/** The visitor's own list: what IndexedDB holds, laid out by the same page with its codes in the address. */

import { Unreadable, fromHash, kept, merge, read, toHash, write } from './backup.js';
import { loadFragment } from './fragment.js';
import { stored } from './marks.js';
import { drawCode } from './qrcode.js';
import { fill, say, words } from './say.js';
import { share } from './share.js';
import { mine, settings } from './store.js';

const { lang } = document.documentElement;
const dialog = (id) => document.getElementById(id);
const control = (name) => document.querySelector(`[data-do="${name}"]`);
const order = () => document.querySelector('select[name="order"]');

/** Show the list and wire what can be done with it; an address with a backup in it offers to bring it back. */
export async function start() {
  order().value = (await settings.get('order')) ?? order().value;
  order().addEventListener('change', () => {
    sort();
    settings.set('order', order().value).catch(() => {}); // then the next page has the usual order
  });
  document.addEventListener('rafiq:mine', (event) => event.detail.type === 'note' || show());
  document.getElementById('fragment').addEventListener('click', ({ target }) => {
    const button = target.closest('[data-do="forget"]');
    if (button) forget(button.dataset.code);
  });
  control('share').addEventListener('click', hand);
  control('print').addEventListener('click', () => print());
  control('backup-code').addEventListener('click', showCode);
  control('backup-file').addEventListener('click', saveFile);
  control('restore').addEventListener('change', (event) => openFile(event.target));
  addEventListener('hashchange', openAddress);
  import('./requests.js').then((requests) => requests.start(), console.error);
  import('./card.js').then((card) => card.start(drawCode), console.error);
  await show();
  await openAddress();
}

/** Ask for the list and put the notes into it: only they never go into an address. */
async function show() {
  const records = (await kept()).reverse();
  const ids = (...types) => [...new Set(records.filter(({ type }) => types.includes(type)).map(({ id }) => id))].join();
  const question = new URLSearchParams({ codes: ids('bookmark', 'note', 'visited'), visited: ids('visited'), agenda: ids('agenda') });
  try {
    if (!(await loadFragment(`/${lang}/mine?${question}`))) return;
  } catch {
    return say('no-answer');
  } finally {
    delete document.getElementById('fragment').dataset.waiting;
  }
  for (const { type, id, text, title } of records) {
    const name = title && document.querySelector(`[data-name-of="${id}"]`);
    if (name) name.textContent = title;
    const place = type === 'note' && document.querySelector(`[data-note-of="${id}"]`);
    if (!place) continue;
    place.textContent = text;
    place.hidden = false;
  }
  sort();
}

/** Bring the cards into the chosen order; they come in the order of being added, the newest first. */
function sort() {
  const list = document.querySelector('.kept');
  if (!list) return;
  const cards = [...list.children].map((item, index) => ({ item, index, card: item.querySelector('[data-card]') }));
  const { compare } = new Intl.Collator(lang, { numeric: true });
  const key = {
    added: (a, b) => a.card.dataset.added - b.card.dataset.added,
    booth: (a, b) => compare(a.card.dataset.booth ?? '~', b.card.dataset.booth ?? '~'),
    name: (a, b) => compare(a.card.querySelector('b').textContent, b.card.querySelector('b').textContent),
  }[order().value];
  for (const { index, card } of cards) card.dataset.added ??= index;
  list.append(...cards.sort(key).map(({ item }) => item));
}

/** Take an exhibitor off the list with everything kept about it; undo brings all of it back. */
async function forget(code) {
  const records = (await kept()).filter(({ type, id }) => id === code && type !== 'agenda');
  if (await change(() => Promise.all(records.map(({ type, id }) => mine.remove(type, id))))) say('no-bookmark', { undo: () => change(() => merge(records)) });
}

const change = (act) => stored(act, { type: 'all', id: '' });

/** Share names and booths as text, and a link that adds the bookmarks, without notes and visits, to another list. */
async function hand() {
  const lines = [...document.querySelectorAll('.kept [data-card]')].map(({ dataset, children }) =>
    [dataset.booth, [...children].find(({ tagName }) => tagName === 'B').textContent].filter(Boolean).join(' · '));
  const bookmarks = (await kept()).filter(({ type }) => type === 'bookmark');
  await share({ title: document.title, text: lines.join('\n'), url: await link(bookmarks) });
}

const link = async (records) => `${location.origin}/${lang}/mine${await toHash(records, new Date())}`;

/** Draw the backup as one QR code, or say that it needs a file. */
async function showCode() {
  const code = drawCode(await link(await kept()), document.getElementById('backup-title').textContent);
  dialog('backup').querySelector('[data-slot="code"]').replaceChildren(code ?? words('backup-too-big'));
  dialog('backup').showModal();
}

async function saveFile() {
  const made = new Date();
  const file = new Blob([write(await kept(), made)], { type: 'application/json' });
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: address, download: `rafiq-${made.toISOString().slice(0, 10)}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function openFile(input) {
  const [file] = input.files;
  const text = await file?.text();
  if (text?.startsWith('{"rafiq_outbox"')) await (await import('./requests.js')).restore(text);
  else if (file) await offer(async () => read(text));
  input.value = ''; // the same file may be chosen again
}

/** The backup in the address goes out of it once it is decided on, so that reloading does not ask again. */
async function openAddress() {
  if (!location.hash.startsWith('#r=')) return;
  await offer(() => fromHash(location.hash));
  history.replaceState(null, '', location.pathname);
}

/** Say what a backup holds and bring it back if the person wants it. */
async function offer(reading) {
  let records;
  try {
    records = await reading();
  } catch (problem) {
    return say(problem instanceof Unreadable ? problem.message : 'backup-broken');
  }
  const ask = dialog('restore');
  const count = (wanted) => records.filter(({ type }) => type === wanted).length;
  fill(ask, { bookmark: count('bookmark'), note: count('note'), visited: count('visited'), agenda: count('agenda') });
  ask.returnValue = '';
  ask.showModal();
  await new Promise((closed) => ask.addEventListener('close', closed, { once: true }));
  if (ask.returnValue === 'restore' && (await change(() => merge(records)))) say('restored');
}
