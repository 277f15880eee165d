/**
 * The plan's page: the plan moves and enlarges, a booth is chosen on it, exhibitors are dragged to booths or, when
 * drawing, booths and places to where they are. Everything here is also a form beside the plan.
 */
import { loadFragment } from '../fragment.js';
import { follow } from '../gestures.js';
import { View } from '../view.js';
import { act } from './act.js';
import { start as startDrawing } from './drawing.js';
import { start as startLifting } from './lifting.js';

const REST = 250; // milliseconds the fingers rest before what was typed is searched

const frame = document.querySelector('[data-plan]');
const planner = document.querySelector('.planner');
const drawing = document.querySelector('[data-drawing]');
const side = () => document.querySelector('#fragment [data-seen]');

/** @type {View} */
let view;
let chosen = ''; // the exhibitor whose booth is pressed next
let last = ''; // the act that Ctrl+Z takes back
let typing;
let drawn = ''; // the position in the log the plan is drawn at

/** Make the plan move and, where its reader may change it, what is on it. */
export function start() {
  if (!frame) return; // everybody has a booth: there is no plan to show
  view = new View(frame);
  document.addEventListener('click', zoom);
  if (planner) startEditing();
  follow(frame, view);
}

function startEditing() {
  const { mode, may } = planner.dataset;
  const floor = { frame, view, press, send, pick };
  if (mode) startDrawing(floor);
  else if (may) startLifting(floor);
  frame.addEventListener('click', tap);
  frame.addEventListener('focusin', reveal);
  document.addEventListener('click', choose);
  document.addEventListener('input', search);
  document.addEventListener('submit', submit);
  document.addEventListener('keydown', key);
  document.addEventListener('fragment', shown);
  drawn = side().dataset.seen;
  mark();
}

/** What is sent with everything: the position in the log of what the person sees. */
async function send(what, fields) {
  const page = { again: () => show({}), undoAt: planner.dataset.actUndo };
  const seen = side().dataset.seen;
  last = await act(planner.dataset[what], { seen, ...fields }, page);
}

/** Show the page's part beside the plan for another choice, and the plan if it has changed; the address follows. */
async function show(changes) {
  const question = new URLSearchParams(location.search);
  question.delete('done');
  for (const [name, value] of Object.entries(changes)) {
    if (value) question.set(name, value);
    else question.delete(name);
  }
  const address = `${location.pathname}${question.size ? `?${question}` : ''}`;
  history.replaceState(null, '', address);
  const part = new URLSearchParams([...question, ['drawn', drawn]]);
  await loadFragment(`${location.pathname}?${part}`).catch(console.error);
}

/** The part has come, and with it the plan as it is now. */
function shown() {
  const anew = document.querySelector('[data-drawn]');
  if (anew) {
    drawing.replaceChildren(...anew.children);
    const { width, height } = anew.dataset;
    anew.remove();
    drawn = side().dataset.seen;
    if (width !== frame.dataset.width || height !== frame.dataset.height) location.reload();
  }
  mark();
}

/** Which booth or place is chosen, and whose booth is asked for. */
function mark() {
  const picked = side().dataset.picked;
  for (const one of drawing.querySelectorAll('[data-booth], [data-spot]')) {
    one.toggleAttribute('data-chosen', Boolean(picked) && (one.dataset.booth ?? one.dataset.spot) === picked);
  }
  for (const one of document.querySelectorAll('[data-choose]')) one.setAttribute('aria-pressed', one.dataset.choose === chosen);
  planner.toggleAttribute('data-choosing', Boolean(chosen));
  document.dispatchEvent(new CustomEvent('rafiq:drawn'));
}

const pick = (code) => show({ pick: code });

/** A press on a booth chooses it, or gives it to the exhibitor that was chosen in the list. */
function tap(event) {
  const booth = event.target.closest('[data-booth]');
  const spot = planner.dataset.mode && event.target.closest('[data-spot]');
  const code = booth?.dataset.booth ?? (spot ? spot.dataset.spot : '');
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (code) press(code);
  else if (side().dataset.picked) pick('');
}

function press(code) {
  if (!chosen || !drawing.querySelector(`[data-booth="${CSS.escape(code)}"]`)) return pick(code);
  const who = chosen;
  chosen = '';
  return send('actAssign', { who, booth: code });
}

function choose({ target }) {
  const button = target.closest('[data-choose]');
  const link = target.closest('[data-pick]');
  if (button) {
    chosen = chosen === button.dataset.choose ? '' : button.dataset.choose;
    mark();
  }
  if (link && !link.target) find(link.dataset.pick);
}

/** Bring what a list names into the middle of the plan. */
function find(code) {
  const there = drawing.querySelector(`[data-booth="${CSS.escape(code)}"], [data-spot="${CSS.escape(code)}"]`);
  if (!there) return;
  const { x, y, width, height } = there.getBBox();
  if (!view.shows({ x, y, width, height })) view.centre(x + width / 2, y + height / 2);
}

/** Links of lists are answered beside the plan. */
addEventListener('click', (event) => {
  const link = event.target.closest?.('[data-pick]');
  if (!link || !planner || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  pick(link.dataset.pick);
}, { capture: true });

function search({ target }) {
  if (target.id !== 'q') return;
  clearTimeout(typing);
  typing = setTimeout(() => show({ q: target.value.trim() }), REST);
}

/** Forms that change who stands where are sent in place; those of the drawing load the page, which marks mistakes. */
function submit(event) {
  const { target } = event;
  if (target.matches('.filter')) {
    event.preventDefault();
    show({ q: target.elements.q.value.trim() });
  }
  const what = { [planner.dataset.actAssign]: 'actAssign', [planner.dataset.actRelease]: 'actRelease' }[target.getAttribute('action')];
  if (!what) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(target));
  send(what, fields);
}

/** Escape gives up a choice; Ctrl+Z takes back the last act of this page, unless somebody is typing. */
function key(event) {
  if (event.key === 'Escape' && chosen) {
    chosen = '';
    mark();
  }
  if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.target.matches('input, textarea') || !last) return;
  event.preventDefault();
  send('actUndo', { act: last });
}

/** Whoever goes from booth to booth with the keyboard sees where. */
function reveal({ target }) {
  if (!target.matches('[data-booth]:focus-visible')) return;
  const { x, y, width, height } = target.getBBox();
  if (!view.shows({ x, y, width, height })) view.centre(x + width / 2, y + height / 2);
}

function zoom({ target }) {
  const wanted = target.closest('[data-zoom]')?.dataset.zoom;
  if (wanted === 'in') view.zoom(2, undefined, true);
  else if (wanted === 'out') view.zoom(0.5, undefined, true);
  else if (wanted === 'fit') view.fit();
}
