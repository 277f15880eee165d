/** All contacts: who asked something, who was taken down; files of all of them, and back. */
import { say, words } from '../say.js';
import { contacts } from './bring.js';
import { fileText } from './bytes.js';
import { code, make as create, own, remark } from './change.js';
import { asked, called, notes, summary, taken } from './contacts.js';
import { csv, save, vcards } from './sheet.js';
import { clock } from './words.js';

const LARGEST = 30_000_000; // address books hold photos

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
  name: called(fields),
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
    if (!file) return 'stay';
    const text = file.size < LARGEST ? fileText(new Uint8Array(await file.arrayBuffer())) : '';
    const { people, lost, leftOut } = contacts(text, own(me).id, (id) => Boolean(me.one('lead', id)));
    let count = 0;
    for (const one of people) count += await take(me, one);
    say(people.length ? (lost ? 'brought-some' : 'brought') : 'not-a-list', { values: { count, lost, more: leftOut ? words('left-out').textContent : '' } });
    return undefined;
  },
};

/** A contact of the file that this phone does not know; one it knows stays as it is here. */
async function take(me, { id, note, fields }) {
  if (me.one('lead', id)) return 0;
  const at = fields.at || new Date().toISOString();
  const told = Object.entries({ ...fields, at }).filter(([, value]) => value && value.length !== 0);
  await create(me, 'lead', { exhibitor: code(me), ...Object.fromEntries(told) }, id);
  await remark(me, id, note, { at });
  return 1;
}
