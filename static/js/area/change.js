/** Changes through the outbox, each bound to who is signed in when it is made. */
import { put as send } from '../outbox.js';
import { learn } from '../records.js';

/** Characters; as companion/sync/own.py has it. */
const LONGEST_NOTE = 2000;

/** Into the outbox first; what the phone shows of it afterwards is only a convenience. */
export async function put(what) {
  const edit = await send(what);
  await learn(edit).catch(console.warn);
  return edit;
}

/**
 * Write fields of a record that is there, each with the stamp of the value that was seen; what is equal is left out.
 * @param {Pick<import('../records.js').View, 'who' | 'one'>} me
 * @param {string} kind
 * @param {string} id
 * @param {Record<string, unknown>} fields
 * @returns {Promise<number>} how many fields changed
 */
export async function change(me, kind, id, fields) {
  const row = me.one(kind, id);
  const same = (path, value) => JSON.stringify(row?.fields[path] ?? null) === JSON.stringify(value === '' || value?.length === 0 ? null : value);
  const changed = Object.entries(fields).filter(([path, value]) => !same(path, value));
  if (!changed.length) return 0;
  const base = Object.fromEntries(changed.map(([path]) => [path, row?.stamps[path] ?? null]));
  await put({ kind, record: id, fields: Object.fromEntries(changed), base, as: me.who });
  return changed.length;
}

/**
 * Settle a conflict with a value: that of a side, or another.
 * @param {import('../records.js').View} me
 * @param {{kind: string, record: string, path: string, sides: {edit: string, stamp: string}[]}} conflict
 * @param {unknown} value
 */
export const settle = (me, { kind, record, path, sides }, value) => put({
  kind, record, fields: { [path]: value }, as: me.who, settles: sides.map(({ edit }) => edit),
  base: { [path]: me.one(kind, record)?.stamps[path] ?? sides.at(-1).stamp },
});

/** Make a new record; its id when it has one already (a visitor's card). */
export async function make(me, kind, fields, id) {
  const made = await put({ kind, record: id, fields, base: Object.fromEntries(Object.keys(fields).map((path) => [path, null])), as: me.who });
  return made.record;
}

/**
 * Write down what was said of a contact; what is longer than a note may be becomes several.
 * @param {import('../records.js').View} me
 * @param {string} lead
 * @param {string} text
 * @param {{by?: string, at: string}} more
 */
export async function remark(me, lead, text, more) {
  for (let from = 0; from < text.length; from += LONGEST_NOTE) {
    await make(me, 'remark', { exhibitor: code(me), lead, text: text.slice(from, from + LONGEST_NOTE), ...more, at: from ? after(more.at, from) : more.at });
  }
}

/** Lists are in the order of time. */
const after = (at, milliseconds) => new Date(Date.parse(at) + milliseconds).toISOString();

/** Erase a person's record here and everywhere. */
export const erase = (me, kind, id) => put({ kind: 'erase', record: id, fields: { kind }, base: {}, as: me.who });

/** The exhibitor's own record. @param {import('../records.js').View} me */
export const own = (me) => me.all('exhibitor')[0];

/** The public code that leads and notes are bound to when they are taken. @param {import('../records.js').View} me */
export const code = (me) => me.who.split(':')[1];
