/** One part of the page at a time: name, text, ways to be reached, quality labels. Texts in three languages, side by side. */
import { phone } from '../format.js';
import { e164, email } from '../reach.js';
import { say } from '../say.js';
import { change, own } from './change.js';
import { LANGUAGES, catalogue, texts } from './words.js';
import { local } from '../format.js';

const LENGTHS = { name: [10, 80], about: [150, 600] };
const PAYMENT = ['cash', 'mobile', 'card', 'transfer'];

/** @param {import('../records.js').View} me */
export async function make(me, lang, [part = '']) {
  const { fields } = own(me);
  if (part === 'name' || part === 'about') {
    return { template: 'edit_text', context: { part, ...written(own(me), part) } };
  }
  if (part === 'contact') {
    const context = {
      phones: [...(fields.phones ?? []), '', ''].slice(0, Math.max(2, (fields.phones ?? []).length + 1)).map((number) => (number ? phone(number) : '')),
      whatsapp: fields.whatsapp ? phone(fields.whatsapp) : '', email: fields.email ?? '', website: fields.website ?? '',
    };
    return { template: 'edit_contact', context };
  }
  if (part === 'labels') return { template: 'edit_labels', context: await labels(fields, lang) };
  return undefined;
}

/** A translated text in every language, with how long it is and should be. */
export function written(row, name) {
  const [least, most] = LENGTHS[name] ?? [2, 60];
  const held = texts(row, name);
  return {
    least, most,
    fields: LANGUAGES.map((code) => ({ code, text: held[code] ?? '', dir: code === 'ar' ? 'rtl' : 'ltr', length: [...(held[code] ?? '')].length })),
  };
}

async function labels(fields, lang) {
  const { exhibitors = [], labels: named = {} } = await catalogue();
  const mine = exhibitors.find(({ code }) => code === fields.code);
  const chosen = new Set(mine?.labels ?? []);
  return {
    known: Object.entries(named).map(([slug, text]) => ({ value: text.fr ?? slug, text: local(text, lang), on: (fields.labels ?? []).includes(text.fr) || chosen.has(slug) })),
    payment: PAYMENT.map((value) => ({ value, on: (fields.payment ?? []).includes(value) })),
    delivery: Boolean(fields.delivery), orders: Boolean(fields.orders),
  };
}

const typed = (form, name) => form.elements[name].value.trim();

/** What stands in the form's three languages, as fields. */
export const inLanguages = (form, name) => Object.fromEntries(LANGUAGES.map((code) => [`${name}.${code}`, typed(form, `text-${code}`) || null]));

export const acts = {
  /** Only into what is empty: nothing that was written is lost. */
  copy({ to }, button) {
    const { elements } = button.closest('form');
    elements[`text-${to}`].value ||= elements['text-fr'].value;
    elements[`text-${to}`].focus();
    return 'typing';
  },
  async text(_, form, me, [part]) {
    await change(me, 'exhibitor', own(me).id, inLanguages(form, part));
    return '/exhibitor/page';
  },
  async contact(_, form, me) {
    const numbers = [...form.querySelectorAll('[name="phone"]')].map((field) => field.value.trim()).filter(Boolean);
    const phones = numbers.map(e164);
    const chat = typed(form, 'whatsapp');
    const [mail, site] = [typed(form, 'email'), typed(form, 'website')];
    const address = site && !/^https?:\/\//i.test(site) ? `https://${site}` : site;
    const wrong = [phones.includes('') && 'phone', chat && !e164(chat) && 'whatsapp', mail && !email(mail) && 'email', address && !/^https?:\/\/[^\s"<>\\^`{|}]+\.[^\s"<>\\^`{|}]+$/i.test(address) && 'website'].find(Boolean);
    if (wrong) {
      say(`wrong-${wrong}`);
      return 'typing';
    }
    await change(me, 'exhibitor', own(me).id, { phones, whatsapp: e164(chat) || null, email: email(mail) || null, website: address || null });
    return '/exhibitor/page';
  },
  async labels(_, form, me) {
    const on = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map(({ value }) => value);
    await change(me, 'exhibitor', own(me).id, { labels: on('label'), payment: on('payment'), delivery: form.elements.delivery.checked, orders: form.elements.orders.checked });
    return '/exhibitor/page';
  },
};
