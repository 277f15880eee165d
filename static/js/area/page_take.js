/** Take a contact down: the visitor's card or any other before the camera, or typed. On the disk before it says so. */
import { open as openCamera, close as closeCamera } from '../camera.js';
import { e164, email } from '../reach.js';
import { fill, say } from '../say.js';
import { settings } from '../store.js';
import { code, make as create, own } from './change.js';
import { CONSENT } from './contacts.js';
import { identity, named, person } from './people.js';

const REASONS = { denied: 'refused', none: 'no-camera', busy: 'camera-busy', insecure: 'insecure', unsupported: 'unsupported' };
const REST = 60;
const form = () => document.querySelector('form[data-do="take"]');
const video = () => document.querySelector('[data-scanner] video');

/** The card that was read, until the form is sent or another is read. @type {import('./people.js').Person | undefined} */
let read;

export async function make() {
  read = undefined;
  return { template: 'take', context: { by: (await settings.get('by')) ?? '' } };
}

export function drawn() {
  addEventListener('pagehide', stop);
}

function stop() {
  if (video()) closeCamera(video());
  const frame = document.querySelector('[data-scanner]');
  if (frame) {
    delete frame.dataset.live;
    frame.querySelector('.view').hidden = true;
  }
}

export const acts = {
  async camera() {
    const { frames } = await import('../decode.js');
    const frame = document.querySelector('[data-scanner]');
    try {
      frame.dataset.live = '';
      frame.querySelector('.view').hidden = false;
      await openCamera(video());
    } catch (problem) {
      stop();
      say(REASONS[problem.message] ?? 'no-camera');
      return 'stay';
    }
    look(await frames());
    return 'stay';
  },
  stop() { stop(); return 'stay'; },
  async photo(_, input) {
    const [file] = input.files;
    input.value = '';
    if (!file) return 'stay';
    const { photo } = await import('../decode.js');
    const text = await photo(file).catch(() => '');
    if (!text || !found(text)) say(text ? 'nobody' : 'no-code');
    return 'typing';
  },
  async take(_, sheet, me) {
    const value = (name) => sheet.elements[name].value.trim();
    const [number, chat, mail] = [e164(value('phone')), e164(value('whatsapp')), email(value('email'))];
    const wrong = [value('phone') && !number && 'phone', value('whatsapp') && !chat && 'whatsapp', value('email') && !mail && 'email'].find(Boolean);
    if (wrong || !(value('name') || number || chat || mail)) {
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

/** The same card on a second phone is the same lead, so only what is new is written; the note is one more. */
async function keep(me, told, sheet) {
  const at = new Date().toISOString();
  const by = sheet.elements.by.value.trim().slice(0, 60);
  const id = read ? named(own(me).id, identity(read)) : undefined;
  const agreed = sheet.elements.consent.checked ? { consent: CONSENT, consent_lang: document.documentElement.lang } : {};
  const lang = sheet.elements.lang.value;
  const fields = { exhibitor: code(me), source: read ? (read.uid ? 'card' : 'code') : 'typed', lang, at, ...agreed, ...told };
  const full = Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
  const known = id && me.one('lead', id);
  const lead = known ? id : await create(me, 'lead', full, id);
  await create(me, 'remark', { exhibitor: code(me), lead, text: sheet.elements.note.value.trim().slice(0, 2000), by, at });
  await settings.set('by', by).catch(() => {});
  return lead;
}

async function look(reader) {
  for (let turn = 0; video()?.srcObject; turn += 1) {
    const text = video().videoWidth ? await reader(video(), turn) : '';
    if (text && found(text)) return stop();
    await new Promise((rest) => setTimeout(rest, REST));
  }
  return undefined;
}

/** Put what a code says into the form; whether it was about somebody. */
function found(text) {
  const who = person(text);
  if (!who) return false;
  read = who;
  for (const name of ['name', 'organisation', 'town', 'phone', 'whatsapp', 'email']) form().elements[name].value = who[name];
  fill(document, { read: who.name || who.phone || who.email });
  form().dataset.read = '';
  form().scrollIntoView({ block: 'start' });
  say('read');
  return true;
}
