/** About: what this phone holds, how it looks, and erasing it. */

import { release } from './fragment.js';
import { fill, say } from './say.js';
import { mine, received, settings } from './store.js';
import { choose, chosen } from './theme.js';

const { lang } = document.documentElement;

/** Show the state of the storage and wire theme and erasing. */
export function start() {
  measure();
  for (const choice of document.querySelectorAll('[name="theme"]')) {
    choice.checked = choice.value === chosen();
    choice.addEventListener('change', () => choose(choice.value));
  }
  tallies();
  confirmed('erase', eraseMine);
  confirmed('erase-fair', eraseFair);
}

/** Storage used, whether the browser has promised not to clean it up, and the release. */
async function measure() {
  fill(document, { release });
  const { usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const unit = /** @type {const} */ ({ style: 'unit', unit: 'megabyte', maximumFractionDigits: 1, numberingSystem: 'latn' });
  fill(document, { 'storage-used': new Intl.NumberFormat(lang, unit).format(usage / 1e6) });
  const kept = String((await navigator.storage?.persisted?.()) ?? false);
  for (const text of document.querySelectorAll('[data-persisted]')) text.hidden = text.dataset.persisted !== kept;
}

/** Run `act` when the button `[data-do=name]` was pressed and the dialog `#name` was answered with its own name. */
function confirmed(name, act) {
  const dialog = document.getElementById(name);
  document.querySelector(`[data-do="${name}"]`).addEventListener('click', () => {
    dialog.returnValue = '';
    dialog.showModal();
  });
  dialog.addEventListener('close', async () => {
    if (dialog.returnValue !== name) return;
    try {
      await act();
    } catch {
      say('storage-refused');
    }
    measure();
  });
}

/** The switch of the anonymous counts. Where the browser says no for the person, there is nothing to switch. */
async function tallies() {
  const { allow, refused } = await import('./tally.js');
  const box = document.querySelector('[name="tallies"]');
  box.checked = !refused() && (await settings.get('tallies')) !== 'off';
  box.disabled = refused();
  document.querySelector('[data-slot="tallies-refused"]').hidden = !refused();
  box.addEventListener('change', () => allow(box.checked).catch(() => say('storage-refused')));
}

/**
 * What the person made. Requests stay, sent or not: only this phone can withdraw or erase them, one by one. So does the
 * choice not to be counted.
 */
async function eraseMine() {
  await Promise.all([mine.clear(), settings.clear('tallies', 'log')]);
  localStorage.clear(); // drafts of notes, the theme
  choose('auto');
  document.cookie = 'lang=; path=/; max-age=0';
  say('erased');
}

/** The public catalogue and the application's own files: they come back with the next visit. */
async function eraseFair() {
  await received.clear();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  document.documentElement.dataset.offline = 'none';
  say('fair-erased');
}
