/**
 * Bookmark, visited, my agenda: what a visitor keeps about an exhibitor or a workshop, shown and changed wherever a
 * page has `<button data-act="bookmark|visited|agenda" data-code hidden aria-pressed="false">`. Buttons appear once
 * their state is known, so that without scripts nothing is offered that cannot work.
 *
 * A button is pressed only after the disk has the record: a tick that comes before is a lie when the phone dies.
 * Every change is told to the page as a `rafiq:mine` event on the document, `detail` = {type, id}.
 */

import { mine } from './store.js';
import { say, words } from './say.js';

/** @type {import('./store.js').Mine['type'][]} */
const TYPES = ['bookmark', 'visited', 'agenda'];
/** What is kept, as last read: type names by code. @type {Map<string, string[]>} */
let marks = new Map();
const pressable = TYPES.map((type) => `[data-act="${type}"]`).join();

/** Show all marks of this page and follow presses from now on. */
export function start() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.(pressable);
    if (button) press(button);
  });
  document.addEventListener('fragment', show);
  document.addEventListener('rafiq:mine', look);
  // Another tab, or the page before this one in the history, may have changed something.
  addEventListener('pageshow', (event) => event.persisted && look());
  document.addEventListener('visibilitychange', () => document.hidden || look());
  return look();
}

/** Read what is kept, and show it. */
async function look() {
  const records = (await Promise.all([...TYPES, /** @type {const} */ ('note')].map((type) => mine.all(type)))).flat();
  marks = new Map();
  for (const { type, id } of records) marks.set(id, [...(marks.get(id) ?? []), type]);
  show();
}

async function press(button) {
  const { act: type, code: id } = button.dataset;
  if (button.getAttribute('aria-pressed') !== 'true') return keep({ type, id, at: new Date().toISOString(), title: title(button) });
  const record = await mine.get(type, id);
  await stored(() => mine.remove(type, id), record ?? { type, id });
  if (record) say(`no-${type}`, { undo: () => keep(record) });
}

/** What the button's exhibitor or workshop is called, for when the fair has it no more. */
const title = (button) => button.getAttribute('aria-label')?.replace(/^.*?: /, '') ?? document.querySelector('h1')?.textContent.trim();

/** Put a record on the phone: a new one, or one whose removal is undone. */
function keep(record) {
  return stored(() => mine.put(record), record);
}

/**
 * Run one change of what is kept and tell the page, or say why it could not be kept.
 * @param {() => Promise<void>} change
 * @param {{type: string, id: string}} record what it is about
 * @returns {Promise<boolean>} whether it is on the disk
 */
export async function stored(change, { type, id }) {
  try {
    await change();
  } catch (problem) {
    say(problem.name === 'QuotaExceededError' ? 'storage-full' : 'storage-refused');
    return false;
  }
  document.dispatchEvent(new CustomEvent('rafiq:mine', { detail: { type, id } }));
  return true;
}

/** Bring buttons and cards in line with what is kept: `aria-pressed`, and `data-marks="bookmark note"`. */
function show() {
  for (const button of document.querySelectorAll(pressable)) {
    const { act, code } = button.dataset;
    button.setAttribute('aria-pressed', String(marks.get(code)?.includes(act) ?? false));
    button.hidden = false;
  }
  for (const card of document.querySelectorAll('[data-card]')) {
    const kept = marks.get(card.dataset.card) ?? [];
    card.dataset.marks = kept.join(' ');
    card.querySelector('.marks')?.remove();
    if (kept.length) card.append(spoken(kept));
  }
}

/** The marks of a card for who hears the page; who sees it has them from the stylesheet. */
function spoken(kept) {
  const span = document.createElement('span');
  span.className = 'unseen marks';
  span.textContent = kept.map((type) => words(`is-${type}`).textContent).join(', ');
  return span;
}
