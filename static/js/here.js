/**
 * Where the visitor stands: the booth whose address was opened last, which is what posters carry. It was opened from
 * outside, by the phone's own camera, or from our scanner; whoever followed a link of another page, such as the
 * plan's to a free booth, may stand anywhere.
 */

import { settings } from './store.js';

// How many booths the scanner's page lists.
const REMEMBERED = 12;

/** Remember this page's booth, when it was opened by the booth's address. */
export async function start() {
  const place = document.querySelector('[data-here]');
  if (!place || followed()) return;
  const { here: booth } = place.dataset;
  const at = new Date().toISOString();
  const name = document.querySelector('h1').textContent.trim();
  const before = (await settings.get('scans')) ?? [];
  const scans = [{ booth, name, at }, ...before.filter((scan) => scan.booth !== booth)].slice(0, REMEMBERED);
  try {
    await Promise.all([settings.set('here', { booth, at }), settings.set('scans', scans)]);
  } catch {
    // Storage is refused, which the page says elsewhere; the plan then starts at the entrance.
  }
}

/** Whether a page of ours that is not the scanner led here. */
export function followed() {
  const from = document.referrer && new URL(document.referrer);
  return from && from.origin === location.origin && !from.pathname.endsWith('/scan');
}
