/**
 * My card: how a visitor can be reached, kept on this phone alone. It fills in requests, and as a vCard in a QR code it is
 * handed to an exhibitor, who scans it.
 *
 * @typedef {{id: string, name: string, phone: string, whatsapp: string, email: string, share: string[]}} Card
 */
import { content, escape } from './lines.js';
import { settings } from './store.js';

/** @returns {Promise<Card | undefined>} */
export const card = () => settings.get('card');

/**
 * The vCard 3.0 (RFC 2426) of what is shared; '' while there is nothing to share. Its UID is the card's random id, which
 * nothing else of this phone is linked to: an exhibitor who scans the card twice has one lead.
 * @param {Card} card
 */
export function vcard({ id, share, ...all }) {
  const told = (name) => (share.includes(name) ? all[name] : '');
  const name = escape(told('name'));
  const whatsapp = told('whatsapp');
  const phone = told('phone');
  if (!name && !phone && !whatsapp && !told('email')) return '';
  return content([
    ['BEGIN', 'VCARD'],
    ['VERSION', '3.0'],
    ['N', `${name || '?'};;;;`],
    ['FN', name || '?'],
    ['TEL;TYPE=CELL', phone],
    ['TEL;TYPE=CELL', whatsapp === phone ? '' : whatsapp],
    ['IMPP', whatsapp && `whatsapp:${whatsapp}`],
    ['EMAIL', escape(told('email'))],
    ['UID', `urn:uuid:${id}`],
    ['END', 'VCARD'],
  ]);
}
