/**
 * What two people wrote for one field without seeing each other's: keep one, keep the other, write a third; several at once.
 * The choice is an edit like any other and waits for a network with the rest.
 */
import { settle } from '../area/change.js';
import { clock } from '../area/words.js';
import { phone } from '../format.js';
import { e164, email } from '../reach.js';
import { understand } from '../records.js';
import { say } from '../say.js';
import { name, title } from './fair.js';

const CHOSEN = ['presence', 'exhibitor', 'deleted'];

/** @param {import('../records.js').View} me */
export function make(me, lang) {
  return {
    template: 'conflicts',
    context: { conflicts: me.conflicts.map((one) => shown(me, one, lang)), replaced: me.replaced.map((one) => lost(me, one, lang)) },
  };
}

function shown(me, { kind, record, path, before, sides }, lang) {
  const row = me.one(kind, record);
  const booth = kind === 'booth';
  const field = path.split('.')[0];
  const value = (raw) => said(me, field, raw, lang);
  return {
    key: sides[0].edit, booth: booth ? row?.fields.code ?? '' : '', of: booth ? null : title(row, lang), field,
    presence: field === 'presence', before: value(before), third: writable(sides, field),
    sides: sides.map((side) => ({
      edit: side.edit, value: value(side.value), who: side.author.replace(/^(staff|exhibitor):/, ''), mine: side.author === me.who,
      at: clock(new Date(Number(side.stamp.slice(0, 13))).toISOString()), now: side.stamp === row?.stamps[path],
    })),
  };
}

/** What this person wrote and somebody else replaced without having seen it. */
function lost(me, { edit, kind, record, path, mine, now, by, at }, lang) {
  const row = me.one(kind, record);
  const field = path.split('.')[0];
  return {
    edit, field, booth: kind === 'booth' ? row?.fields.code ?? '' : '', of: kind === 'booth' ? null : title(row, lang), presence: field === 'presence',
    mine: said(me, field, mine, lang), now: said(me, field, now, lang), who: by.replace(/^(staff|exhibitor):/, ''), at: clock(at),
    href: kind === 'exhibitor' ? `/staff/floor/one/${record}` : '',
  };
}

/** A value as people read it; that of `presence` is said by the template. */
function said(me, field, raw, lang) {
  if (raw === null || raw === undefined || raw === '') return '';
  if (field === 'exhibitor') return name(me.one('exhibitor', raw), lang);
  if (Array.isArray(raw)) return raw.map((one) => (field === 'phones' ? phone(one) : one)).join(', ');
  return field === 'whatsapp' ? phone(raw) : typeof raw === 'boolean' ? (raw ? '✓' : '✗') : String(raw);
}

/** Whether something else can be typed: texts, numbers and lists of them. */
const writable = (sides, field) => !CHOSEN.includes(field) && sides.every(({ value }) => value === null || ['string', 'number'].includes(typeof value) || (Array.isArray(value) && value.every((one) => typeof one === 'string')));

/** What was typed, as the field holds it; undefined when it cannot be read. */
function read({ path, sides }, typed) {
  const list = sides.some(({ value }) => Array.isArray(value)) ? typed.split(',').map((one) => one.trim()).filter(Boolean) : undefined;
  if (path === 'phones') return list.every(e164) ? list.map(e164) : undefined;
  if (list) return list;
  if (path === 'whatsapp') return typed ? e164(typed) || undefined : null;
  if (path === 'email') return typed ? email(typed) || undefined : null;
  if (sides.some(({ value }) => typeof value === 'number')) return /^\d+$/.test(typed) ? Number(typed) : typed ? undefined : null;
  return typed || (path.includes('.') ? null : '');
}

export const acts = {
  async understood(_, __, me) { await understand(me.replaced.map(({ edit }) => edit)); },
  async settle(_, form, me) {
    const chosen = me.conflicts.map((one) => ({ one, choice: form.elements[`choice-${one.sides[0].edit}`]?.value ?? '' })).filter(({ choice }) => choice);
    const choices = chosen.map(({ one, choice }) => ({
      one, value: choice === 'third' ? read(one, form.elements[`third-${one.sides[0].edit}`].value.trim()) : one.sides.find(({ edit }) => edit === choice).value,
    }));
    if (choices.some(({ value }) => value === undefined) || !choices.length) {
      say(choices.length ? 'wrong-value' : 'nothing-chosen');
      return 'typing';
    }
    for (const { one, value } of choices) await settle(me, one, value);
    say('kept');
    return undefined;
  },
};
