/**
 * Search as you type on the exhibitors' page: each key asks for the fragment of the address that the form would lead
 * to. Also while an input method composes, because on Android every word is composed; the field itself is never
 * touched.
 */

import * as refine from './refine.js';

// With the worker an answer takes milliseconds; over the network wait until the fingers rest.
const REST = 250;
// When to tell a listener how many were found, and to bring the address bar along.
const PAUSE = 600;

const offline = () => Boolean(navigator.serviceWorker?.controller);
const field = () => document.querySelector('.finder input[name="q"]');
const found = () => document.querySelector('[data-slot="found"]');

let typing;
let pausing;
/** The last search, under way or done. @type {Promise<unknown>} */
let searched = Promise.resolve();

/** Follow the search field and the filters. */
export function start() {
  refine.start({
    shown() {
      field().value = refine.question().get('q') ?? '';
      announce();
    },
  });
  field().addEventListener('focus', warm, { once: true });
  field().addEventListener('input', () => {
    clearTimeout(typing);
    if (offline()) search();
    else typing = setTimeout(search, REST);
  });
  field().form.addEventListener('submit', submit);
  // A result is being opened: what was typed must be in the history entry that is left behind.
  document.addEventListener('click', (event) => event.target.closest?.('a') && refine.settle(), true);
  addEventListener('pagehide', refine.settle);
}

/** The worker builds its search index at the first question: have it asked before the first key. */
function warm() {
  if (offline()) fetch(`${location.pathname}?q=a`, { headers: { accept: 'text/x-fragment' } }).catch(() => {});
}

/** Show what the field asks for, under the filters that are chosen. */
function search() {
  const question = refine.question();
  question.delete('page');
  if (field().value) question.set('q', field().value);
  else question.delete('q');
  searched = refine.ask(question).then((shown) => shown && pause());
  searched.catch(() => {}); // not answered: Enter, or the next key, asks again
}

function pause() {
  clearTimeout(pausing);
  pausing = setTimeout(() => { refine.settle(); announce(); }, PAUSE);
}

/** The count in words, outside of the part that is replaced: a live region must stay to be read out. */
function announce() {
  found().textContent = document.querySelector('#fragment .total, #fragment .empty h2')?.textContent ?? '';
}

/** Enter opens the booth, or the only exhibitor, that was found; otherwise it only puts the keyboard away. */
async function submit(event) {
  event.preventDefault();
  clearTimeout(typing);
  if ((refine.question().get('q') ?? '') !== field().value) search();
  try {
    await searched;
  } catch {
    return event.target.submit(); // no answer to the fragment: the form asks for the whole page
  }
  refine.settle();
  const cards = document.querySelectorAll('#fragment [data-card]');
  const hit = document.querySelector('#fragment .hit [data-card]') ?? (cards.length === 1 ? cards[0] : null);
  if (field().value && hit) location.assign(hit.href);
  else field().blur();
}
