/**
 * The exhibitors' area and the floor's on phones that signed in: their files and their one shell, answered without a
 * server. For the worker only. Kept apart from the visitors' shell, which no other phone should have to download more for.
 */
import { made } from './answer.js';
import { download } from './download.js';
import { area, floor, release } from './shell.js';

const FILES = { area, floor };
const SHELL = '/area.shell';

/** Whether an address is drawn in the areas' shell. */
export const isArea = (request, { pathname }) => /^\/(exhibitor\/|staff\/floor(\/|$))/.test(pathname) && request.mode === 'navigate';

const own = (name) => `${name}-${release}`;

/** The caches of an area, this release's first. */
const kept = async (name) => (await caches.keys()).filter((one) => one.startsWith(`${name}-`)).sort((a, b) => (a === own(name) ? -1 : b === own(name) ? 1 : 0));

/** Bring every area's files up to date that this phone has, and those of the one `wanted`. @param {string} [wanted] */
export const fillAreas = (wanted) => Promise.all(Object.keys(FILES).map((name) => fill(name, name === wanted)));

/** The old ones go when the new ones are whole. */
async function fill(name, wanted) {
  const names = await kept(name);
  if (!wanted && !names.length) return;
  const cache = await caches.open(own(name));
  const there = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  await Promise.all(FILES[name].filter((address) => !there.has(address)).map(async (address) => cache.put(address, await download(address))));
  await Promise.all(names.filter((one) => one !== own(name)).map((one) => caches.delete(one)));
}

/** The shell, the newest there is; Flask's while this phone has none. @param {Request} request */
export async function shellOfArea(request) {
  for (const name of (await Promise.all(Object.keys(FILES).map(kept))).flat()) {
    const cache = await caches.open(name);
    const key = (await cache.keys()).find(({ url }) => url.endsWith(SHELL));
    if (key) return made(await (await cache.match(key)).text(), 200, 'text/html; charset=utf-8');
  }
  return fetch(request);
}
