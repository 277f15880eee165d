/** What this phone can do without a network, found by looking: browsers evict without telling. Worker only. */
import { filled } from './precache.js';
import { release } from './shell.js';
import { received, settings } from './store.js';

/**
 * @typedef {object} State
 * @property {'ready'|'partial'|'none'} offline ready: every address of the fair opens with no network
 * @property {string} release the worker's
 * @property {string} [checked] ISO time at which the catalogue was last found up to date with the server
 * @property {string} problem why the last update failed; '' when it did not
 */

/** @returns {Promise<Omit<State, 'problem'>>} */
export async function state() {
  const kept = await Promise.all([filled().catch(() => false), received.exists()]);
  const offline = kept.every(Boolean) ? 'ready' : kept.some(Boolean) ? 'partial' : 'none';
  return { offline, release, checked: await settings.get('checked') };
}
