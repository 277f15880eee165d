/** One product: its name in three languages, unit and price, whether it is there today. */
import { say } from '../say.js';
import { change, make as create, own } from './change.js';
import { inLanguages, written, acts as editing } from './page_edit.js';
import { products } from './page_mine.js';

/** @param {import('../records.js').View} me */
export function make(me, lang, [id = '']) {
  const row = me.one('product', id);
  if (!row && id !== 'new') return undefined;
  const { price } = row?.fields ?? {};
  return {
    template: 'product',
    context: {
      ...written(row, 'name'), id, new_one: !row, unit: row?.fields.unit ?? '',
      price: Number.isInteger(price) ? (price % 100 ? `${Math.trunc(price / 100)},${String(price % 100).padStart(2, '0')}` : String(price / 100)) : '',
      available: row?.fields.available !== false,
    },
  };
}

/** Dirhams as people type them, in centimes; null when nothing is, NaN when it is no price. */
export function centimes(text) {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(/[\u0660-\u0669]/g, (digit) => digit.charCodeAt(0) - 0x660).replace('٫', ',');
  if (!plain) return null;
  const [, units, rest = ''] = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(plain) ?? [];
  return units === undefined ? NaN : Number(units) * 100 + Number(rest.padEnd(2, '0'));
}

export const acts = {
  copy: editing.copy,
  async product(_, form, me, [id]) {
    const price = centimes(form.elements.price.value);
    const names = inLanguages(form, 'name');
    if (Number.isNaN(price) || !Object.values(names).some(Boolean)) {
      say(Number.isNaN(price) ? 'wrong-price' : 'no-name');
      return 'typing';
    }
    const fields = { ...names, unit: form.elements.unit.value.trim().slice(0, 100), price, available: form.elements.available.checked };
    if (id !== 'new') await change(me, 'product', id, fields);
    else {
      const told = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));
      await create(me, 'product', { exhibitor: own(me).id, position: products(me).length, ...told });
    }
    return '/exhibitor/page#products';
  },
  ask_remove() { document.getElementById('remove').showModal(); return 'stay'; },
  async remove(_, __, me, [id]) {
    await change(me, 'product', id, { deleted: true });
    return '/exhibitor/page#products';
  },
};
