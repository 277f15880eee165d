/** All contacts: who asked something, who was taken down; files of all of them, and back. */
import { phone } from '../format.js';
import { say } from '../say.js';
import { asked, notes, summary, taken } from './contacts.js';
import { code, make as create } from './change.js';
import { clock } from './words.js';
import { csv, rows, save, vcards } from './sheet.js';

const chosen = () => new URLSearchParams(location.search).get('show') ?? '';

/** @param {import('../records.js').View} me */
export function make(me) {
  const all = taken(me);
  const show = chosen();
  return {
    template: 'contacts',
    context: {
      show, total: all.length,
      requests: asked(me).map((row) => request(row)),
      leads: all.filter(({ fields }) => !show || fields.state === show).map(summary),
      calls: all.filter(({ fields }) => fields.state === 'call').length,
    },
  };
}

const request = ({ id, fields }) => ({
  id, href: `/exhibitor/contact/${id}`,
  name: fields.name || (fields.phone && phone(fields.phone)) || fields.email || '…',
  wants: fields.wants ?? 'other', at: fields.at ? clock(fields.at) : '', message: (fields.message ?? '').slice(0, 120),
});

const today = () => new Date().toISOString().slice(0, 10);
const notesOf = (me) => (id) => notes(me, id);

export const acts = {
  csv: (_, __, me) => { save(csv(taken(me), notesOf(me)), `contacts-${code(me)}-${today()}.csv`, 'text/csv;charset=utf-8'); return 'stay'; },
  vcf: (_, __, me) => { save(vcards(taken(me), notesOf(me)), `contacts-${code(me)}-${today()}.vcf`, 'text/vcard;charset=utf-8'); return 'stay'; },
  async bring(_, input, me) {
    const [file] = input.files;
    input.value = '';
    if (!file || file.size > 5_000_000) return 'stay';
    const brought = rows(await file.text()).filter(({ id }) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id));
    let count = 0;
    for (const row of brought.slice(0, 2000)) count += await take(me, row);
    say(brought.length ? 'brought' : 'not-a-list', { values: { count } });
    return undefined;
  },
};

/**
 * A lead of the file that this phone does not know; one it knows stays as it is here.
 * @param {import('../records.js').View} me
 * @param {Record<string, any>} row
 */
async function take(me, { id, notes: written, ...row }) {
  if (me.one('lead', id)) return 0;
  /** @type {Record<string, any>} */
  const fields = { exhibitor: code(me), ...Object.fromEntries(Object.entries(row).filter(([, value]) => value)) };
  if (fields.stars) fields.stars = Math.min(3, Number(fields.stars) || 0);
  if (fields.tags) fields.tags = fields.tags.split(' | ');
  await create(me, 'lead', fields, id);
  if (written) await create(me, 'remark', { exhibitor: code(me), lead: id, text: written.slice(0, 2000), at: row.at || new Date().toISOString() });
  return 1;
}

