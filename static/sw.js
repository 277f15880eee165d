/**
 * The service worker: Flask's stand-in on the phone. Events here, verbs in the modules.
 *
 * Every module it needs is imported here, side by side: they arrive in one round trip instead of one for each
 * level. A release's worker takes over at once. It need not wait for pages of the release before: their files
 * have addresses of their own and stay in the shells kept here, and an answer names its release, so that such a
 * page loads anew instead of taking in another release's fragment. (A worker that waited would wait for ever:
 * each poster scanned with the phone's camera opens one more tab.)
 */
import "./vendor/idb.js"; import "./js/store.js"; import "./js/download.js"; import "./js/changes.js";
import "./js/shell.js"; import "./js/templates.js"; import "./js/messages.js"; import "./js/address.js";
import "./js/pages.js"; import "./js/ask.js"; import "./js/cards.js"; import "./js/format.js";
import "./js/page_exhibitor.js"; import "./js/page_exhibitors.js"; import "./js/page_home.js";
import "./js/page_map.js"; import "./js/page_mine.js"; import "./js/page_missing.js";
import "./js/page_programme.js"; import "./js/page_scan.js"; import "./js/ical.js"; import "./js/vcard.js";
import "./js/lines.js"; import "./js/index.js"; import "./js/route.js"; import "./js/lattice.js";
import "./js/tour.js"; import "./js/search.js"; import "./js/aligned.js"; import "./js/fold.js";
import "./js/lexicon.js"; import "./js/mistakes.js";
import { answer, isVisit } from "./js/answer.js";
import { update } from "./js/catalogue.js";
import { file, fill, tidy } from "./js/precache.js";
import { state } from "./js/state.js";

addEventListener('install', (event) => {
  skipWaiting();
  // Without the shell there is no worker; without the catalogue there is one that passes everything on.
  event.waitUntil(Promise.all([fill(), update().catch(console.warn)]));
});

addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([tidy(), clients.claim()]));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/static/')) event.respondWith(file(request));
  else if (isVisit(url)) event.respondWith(answer(request));
});

/** A page asks for the `state`, or for an `update` and the state after it; it listens on the port it sends. */
addEventListener('message', (event) => {
  const [port] = event.ports;
  const work = event.data === 'update' ? Promise.all([fill(), update()]) : Promise.resolve();
  const problem = work.then(() => '', (error) => String(error));
  event.waitUntil(problem.then(async (text) => port?.postMessage({ ...(await state()), problem: text })));
});
