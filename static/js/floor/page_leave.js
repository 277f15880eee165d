/** What is on this phone only, what was refused and why; signing out, which waits until the work is safe. */
import * as area from '../area/page_leave.js';
import { clock } from '../area/words.js';
import { title } from './fair.js';

/** @param {import('../records.js').View} me */
export async function make(me, lang) {
  const { context } = await area.make(me);
  const edits = new Map(me.unsent.map(({ id, edit }) => [id, edit]));
  return {
    template: 'leave',
    context: {
      ...context, checked: me.checked ? clock(me.checked) : '',
      items: context.items.map((item) => {
        const { kind, record, fields } = edits.get(item.id);
        const row = me.one(kind, record);
        const booth = kind === 'booth';
        return { ...item, booth: booth ? row?.fields.code ?? '' : '', of: booth ? null : title(row, lang), href: kind === 'exhibitor' ? `/staff/floor/one/${record}` : kind === 'trouble' ? '/staff/floor/problems' : '', paths: [...new Set(Object.keys(fields).map((path) => path.split('.')[0]))].filter((path) => path !== 'at') };
      }),
    },
  };
}

export const acts = area.acts;
