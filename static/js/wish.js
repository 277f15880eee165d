/**
 * What a visitor writes into the form of a request, and what is wrong with it: the codes of companion/sync/problems.py,
 * told at the field before anything is kept.
 *
 * @typedef {{wants: string, name: string, phone: string, same: string, whatsapp: string, email: string, message: string,
 *   lang: string, consent: string, website: string, products: Record<string, string>}} Typed as it stands in the form
 */
import { e164, email } from './reach.js';

const LONGEST = { name: 200, message: 2000 };
const MOST = 1_000_000;

/** What the form holds. @param {HTMLFormElement} form @returns {Typed} */
export function typed(form) {
  const every = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
  const products = Object.fromEntries(Object.entries(every).filter(([name]) => /-[0-9]+$/.test(name)));
  const told = (name) => every[name] ?? '';
  return {
    wants: told('wants'), name: told('name'), phone: told('phone'), same: told('same'), whatsapp: told('whatsapp'),
    email: told('email'), message: told('message'), lang: told('lang'), consent: told('consent'), website: told('website'),
    products,
  };
}

/**
 * The fields of a request, ready for the outbox.
 * @param {string} exhibitor its code
 * @param {Typed} typed
 * @param {string} at ISO time of the act
 */
export function fields(exhibitor, typed, at) {
  const { wants, lang, consent, website } = typed;
  const phone = typed.phone.trim();
  const whatsapp = typed.same ? phone : typed.whatsapp.trim();
  const made = { exhibitor, wants, name: typed.name.trim(), message: typed.message.trim(), lang, consent, at };
  const asked = ['price', 'order'].includes(wants) ? chosen(typed.products) : [];
  return {
    ...made,
    ...(asked.length && { products: asked }),
    ...(phone && { phone: e164(phone) || phone }),
    ...(whatsapp && { whatsapp: e164(whatsapp) || whatsapp }),
    ...(typed.email.trim() && { email: email(typed.email) || typed.email.trim() }),
    ...(website && { website }),
  };
}

/** The products that were ticked or given a quantity: {name, unit, quantity}. */
function chosen(products) {
  const rows = [];
  for (const [name, text] of Object.entries(products)) {
    const [, index] = /^name-([0-9]+)$/.exec(name) ?? [];
    if (index === undefined) continue;
    const quantity = (products[`quantity-${index}`] ?? '').trim();
    if (!products[`product-${index}`] && !quantity) continue;
    rows.push({ name: text, unit: products[`unit-${index}`] ?? '', ...(quantity && { quantity: Number(quantity) }) });
  }
  return rows;
}

/**
 * What is wrong, by field, in the order of the form; empty when nothing is.
 * @param {ReturnType<typeof fields>} made
 * @returns {Record<string, string>} field → code
 */
export function wrong(made) {
  const { wants, products = [], phone, whatsapp, email: mail, name, message, consent } = made;
  const bad = (quantity) => quantity !== undefined && !(Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST);
  const rows = [
    ['wants', !wants && 'wants_wrong'],
    ['products', products.some(({ quantity }) => bad(quantity)) && 'products_wrong'],
    ['phone', phone ? !e164(phone) && 'phone_wrong' : !whatsapp && !mail && 'reach_missing'],
    ['whatsapp', whatsapp && whatsapp !== phone && !e164(whatsapp) && 'phone_wrong'],
    ['email', mail && !email(mail) && 'email_wrong'],
    ['name', name.length > LONGEST.name && 'text_wrong'],
    ['message', message.length > LONGEST.message && 'text_wrong'],
    ['consent', !consent && 'consent_missing'],
  ];
  return Object.fromEntries(rows.filter(([, code]) => code));
}
