/**
 * The one place where text becomes markup: the part of our own page that a page asks for again.
 *
 * The Trusted Types policy stays inside this module, so no other script can make HTML of a string.
 */
const RELEASE = import.meta.url.split('/').at(-3); // …/static/<release>/js/fragment.js
const PATIENCE = 10_000;

const policy = (globalThis.trustedTypes ?? { createPolicy: (name, rules) => rules }).createPolicy('rafiq', {
  createHTML: (text) => text,
  createScriptURL: (address) => {
    if (address !== '/sw.js') throw new TypeError(`${address} is not the service worker`);
    return address;
  },
});

/** Where the service worker is, as `register` takes it. */
export const worker = policy.createScriptURL('/sw.js');

/** @type {AbortController | undefined} */
let asking;

/**
 * Replace what `#fragment` holds with the same part of the page at `address`. A later call makes an earlier one
 * stale: that one is dropped. After a deploy an open page is of an older release than the answer: the whole page
 * is loaded instead.
 * @param {string} address of a visitor's page, with its query
 * @returns {Promise<boolean>} whether the page now shows it
 * @throws when the server cannot be reached or something else answers for it
 */
export async function loadFragment(address) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const late = setTimeout(() => mine.abort(new Error(`${address}: no answer`)), PATIENCE);
  try {
    const response = await fetch(address, { headers: { accept: 'text/x-fragment' }, signal: mine.signal });
    const release = response.headers.get('rafiq-release');
    if (!release) throw new Error(`${address}: ${response.status} is not our answer`);
    const html = await response.text();
    if (asking !== mine) return false;
    if (release !== RELEASE) location.replace(address);
    else swap(document.getElementById('fragment'), policy.createHTML(html));
    return release === RELEASE;
  } catch (error) {
    if (asking !== mine) return false;
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** Keyboard focus stays on the same control, found again by its id or by where it leads. */
function swap(target, html) {
  const { activeElement } = document;
  const focused = target.contains(activeElement) && activeElement;
  target.innerHTML = html;
  if (!focused) return;
  const again = focused.id
    ? document.getElementById(focused.id)
    : [...target.querySelectorAll('a[href]')].find((link) => link.href === focused.href);
  again?.focus({ preventScroll: true });
}
