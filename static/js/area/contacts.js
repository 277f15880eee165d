/** Contacts: people an exhibitor took down, and those who asked something. A lead with its notes is one contact. */
import { phone } from '../format.js';
import { clock } from './words.js';

export const STATES = ['call', 'called', 'ordered'];
/** Version of the wording an exhibitor asks for a visitor's consent with; its text is in the template. */
export const CONSENT = '1';

/** The notes on a lead, oldest first. @param {import('../records.js').View} me */
export const notes = (me, id) => me.all('remark').filter(({ fields }) => fields.lead === id)
  .sort((a, b) => ((a.fields.at ?? '') < (b.fields.at ?? '') ? -1 : 1));

/** Leads, the newest first. @param {import('../records.js').View} me */
export const taken = (me) => me.all('lead').sort((a, b) => ((a.fields.at ?? '') < (b.fields.at ?? '') ? 1 : -1));

/** Requests nobody made a lead of yet, the newest first. @param {import('../records.js').View} me */
export function asked(me) {
  const known = new Set(me.all('lead').map(({ fields }) => fields.request).filter(Boolean));
  return me.all('request').filter(({ id, fields }) => !known.has(id) && !fields.withdrawn)
    .sort((a, b) => ((a.fields.at ?? '') < (b.fields.at ?? '') ? 1 : -1));
}

/** What a contact is called: by name, else by what there is. @param {Record<string, any>} fields */
export const called = ({ name, organisation, phone: number, whatsapp, email }) => name || organisation
  || (number || whatsapp ? phone(number || whatsapp) : email || '…');

/** What a list shows of a lead. @param {import('../records.js').Row} row */
export const summary = ({ id, fields, unsent = false }) => ({
  id, unsent,
  href: `/exhibitor/contact/${id}`,
  name: called(fields),
  detail: [fields.name && fields.organisation, fields.town].filter(Boolean).join(' · '),
  stars: fields.stars ?? 0,
  state: fields.state ?? '',
  source: fields.source ?? '',
  tags: fields.tags ?? [],
  at: fields.at ? clock(fields.at) : '',
});
