/** Contacts out of a file: a table that sheet.js wrote, or the vCards of whatever address book. Files come from anyone. */
import { e164, email } from '../reach.js';
import { STATES } from './contacts.js';
import { everybody, identity, named } from './people.js';
import { rows } from './sheet.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const MOST = 2000;

/**
 * @param {string} text of the file
 * @param {string} space the id of the exhibitor's own record, which ids of strangers' cards are made with
 * @param {(id: string) => boolean} known whether a contact of this id is on the phone
 * @returns {{people: {id: string, note: string, fields: Record<string, unknown>}[], lost: number, leftOut: boolean}} nobody when it is no such
 *   file; `lost` counts cards and rows that nothing could be read of, or that are too many;
 *   `leftOut`: some card holds what is not kept
 */
export function contacts(text, space, known) {
  const cards = /^\s*\ufeff?\s*BEGIN:VCARD/i.test(text);
  const read = cards ? everybody(text) : { people: [], lost: 0 };
  const found = cards ? read.people.map((who) => ofCard(who, space, known)) : rows(text).map(ofRow);
  const people = found.filter(({ id }) => ID.test(id)).slice(0, MOST);
  return { people, lost: read.lost + found.length - people.length, leftOut: read.people.some((who) => who.leftOut) };
}

function ofRow({ id, notes = '', name, organisation, town, interest, lang, consent, consent_lang, source, at, ...row }) {
  const plain = { name, organisation, town, interest, lang, consent, consent_lang, source };
  const read = {
    phone: e164(row.phone ?? ''), whatsapp: e164(row.whatsapp ?? ''), email: email(row.email ?? ''),
    stars: Math.max(0, Math.min(3, Math.trunc(Number(row.stars)) || 0)),
    state: STATES.includes(row.state) ? row.state : '', tags: row.tags ? row.tags.split(' | ').slice(0, 20) : [],
    at: MOMENT.test(at) ? at : '',
  };
  return { id, note: notes, fields: { ...plain, ...read } };
}

/** Our own cards carry the contact's id; of others the id is made, so that the same card is the same contact. */
function ofCard(who, space, known) {
  const { uid, ours, leftOut, note = '', tags = [], at = '', ...told } = who;
  const [, held = ''] = /^urn:uuid:([0-9a-f-]{36})$/.exec(uid) ?? [];
  const id = held && (ours || known(held)) ? held : named(space, identity(who));
  return { id, note, fields: { ...told, source: 'code', tags, at: MOMENT.test(at) ? at : '' } };
}
