/**
 * The shell: the scripts, styles, fonts and icons of the pages, one cache for each release.
 *
 * Addresses carry the release (/static/<release>/…), so a file never changes and a page only ever gets the files
 * it was made for, whichever release's worker is running.
 */
import { download } from './download.js';
import { release, shell } from './shell.js';

const PREFIX = 'shell-';
const OWN = PREFIX + release;
const EARLIER = 2; // shells kept for pages that were open before a deploy; they are about 100 kB each

async function missing() {
  const kept = new Set((await (await caches.open(OWN)).keys()).map((request) => new URL(request.url).pathname));
  return shell.filter((address) => !kept.has(address));
}

/** Whether every file is there: browsers evict, so look instead of remembering. */
export const filled = async () => (await missing()).length === 0;

/** Download what is missing. After a failure the next attempt goes on from there; `filled` is the judge. */
export async function fill() {
  const cache = await caches.open(OWN);
  await Promise.all((await missing()).map(async (address) => cache.put(address, await download(address))));
}

/** Remove the shells of releases too old for any open page. */
export async function tidy() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN);
  await Promise.all(others.slice(0, -EARLIER).map((name) => caches.delete(name)));
}

/** A file of any release: from its shell, else from the network. @param {Request} request */
export async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}
