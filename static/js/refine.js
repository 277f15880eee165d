/**
 * Another question to the same page: a link inside `#fragment` that leads to the page's own path (a filter, a day, a
 * room) changes the fragment only. The address bar follows, and the back button takes the change back. Whatever
 * goes wrong, the link is followed as any other.
 */

import { loadFragment } from './fragment.js';

/** The address whose answer the page shows or is waiting for. */
let address = new URL(location.href);

/** The question as it stands, also while the address bar lags behind. */
export const question = () => new URLSearchParams(address.search);

/** @type {() => Promise<Record<string, string>>} */
let besides = async () => ({});
let shown = () => {};

/**
 * Follow such links from now on.
 * @param {{besides?: () => Promise<Record<string, string>>, shown?: () => void}} [more]
 *   `besides` gives parameters that are asked each time and are nobody's business in the address bar; `shown` runs
 *   when the fragment has changed
 */
export function start(more = {}) {
  ({ besides, shown } = { besides, shown, ...more });
  document.addEventListener('click', async (event) => {
    const link = event.target.closest?.('#fragment a[href]');
    if (!link || !plain(event) || link.origin !== location.origin || link.pathname !== location.pathname) return;
    event.preventDefault();
    const next = new URL(link.href);
    for (const name of Object.keys(await besides())) next.searchParams.delete(name);
    history.pushState(null, '', next);
    again();
  });
  addEventListener('popstate', again);
}

/** Ask anew for what the address bar says. */
export async function again() {
  address = new URL(location.href);
  const whole = new URL(address);
  for (const [name, value] of Object.entries(await besides())) whole.searchParams.set(name, value);
  try {
    if (!(await loadFragment(whole.href))) return;
  } catch {
    return location.reload();
  }
  if (address.searchParams.has('page')) document.getElementById('fragment').scrollIntoView();
  shown();
}

/**
 * Ask with other parameters; the address bar is brought along by `settle`, because browsers refuse to have it
 * changed at every key (Safari: 100 times in 30 seconds).
 * @returns {Promise<boolean>} whether the page shows the answer; false when a later question overtook it
 */
export function ask(parameters) {
  address = new URL(location.pathname, location.origin);
  address.search = parameters;
  return loadFragment(address.href);
}

/** Let the address bar say what the page shows. */
export function settle() {
  if (address.href !== location.href) history.replaceState(null, '', address);
}

/** A click that means “here”, not “in a new tab”. */
function plain(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
