/** My page as visitors see it, with a pencil on each part and how complete each language is. */
import { local, phone, price, website } from '../format.js';
import { fnv } from '../format.js';
import { own as member } from '../own.js';
import { change, own } from './change.js';
import { LANGUAGES, catalogue, texts } from './words.js';

/** Products in their order. @param {import('../records.js').View} me */
export const products = (me) => me.all('product').sort((a, b) => (a.fields.position ?? 0) - (b.fields.position ?? 0) || (a.id < b.id ? -1 : 1));

/** Photos in their order; those not sent yet come last. @param {import('../records.js').View} me */
export const photos = (me) => me.all('photo').sort((a, b) => (a.fields.position ?? 0) - (b.fields.position ?? 0) || (a.id < b.id ? -1 : 1));

/** What of the page is written in each language, in parts of it: name, text, each product's name. */
export function completeness(me) {
  const parts = [texts(own(me), 'name'), texts(own(me), 'about'), ...products(me).map((row) => texts(row, 'name'))];
  return LANGUAGES.map((code) => ({ code, done: parts.filter((part) => part[code]).length, all: parts.length }));
}

/** @param {import('../records.js').View} me */
export async function make(me, lang) {
  const row = own(me);
  const { fields } = row;
  const fair = await catalogue();
  const named = (table, key) => local(member(table, key), lang);
  const seed = fnv(`${fields.code}/${fields.sector ?? ''}`);
  const held = new Set(me.all('exhibitor').concat(me.all('product'), me.all('photo')).flatMap((one) => (one.held ?? []).map((path) => `${one.kind} ${path.split('.')[0]}`)));
  const waits = (kind, ...names) => names.some((name) => held.has(`${kind} ${name}`));
  return {
    template: 'page',
    context: {
      sector: fields.sector ?? '',
      weave: { bands: Array.from({ length: 8 }, (_, band) => (seed >>> (3 * band)) & 7) },
      photo: photos(me)[0] ? `/photos/${photos(me)[0].fields.hash}.webp` : '',
      names: LANGUAGES.map((code) => ({ code, text: texts(row, 'name')[code] ?? '', dir: code === 'ar' ? 'rtl' : 'ltr' })),
      about: local(texts(row, 'about'), lang),
      public_href: `/${lang}/e/${fields.code}`,
      done: completeness(me),
      phones: (fields.phones ?? []).map(phone), whatsapp: fields.whatsapp ? phone(fields.whatsapp) : '', email: fields.email ?? '',
      website: fields.website ? website(fields.website)?.shown ?? '' : '',
      labels: (fields.labels ?? []).map((label) => named(fair.labels, slug(label)) ?? { text: label, lang: 'fr', dir: 'ltr', other: false }),
      products: products(me).map((one) => ({
        id: one.id, href: `/exhibitor/product/${one.id}`, name: local(texts(one, 'name'), lang), unit: one.fields.unit ?? '',
        price: Number.isInteger(one.fields.price) ? price(one.fields.price, lang) : '', available: one.fields.available !== false,
      })),
      waits: { name: waits('exhibitor', 'name'), about: waits('exhibitor', 'about'), contact: waits('exhibitor', 'phones', 'whatsapp', 'email', 'website'), labels: waits('exhibitor', 'labels'), products: waits('product', 'name', 'unit', 'price', 'label', 'deleted', 'exhibitor'), photos: waits('photo', 'hash', 'deleted') },
      declined: me.declined.length,
    },
  };
}

/** As the catalogue names shared words. Twin of `vocabulary.slug`. */
export const slug = (text) => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

export const acts = {
  /** Sold out, or there again: one press, today. */
  async sold({ id }, _, me) {
    await change(me, 'product', id, { available: me.one('product', id).fields.available === false });
  },
  async move({ id }, _, me) {
    const list = products(me);
    const at = list.findIndex((row) => row.id === id);
    if (at < 1) return;
    [list[at - 1], list[at]] = [list[at], list[at - 1]];
    for (const [position, row] of list.entries()) await change(me, 'product', row.id, { position });
  },
};
