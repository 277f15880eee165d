/** What a walk-in gets on the floor: a public code nobody is known to have, and a secret that opens their area once it is delivered. */
import { area } from '../store.js';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base 32, as in companion/sync/codes.py
const LENGTH = 5;
const random = (count) => crypto.getRandomValues(new Uint8Array(count));

/** A code; should somebody without a network give the same, the server gives one of the two another. @param {import('../records.js').View} me */
export function freeCode(me) {
  const taken = new Set(me.all('exhibitor').map(({ fields }) => fields.code));
  for (;;) {
    const code = Array.from(random(LENGTH), (byte) => ALPHABET[byte % 32]).join('');
    if (!taken.has(code)) return code;
  }
}

/**
 * 128 random bits as an access card has them, and their sha256, which is all that is ever sent.
 * @returns {Promise<{secret: string, digest: string} | undefined>} undefined on plain http, where browsers make no digests
 */
export async function freshSecret() {
  if (!crypto.subtle) return undefined;
  const secret = btoa(String.fromCharCode(...random(16))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret)));
  return { secret, digest: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** Secrets stay with the private records until the card is handed out or the person signs out. */
export const keepSecret = (id, secret) => area.change(['area'], (kept) => kept.put(secret, `card ${id}`));
export const secretOf = (id) => area.get('area', `card ${id}`);
export const dropSecret = (id) => area.change(['area'], (kept) => kept.delete(`card ${id}`));
