/**
 * The exhibitors' area on phones that signed in: its files and its one shell, answered without a server. For the worker only.
 * Kept apart from the visitors' shell, which no other phone should have to download more for.
 */
import { made } from './answer.js';
import { download } from './download.js';
import { area, release } from './shell.js';

const PREFIX = 'area-';
const SHELL = '/area.shell';

/** Whether an address is drawn in the area's shell. */
export const isArea = (request, { pathname }) => pathname.startsWith('/exhibitor/') && request.mode === 'navigate';

const caches_ = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX)).sort((a, b) => (a === PREFIX + release ? -1 : b === PREFIX + release ? 1 : 0));

/** Store the area's files; only where somebody signed in, or did before (`wanted`). The old ones go when the new ones are whole. */
export async function fillArea(wanted = false) {
  const names = await caches_();
  if (!wanted && !names.length) return;
  const cache = await caches.open(PREFIX + release);
  const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  await Promise.all(area.filter((address) => !kept.has(address)).map(async (address) => cache.put(address, await download(address))));
  await Promise.all(names.filter((name) => name !== PREFIX + release).map((name) => caches.delete(name)));
}

/** The shell, the newest there is; Flask's while this phone has none. @param {Request} request */
export async function shellOfArea(request) {
  for (const name of await caches_()) {
    const cache = await caches.open(name);
    const key = (await cache.keys()).find(({ url }) => url.endsWith(SHELL));
    if (key) return made(await (await cache.match(key)).text(), 200, 'text/html; charset=utf-8');
  }
  return fetch(request);
}
