/**
 * A visitor's note on an exhibitor: `<button data-act="note" data-code aria-expanded="false" aria-controls hidden>`
 * opens the `[data-note-editor]` with `<textarea data-note="<CODE>">` and one `[data-state="saving|saved|problem"]`
 * text of each kind. There is no save button: what is typed is on its way to the disk at every keystroke, one write
 * after the other, and “saved” shows only once the last one is there.
 */

import { mine } from './store.js';
import { stored } from './marks.js';

/** Text as this page last read or wrote it, by field. @type {WeakMap<HTMLTextAreaElement, string>} */
const known = new WeakMap();
/** Fields with a write under way. @type {WeakSet<HTMLTextAreaElement>} */
const writing = new WeakSet();
/** Fields whose last write failed: what is typed is nowhere else. @type {WeakSet<HTMLTextAreaElement>} */
const unsaved = new WeakSet();

/** Fill the notes of this page and keep what is typed from now on. */
export function start() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-act="note"]');
    if (button) toggle(button);
  });
  document.addEventListener('input', (event) => event.target.matches?.('[data-note]') && save(event.target));
  document.addEventListener('fragment', load);
  addEventListener('pageshow', (event) => event.persisted && load());
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : load()));
  addEventListener('pagehide', leave);
  load();
}

/** Open or close the editor; focus must move within the click, or phones do not bring their keyboard. */
function toggle(button) {
  const editor = document.getElementById(button.getAttribute('aria-controls'));
  open(button, editor, editor.hidden);
  if (!editor.hidden) editor.querySelector('[data-note]').focus();
}

function open(button, editor, wanted) {
  editor.hidden = !wanted;
  button.setAttribute('aria-expanded', String(wanted));
}

/** Read the stored notes into their fields, except where somebody is writing; open the editors that have one. */
async function load() {
  for (const field of document.querySelectorAll('[data-note]')) {
    const text = (await mine.get('note', field.dataset.note))?.text ?? '';
    if (field === document.activeElement || writing.has(field) || unsaved.has(field)) continue;
    known.set(field, text);
    field.value = draft(field) ?? text;
    if (field.value !== text) save(field);
    const button = document.querySelector(`[data-act="note"][data-code="${field.dataset.note}"]`);
    if (!button) continue;
    if (button.hidden && text) open(button, field.closest('[data-note-editor]'), true);
    button.hidden = false;
  }
}

/** Write the field until what is on the disk is what is in it. */
async function save(field) {
  if (writing.has(field)) return; // the write under way looks again when it is done
  writing.add(field);
  state(field, 'saving');
  let kept = true;
  while (kept && known.get(field) !== field.value) kept = await put(field);
  writing.delete(field);
  if (kept) {
    unsaved.delete(field);
    draft(field, null);
  } else {
    unsaved.add(field);
  }
  state(field, kept ? 'saved' : 'problem');
}

/** One write. When another tab changed the note meanwhile, its text is put before ours rather than lost. */
async function put(field) {
  const id = field.dataset.note;
  const there = (await mine.get('note', id))?.text ?? '';
  if (there !== known.get(field) && !field.value.includes(there)) field.value = `${there}\n\n${field.value}`;
  const text = field.value;
  const change = text.trim() ? () => mine.put({ type: 'note', id, text }) : () => mine.remove('note', id);
  const kept = await stored(change, { type: 'note', id });
  if (kept) known.set(field, text);
  return kept;
}

/**
 * The page may be gone before the write under way is done and looks again, and a write that waits its turn dies with
 * the page. localStorage takes the text at once; the next page that shows the note puts it where it belongs.
 */
function leave() {
  for (const field of document.querySelectorAll('[data-note]')) {
    if (writing.has(field) || unsaved.has(field)) draft(field, field.value);
  }
}

/** The text left behind for this field; with `text` leave it, with null forget it. */
function draft(field, text) {
  const key = `note ${field.dataset.note}`;
  try {
    if (text === undefined) return localStorage.getItem(key);
    return text === null ? localStorage.removeItem(key) : localStorage.setItem(key, text);
  } catch {
    return null; // storage is refused, which the field says
  }
}

/** Show one of the texts beside the field. */
function state(field, name) {
  for (const text of field.closest('[data-note-editor]').querySelectorAll('[data-state]')) {
    text.hidden = text.dataset.state !== name;
  }
}
