/**
 * Anonymous counts for exhibitors: how often a page was seen, scanned, bookmarked or its contacts used, on one day. They are
 * gathered on the phone and go out through the outbox, on their own and without cookies; an open count grows, one that was
 * sent is closed. Nothing is counted where the person switched it off, or where the browser asks for it (Global Privacy
 * Control, Do Not Track).
 */
import { onWall } from './clock.js';
import { nextStamp } from './stamps.js';
import { followed } from './here.js';
import { mine, outbox, SENT, settings } from './store.js';
import { uuid } from './uuid.js';

const MOST = 1000; // in one edit
const WAYS = ['call', 'sms', 'whatsapp', 'email', 'vcard'].map((act) => `[data-act="${act}"]`).join();

/** Whether the browser asks sites not to follow people. */
export const refused = () => navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';

/** Count this page, and what is done on it. */
export async function start() {
  const { exhibitor: code, here } = document.querySelector('[data-exhibitor]').dataset;
  document.addEventListener('click', ({ target }) => target.closest?.(WAYS) && count('contact', code));
  document.addEventListener('rafiq:mine', async ({ detail: { type, id } }) => {
    if (type === 'bookmark' && id === code && (await mine.get(type, id))) count('bookmark', code);
  });
  await count('view', code);
  if (here && !followed()) await count('scan', code);
}

/**
 * @param {'scan'|'view'|'bookmark'|'contact'} what
 * @param {string} exhibitor its code
 */
export async function count(what, exhibitor) {
  if (refused() || (await settings.get('tallies')) === 'off') return;
  const now = new Date();
  const day = onWall(now).slice(0, 10);
  await outbox.change(async (out) => {
    const items = await out.getAll();
    const open = items.find(({ edit: { kind, fields }, state, closed }) => kind === 'tally' && state === 'waiting' && !closed &&
      fields.exhibitor === exhibitor && fields.day === day && fields.what === what && fields.count < MOST);
    if (open) {
      open.edit.fields.count += 1;
      await out.put(open);
    } else await out.put(tally({ exhibitor, day, what, count: 1 }, now, items));
  }).catch((error) => console.info('Not counted.', error));
}

function tally(fields, now, items) {
  const id = uuid();
  const edit = { id, kind: 'tally', record: uuid(), stamp: nextStamp('phone', now.getTime(), []), fields, base: {} };
  return { id, edit, as: 'visitor', at: now.toISOString(), order: 1 + Math.max(0, ...items.map(({ order }) => order)), state: 'waiting' };
}

/** Count from now on, or no longer; what was not sent yet is dropped with it. @param {boolean} on */
export async function allow(on) {
  await settings.set('tallies', on ? 'on' : 'off');
  if (!on) await outbox.change(async (out, kept) => {
    for (const { id, item } of await kept.getAll(SENT)) if (item.edit.kind === 'tally') await kept.delete(['sent', id]);
    for (const { id, edit, closed } of await out.getAll()) if (edit.kind === 'tally' && !closed) await out.delete(id);
  });
}
