/** The photos of the page: taken or chosen, in order, the first at the head. */
import { say } from '../say.js';
import { uuid } from '../uuid.js';
import { change, own } from './change.js';
import { photos } from './page_mine.js';
import { drop, keep, sendPictures, shrunk, waiting } from './pictures.js';

/** @param {import('../records.js').View} me */
export async function make(me) {
  const pending = (await waiting()).filter(({ as }) => as === me.who);
  return {
    template: 'photos',
    context: {
      photos: photos(me).map(({ id, fields, held = [] }) => ({ id, src: `/photos/${fields.hash}.webp`, waits: held.length > 0 })),
      pending: pending.map(({ id, problem = '' }) => ({ id, problem })),
    },
  };
}

/** Pictures that are only on this phone are shown from it. */
export async function drawn(me) {
  for (const { id, blob } of (await waiting()).filter(({ as }) => as === me.who)) {
    const image = document.querySelector(`[data-pending="${id}"] img`);
    if (image) image.src = URL.createObjectURL(blob);
  }
}

export const acts = {
  async add(_, input, me) {
    const files = [...input.files].slice(0, 8);
    input.value = '';
    const first = photos(me).length + (await waiting()).length;
    for (const [at, file] of files.entries()) {
      let blob;
      try {
        blob = await shrunk(file);
      } catch {
        say('no-picture');
        continue;
      }
      await keep({ id: uuid(), blob, record: own(me).id, as: me.who, position: first + at });
    }
    sendPictures().catch(console.info);
  },
  async first({ id }, _, me) {
    const list = photos(me);
    const ordered = [list.find((row) => row.id === id), ...list.filter((row) => row.id !== id)];
    for (const [position, row] of ordered.entries()) await change(me, 'photo', row.id, { position });
  },
  async remove({ id }, _, me) {
    await change(me, 'photo', id, { deleted: true });
    say('photo-gone');
  },
  async drop({ id }) { await drop(id); },
};
