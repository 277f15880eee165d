/**
 * The plan's page: zoom and pan, what the visitor keeps shown on the booths, a tapped booth's card, the way from where
 * the visitor stands. Ways and trips are asked of the page's own address, so the form works the same without this.
 *
 * "You are here" is the booth scanned last; it is asked for with every question that names no other start, and
 * stays out of the address bar, which people share.
 */

import { follow } from './gestures.js';
import * as refine from './refine.js';
import { fill } from './say.js';
import { mine, settings } from './store.js';
import { View } from './view.js';

const STALE = 6 * 3_600_000; // whoever scanned a booth so many milliseconds ago stands elsewhere by now
const NEARBY = 60; // decimetres from where the visitor stands

const frame = document.querySelector('[data-plan]');
const card = document.querySelector('[data-plan-card]');
const way = document.querySelector('[data-way]');
const overlay = document.querySelector('[data-overlay]');
const booths = [...document.querySelectorAll('[data-booth]')];
const itinerary = () => document.getElementById('itinerary');
/** @returns {[number, number]} */
const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];

/** @type {View} */
let view;
/** The booth of the last scan, if it is recent. */
let scanned = '';

/** Make the plan move and the page follow the visitor. */
export async function start() {
  if (!frame) return; // this fair has no plan yet
  view = new View(frame);
  follow(frame, view);
  scanned = await lastScan();
  refine.start({ besides: async () => (asked().has('at') || !scanned ? {} : { at: scanned }), shown });
  frame.addEventListener('click', tap);
  frame.addEventListener('focusin', reveal);
  way.addEventListener('submit', submit);
  document.addEventListener('click', press);
  document.addEventListener('visibilitychange', () => document.hidden || mark());
  if (scanned && !asked().has('at')) await refine.again();
  else shown();
}

const asked = () => new URLSearchParams(location.search);

async function lastScan() {
  const here = await settings.get('here');
  return here && Date.now() - Date.parse(here.at) < STALE ? here.booth : '';
}

/** The fragment has come: its line onto the plan, its codes into the form and onto the booths. */
function shown() {
  const drawn = document.querySelector('#fragment [data-route]');
  overlay.replaceChildren(...(drawn ? [...drawn.cloneNode(true).children] : []));
  const { at, to } = itinerary().dataset;
  way.elements.at.value = at;
  way.elements.to.value = to;
  for (const booth of booths) {
    booth.toggleAttribute('data-at', booth.dataset.booth === at);
    booth.toggleAttribute('data-to', booth.dataset.booth === to);
  }
  document.querySelector('[data-zoom="here"]').disabled = !overlay.querySelector('.here');
  choose(null);
  const line = overlay.querySelector('.route');
  if (line && !(view.shows(line.getBBox()) && !view.whole)) view.frame(line.getBBox());
  else if (!line) toHere();
  mark();
}

function toHere() {
  const here = overlay.querySelector('.here');
  if (here) view.centre(...middle(here.getBBox()));
}

/** Show on each booth what is kept about its exhibitor, and near the visitor who has not been visited yet. */
async function mark() {
  const kept = await Promise.all(/** @type {const} */ (['bookmark', 'visited']).map((type) => mine.all(type)));
  const [bookmarks, visited] = kept.map((records) => new Set(records.map(({ id }) => id)));
  const here = overlay.querySelector('.here');
  const stand = here && middle(here.getBBox());
  for (const booth of booths) {
    const { code, at } = booth.dataset;
    const fresh = code && !visited.has(code) && at === undefined;
    const near = stand && fresh && distance(stand, middle(booth.getBBox())) <= NEARBY;
    label(booth, [bookmarks.has(code) && 'bookmark', visited.has(code) && 'visited', near && 'nearby'].filter(Boolean));
  }
  const left = booths.filter(({ dataset: { code } }) => bookmarks.has(code) && !visited.has(code));
  const trip = document.querySelector('[data-do="trip"]');
  trip.hidden = !left.length;
  trip.href = `${location.pathname}?${new URLSearchParams({ stops: left.map(({ dataset }) => dataset.booth).join() })}`;
}

const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

/** The marks of a booth, for the stylesheet and, in the legend's words, for who hears the page. */
function label(booth, marks) {
  const plain = booth.dataset.name ??= booth.getAttribute('aria-label');
  const words = marks.map((mark) => document.querySelector(`.legend [data-mark="${mark}"]`).textContent.trim());
  if ((booth.dataset.marks ?? '') === marks.join(' ')) return; // three hundred booths drawn anew take a phone's breath
  booth.dataset.marks = marks.join(' ');
  booth.setAttribute('aria-label', [plain, ...words].join(', '));
}

/** The first tap on a booth shows its card, the next opens its page; the keyboard opens it at once. */
function tap(event) {
  const booth = event.target.closest('[data-booth]');
  if (!booth) choose(null);
  if (!booth || !event.detail || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { booth: code, name } = booth.dataset;
  if (card.dataset.of === code) return;
  event.preventDefault();
  fill(card, { booth: code, name: name.slice(code.length).trim() });
  card.querySelector('[data-do="open"]').href = booth.getAttribute('href'); // an svg's own `href` is no text
  choose(booth);
}

/** Show the card of one booth, or none, and on the plan which booth it is. */
function choose(booth) {
  document.querySelector('[data-chosen]')?.removeAttribute('data-chosen');
  booth?.setAttribute('data-chosen', '');
  card.hidden = !booth;
  card.dataset.of = booth?.dataset.booth ?? '';
}

/** Whoever goes from booth to booth with the keyboard sees where. */
function reveal({ target }) {
  if (target.matches('[data-booth]:focus-visible') && !view.shows(target.getBBox())) view.centre(...middle(target.getBBox()));
}

function press({ target }) {
  const zoom = target.closest('[data-zoom]')?.dataset.zoom;
  if (zoom === 'in') view.zoom(2, undefined, true);
  else if (zoom === 'out') view.zoom(0.5, undefined, true);
  else if (zoom === 'fit') view.fit();
  else if (zoom === 'here') toHere();
  const wanted = target.closest('[data-plan-card] [data-do]')?.dataset.do;
  if (wanted === 'go') go({ to: card.dataset.of });
  else if (wanted === 'stand') go({ at: card.dataset.of });
  else if (wanted === 'close') choose(null);
}

function submit(event) {
  event.preventDefault();
  const { at, to } = way.elements;
  go({ at: at.value.trim() === scanned ? '' : at.value.trim(), to: to.value.trim() });
}

/** Ask for another way; an empty value takes the parameter away. */
function go(changes) {
  const question = asked();
  for (const [name, value] of Object.entries(changes)) {
    if (value) question.set(name, value);
    else question.delete(name);
  }
  history.pushState(null, '', `${location.pathname}?${question}`);
  refine.again();
}
