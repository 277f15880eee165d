/**
 * The catalogue on its way to this phone. What has come stays in a cache until the whole is stored, so that a
 * download goes on where it broke off, and the page may begin one while the worker is still on its own way.
 */
import { alone } from './alone.js';
import { download } from './download.js';

const FIRST = '/api/catalogue/packed';
const NAME = 'catalogue';

/** The first answer, which may be all: downloaded once, by the page or by the worker. @returns {Promise<Response>} */
export function first() {
  return alone('packed', () => kept(FIRST));
}

/** The parts that follow it. @param {string[]} names @returns {Promise<object[]>} */
export async function rest(names) {
  const parts = [];
  for (const name of names) parts.push(await (await kept(`/api/catalogue/parts/${name}.json`)).json());
  return parts;
}

/** What came last and is not stored yet: of a large fair, the list. @returns {Promise<Response | undefined>} */
export async function begun() {
  return (await caches.has(NAME)) ? (await caches.open(NAME)).match(FIRST) : undefined;
}

/** It is stored, or is of no use. */
export const forget = () => caches.delete(NAME);

/**
 * @param {string} address
 * @throws with `goesOn` when what has come is still good: all but a part that the server no longer has
 */
async function kept(address) {
  const cache = await caches.open(NAME);
  const there = await cache.match(address);
  if (there) return there;
  try {
    const response = await download(address, { cache: 'no-store' });
    await cache.put(address, response.clone());
    return response;
  } catch (error) {
    throw Object.assign(error, { goesOn: error.status !== 404 });
  }
}
