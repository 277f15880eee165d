/**
 * The page's side of the service worker: starts it once the page is there, keeps the catalogue fresh while
 * somebody looks, and says on `<html data-offline>` what works without a network. A browser without service
 * workers, or with storage denied, is a state and not an error: Flask answers the same pages.
 */
import { backoff } from './backoff.js';
import { release, worker } from './fragment.js';
import { first } from './packed.js';

const REST = 4 * 60_000; // between two looks at the catalogue while the page is in view
const PATIENCE = 120_000; // for a worker that downloads; its own downloads give up earlier

let failures = 0;
let timer;
let busy = false;

/** Start, in the background. Tells each new state as a `rafiq:state` event of the document ({@link State}). */
export function start() {
  if (!navigator.serviceWorker) return;
  tell();
  document.addEventListener('click', ({ target }) => target.closest?.('[data-do="update"]') && location.reload());
  new BroadcastChannel('catalogue').onmessage = tell;
  navigator.serviceWorker.addEventListener('controllerchange', tell);
  addEventListener('online', keepUp);
  document.addEventListener('visibilitychange', keepUp);
  painted().then(() => {
    begin();
    keepUp();
  });
}

/** When the page is on the screen: a download that begins then cannot delay it. */
function painted() {
  return new Promise((resolve) => {
    new PerformanceObserver(resolve).observe({ type: 'paint', buffered: true });
    if (document.readyState === 'complete') resolve();
    addEventListener('load', resolve); // a page opened in a tab behind is not painted
  });
}

/** On a first visit the catalogue comes at once, beside the worker, which would only ask for it when it has come. */
async function begin() {
  if (!(await navigator.serviceWorker.getRegistration())) first().catch(console.info); // the worker tries again
}

/** What the worker that answers this page has now; without one the page keeps saying `none`. */
async function tell() {
  const { controller } = navigator.serviceWorker;
  if (controller) show(await ask(controller, 'state'));
}

/** Look for a newer catalogue now; again later, sooner after a failure. */
async function keepUp() {
  if (busy || document.visibilityState === 'hidden') return;
  busy = true;
  try {
    const state = await ask(await running(), 'update');
    show(state);
    if (state.problem || state.offline !== 'ready') throw new Error(state.problem || state.offline);
    failures = 0;
  } catch (problem) {
    failures += 1;
    console.info('Not up to date yet.', problem);
  }
  busy = false;
  clearTimeout(timer);
  timer = setTimeout(keepUp, failures ? backoff(failures) : REST);
}

/** The active worker, registered and installed if need be. @returns {Promise<ServiceWorker>} */
async function running() {
  const registration = await navigator.serviceWorker.register(worker);
  if (registration.active) return registration.active;
  const coming = registration.installing ?? registration.waiting;
  return new Promise((resolve, reject) => {
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') resolve(coming);
      if (coming.state === 'redundant') reject(new Error('the worker could not be installed'));
    });
  });
}

/** @returns {Promise<import('./state.js').State>} */
function ask(someone, question) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(reject, PATIENCE, new Error('the worker does not answer'));
    someone.postMessage(question, [port2]);
  });
}

/** A page that was open before a deploy keeps working as it is; the person may go over to the new release. */
function show(state) {
  document.documentElement.dataset.offline = state.offline;
  const offer = document.querySelector('[data-slot="update"]');
  if (offer) offer.hidden = state.release === release;
  document.dispatchEvent(new CustomEvent('rafiq:state', { detail: state }));
}
