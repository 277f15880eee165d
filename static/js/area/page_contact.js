/** One contact: how to reach them, what they want, what was noted, what is to be done. */
import { translator } from '../area_messages.js';
import { NATIVE, encode, fill as holes, phone, words } from '../format.js';
import { say } from '../say.js';
import { settings } from '../store.js';
import { change, code, erase, make as create, own } from './change.js';
import { called, notes } from './contacts.js';
import { catalogue, clock, texts } from './words.js';

/** @param {import('../records.js').View} me */
export async function make(me, lang, [id = '']) {
  const lead = me.one('lead', id);
  const asked = lead ? me.one('request', lead.fields.request ?? '') : me.one('request', id);
  const row = lead ?? asked;
  if (!row) return undefined;
  const { fields } = row;
  const { fair = {} } = await catalogue();
  return {
    template: 'contact',
    context: {
      id, lead: Boolean(lead), new_one: !lead,
      name: called(fields), organisation: fields.name ? fields.organisation ?? '' : '', town: fields.town ?? '',
      phone: fields.phone ?? '', phone_shown: fields.phone ? phone(fields.phone) : '',
      whatsapp: fields.whatsapp ?? '', whatsapp_shown: fields.whatsapp ? phone(fields.whatsapp) : '', email: fields.email ?? '',
      interest: lead?.fields.interest ?? '', stars: lead?.fields.stars ?? 0, state: lead?.fields.state ?? '',
      tags: (lead?.fields.tags ?? []).join(', '), source: lead?.fields.source ?? 'request',
      consent: lead ? lead.fields.consent ?? '' : asked.fields.consent ?? '', ...agreed(lead?.fields.consent_lang ?? asked?.fields.lang ?? ''),
      at: fields.at ? clock(fields.at) : '', unsent_contact: Boolean(row.unsent), call_after: Boolean(lead),
      asked: asked ? { wants: asked.fields.wants ?? 'other', message: asked.fields.message ?? '', products: (asked.fields.products ?? []).map(wished) } : null,
      notes: notes(me, id).filter(({ fields: { text, by, at } }) => text || by || at)
        .map((note) => ({ text: note.fields.text ?? '', by: note.fields.by ?? '', at: note.fields.at ? clock(note.fields.at) : '', unsent: Boolean(note.unsent) })),
      by: (await settings.get('by')) ?? '',
      ...ways(fields, Boolean(asked), fields.lang || lang, words(texts(own(me), 'name'), fields.lang || lang), words(fair.short_name, fields.lang || lang)),
    },
  };
}

/** The language in which somebody agreed, in its own words. */
const agreed = (lang) => ({ consent_lang: lang, consent_name: NATIVE[lang] ?? lang });

const wished = ({ name, quantity, unit = '' }) => [quantity ? `${quantity} ${unit}`.trim() : '', name].filter(Boolean).join(' · ');

/**
 * Ways to answer, with a first text in the visitor's own language, to be finished by hand.
 * @param {Record<string, any>} who the fields of a contact
 * @param {boolean} wrote whether they asked first
 * @param {string} lang
 * @param {string} we
 * @param {string} fair
 */
function ways({ phone: number, whatsapp, email, name, organisation = '' }, wrote, lang, we, fair) {
  const { gettext: _ } = translator(lang);
  const text = wrote ? _('Hello %(who)s, this is %(we)s. You wrote to us at %(fair)s.') : _('Hello %(who)s, this is %(we)s. We met at %(fair)s.');
  const hello = holes(text, { who: name || organisation, we, fair }).replace(/ +([,،.])/g, '$1');
  return {
    call_href: number || whatsapp ? `tel:${number || whatsapp}` : '',
    sms_href: number ? `sms:${number}?body=${encode(hello)}` : '',
    whatsapp_href: whatsapp ? `https://wa.me/${whatsapp.slice(1)}?text=${encode(hello)}` : '',
    email_href: email ? `mailto:${encode(email).replaceAll('%40', '@')}?subject=${encode(we)}&body=${encode(hello)}` : '',
  };
}

/** Whoever asked something becomes a contact as soon as something is noted about them; once, on whichever phone. */
async function leadOf(me, id) {
  if (me.one('lead', id)) return id;
  const { fields } = me.one('request', id);
  const { name, phone: number, whatsapp, email, lang, consent, at } = fields;
  const told = { name, phone: number, whatsapp, email, lang, consent, consent_lang: lang, at };
  await create(me, 'lead', { exhibitor: code(me), source: 'request', request: id, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value)) }, id);
  return id;
}

export const acts = {
  async state({ state }, _, me, [id]) {
    const known = me.one('lead', id);
    await leadOf(me, id);
    if (known) await change(me, 'lead', id, { state: known.fields.state === state ? '' : state });
    else await changeNew(me, id, { state });
  },
  async stars({ stars }, _, me, [id]) {
    const known = me.one('lead', id);
    const wanted = Number(stars);
    await leadOf(me, id);
    const value = { stars: known?.fields.stars === wanted ? 0 : wanted };
    if (known) await change(me, 'lead', id, value);
    else await changeNew(me, id, value);
  },
  async note(_, form, me, [id]) {
    const text = form.elements.text.value.trim();
    const by = form.elements.by.value.trim().slice(0, 60);
    if (!text) return 'stay';
    await leadOf(me, id);
    await create(me, 'remark', { exhibitor: code(me), lead: id, text: text.slice(0, 2000), by, at: new Date().toISOString() });
    await settings.set('by', by).catch(() => {});
    say('noted');
    return undefined;
  },
  async details(_, form, me, [id]) {
    const tags = form.elements.tags.value.split(/[,،]/).map((tag) => tag.trim().slice(0, 100)).filter(Boolean).slice(0, 20);
    const value = { interest: form.elements.interest.value.trim().slice(0, 300), tags };
    const known = me.one('lead', id);
    await leadOf(me, id);
    if (known) await change(me, 'lead', id, value);
    else await changeNew(me, id, value);
    say('kept');
  },
  ask_erase() { document.getElementById('erase').showModal(); return 'stay'; },
  async erase(_, __, me, [id]) {
    for (const note of notes(me, id)) await erase(me, 'remark', note.id);
    await erase(me, 'lead', id);
    return '/exhibitor/contacts';
  },
};

/** Fields of a lead that was made a moment ago and is in the outbox. */
async function changeNew(me, id, fields) {
  const { view } = await import('../records.js');
  await change(await view(), 'lead', id, fields);
}
