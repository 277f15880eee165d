/**
 * The one place where text becomes markup: the part of our own page that a page asks for again.
 *
 * The Trusted Types policy stays inside this module, so no other script can make HTML of a string.
 */
/** The release this page is of: …/static/<release>/js/fragment.js */
export const release = import.meta.url.split('/').at(-3);

const FRAGMENT = 'text/x-fragment';
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

/** Draw a page that this phone rendered itself. @param {HTMLElement} target @param {string} html of our own templates */
export function draw(target, html) {
  target.innerHTML = policy.createHTML(html);
}

/** @type {AbortController | undefined} */
let asking;

/**
 * Replace what `#fragment` holds with the same part of the page at `address`. A later call makes an earlier one
 * stale: that one is dropped. After a deploy an open page is of an older release than the answer: the whole page
 * is loaded instead; and so is whatever page the address redirects to.
 * Tells the page with a `fragment` event on the document.
 * @param {string} address of a visitor's page, with its query
 * @returns {Promise<boolean>} whether the page now shows it
 * @throws when the server cannot be reached or something else answers for it
 */
export async function loadFragment(address) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const late = setTimeout(() => mine.abort(new Error(`${address}: no answer`)), PATIENCE);
  try {
    const response = await fetch(address, { headers: { accept: FRAGMENT }, redirect: 'manual', signal: mine.signal });
    if (response.type === 'opaqueredirect') {
      location.assign(address);
      return false;
    }
    if (!response.headers.get('content-type')?.startsWith(FRAGMENT)) throw new Error(`${address}: not our answer`);
    const html = await response.text();
    if (asking !== mine) return false;
    const same = response.headers.get('rafiq-release') === release;
    if (same) swap(document.getElementById('fragment'), policy.createHTML(html));
    else location.replace(address);
    return same;
  } catch (error) {
    if (asking !== mine) return false;
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** Keyboard focus stays on the same control, found again by its id or by where it leads. */
function swap(target, html) {
  const focused = target.contains(document.activeElement) ? document.activeElement : null;
  target.innerHTML = html;
  if (focused) {
    const links = [...target.querySelectorAll('a[href]')];
    const again = document.getElementById(focused.id) ?? links.find((link) => link.href === focused.href);
    again?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent('fragment'));
}
