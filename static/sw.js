/**
 * The service worker: Flask's stand-in on the phone. Events here, verbs in the modules.
 *
 * A release's worker takes over at once. It need not wait for pages of the release before: their files
 * have addresses of their own and stay in the shells kept here, and an answer names its release, so that such a
 * page loads anew instead of taking in another release's fragment. (A worker that waited would wait for ever:
 * each poster scanned with the phone's camera opens one more tab.)
 */
import { answer, isVisit } from "./js/answer.js";
import { begin, update } from "./js/catalogue.js";
import { photo } from "./js/photos.js";
import { file, fill, tidy } from "./js/precache.js";
import { fillAreas, isArea, shellOfArea } from "./js/private.js";
import { deliver } from "./js/sender.js";
import { state } from "./js/state.js";

addEventListener('install', (event) => {
  skipWaiting();
  // Without the shell there is no worker; without the catalogue there is one that passes everything on.
  event.waitUntil(Promise.all([fill(), begin().catch(console.warn)]));
});

addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([tidy(), clients.claim()]));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/static/')) event.respondWith(file(request));
  else if (url.pathname.startsWith('/photos/')) event.respondWith(photo(request));
  else if (isArea(request, url)) event.respondWith(shellOfArea(request));
  else if (isVisit(url)) event.respondWith(answer(request));
  else if (url.pathname === '/tour') event.respondWith(fetch(request).catch(() => Response.redirect('/'))); // Flask's alone
});

/** A page asks for the `state`, or for an `update` and the state after it; it listens on the port it sends. */
addEventListener('message', (event) => {
  const [port] = event.ports;
  const works = { update: () => Promise.all([fill(), update(), fillAreas()]), area: () => fillAreas('area'), floor: () => fillAreas('floor') };
  const work = Promise.resolve(works[event.data]?.());
  const problem = work.then(() => '', (error) => String(error));
  event.waitUntil(problem.then(async (text) => port?.postMessage({ ...(await state()), problem: text })));
});

/** The network may be back while no page is open. A failure asks the browser to try again. */
addEventListener('sync', (event) => {
  if (event.tag !== 'outbox') return;
  event.waitUntil(deliver().then(({ failed }) => {
    if (failed) throw new Error('something is left to send');
  }));
});
