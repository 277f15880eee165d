/** Take a contact down: the visitor's card or any other before the camera, or typed. On the disk before it says so. */
import { e164, email } from '../reach.js';
import { fill, say, words } from '../say.js';
import { settings } from '../store.js';
import { change, code, make as create, own, remark } from './change.js';
import { CONSENT } from './contacts.js';
import { identity, named, person } from './people.js';
import { scanner, stop } from './scanner.js';

const form = () => document.querySelector('form[data-do="take"]');

/** The card that was read, until the form is sent or another is read. @type {import('./people.js').Person | undefined} */
let read;

export async function make() {
  read = undefined;
  return { template: 'take', context: { by: (await settings.get('by')) ?? '' } };
}

export function drawn() {
  addEventListener('pagehide', stop);
}

export const acts = {
  ...scanner(found, 'nobody'),
  async take(_, sheet, me) {
    const value = (name) => sheet.elements[name].value.trim();
    const [number, chat, mail] = [e164(value('phone')), e164(value('whatsapp')), email(value('email'))];
    const wrong = [value('phone') && !number && 'phone', value('whatsapp') && !chat && 'whatsapp', value('email') && !mail && 'email'].find(Boolean);
    if (wrong || !(value('name') || value('organisation') || number || chat || mail)) {
      say(wrong ? `wrong-${wrong}` : 'nothing');
      sheet.elements[wrong || 'name'].focus();
      return 'typing';
    }
    const told = { name: value('name'), organisation: value('organisation'), town: value('town'), phone: number, whatsapp: chat, email: mail, interest: value('interest') };
    const id = await keep(me, told, sheet);
    stop();
    return `/exhibitor/contact/${id}`;
  },
};

/** The same card, read again or on a second phone, is the same lead: only what is new is written; the note is one more. */
async function keep(me, told, sheet) {
  const at = new Date().toISOString();
  const by = sheet.elements.by.value.trim().slice(0, 60);
  const id = read ? named(own(me).id, identity(read)) : undefined;
  const agreed = sheet.elements.consent.checked ? { consent: CONSENT, consent_lang: document.documentElement.lang } : {};
  const lang = sheet.elements.lang.value;
  const fields = { exhibitor: code(me), source: read ? (read.uid ? 'card' : 'code') : 'typed', lang, at, ...agreed, ...told };
  const full = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
  const lead = id && me.one('lead', id) ? await add(me, id, full, agreed) : await create(me, 'lead', full, id);
  const note = sheet.elements.note.value.trim();
  if (note) await remark(me, lead, note, { by, at });
  else await create(me, 'remark', { exhibitor: code(me), lead, text: '', by, at }); // that they were met
  await settings.set('by', by).catch(() => {});
  return lead;
}

/** Of somebody known, what was not known yet: what the card now says as well, and the consent when it was only now given. */
async function add(me, id, told, agreed) {
  const { fields } = me.one('lead', id);
  const fresh = Object.fromEntries(Object.entries(told).filter(([name]) => !fields[name]));
  await change(me, 'lead', id, fields.consent === CONSENT ? fresh : { ...fresh, ...agreed });
  return id;
}

/** Put what a code says into the form; whether it was about somebody. */
function found(text) {
  const who = person(text);
  if (!who) return false;
  read = who;
  for (const name of ['name', 'organisation', 'town', 'phone', 'whatsapp', 'email']) form().elements[name].value = who[name];
  if (who.note) form().elements.note.value = [form().elements.note.value.trim(), who.note].filter(Boolean).join('\n');
  fill(document, { read: who.name || who.organisation || who.phone || who.whatsapp || who.email });
  form().dataset.read = '';
  form().scrollIntoView({ block: 'start' });
  say('read', { values: { more: who.leftOut ? words('left-out').textContent : '' } });
  return true;
}
