/** Random names, also where there is no `crypto.randomUUID` (plain http). */
import { settings } from './store.js';

const bytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A UUID, version 4 (RFC 9562), of these 16 bytes. */
export function uuid(random = bytes(16)) {
  random[6] = (random[6] & 0x0f) | 0x40;
  random[8] = (random[8] & 0x3f) | 0x80;
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * A random word this phone keeps under a name: `device`, by which the server limits how often it writes and which no
 * edit holds; `node`, the phone's name in the stamps of who signed in.
 */
export async function word(name) {
  const known = await settings.get(name);
  if (known) return known;
  const made = Array.from(bytes(16), (byte) => (byte % 36).toString(36)).join('');
  await settings.set(name, made).catch(() => {}); // then it has another name the next time
  return made;
}
