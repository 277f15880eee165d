/** Exhibitors' photos as they are looked at, in a cache that forgets the oldest. For the worker only. */
const NAME = 'photos';
const MOST = 200; // of about 10 kB each

/** From the phone, else from the network; a photo never changes. @param {Request} request */
export async function photo(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && response.headers.get('content-type') === 'image/webp') keep(cache, request, response.clone()).catch(() => {});
  return response;
}

async function keep(cache, request, response) {
  await cache.put(request, response);
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((old) => cache.delete(old)));
}
