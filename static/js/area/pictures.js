/**
 * Photos on their way: made small on the phone, kept there until there is a network, then sent and put on the page. A
 * picture counts as sent only when the edit that shows it is in the outbox, and stays 14 days for a server that lost it.
 */
import { alone } from '../alone.js';
import { area } from '../store.js';
import { put } from './change.js';

const SIDE = 1280;
const PATIENCE = 60_000;
const KEPT = { most: 40, size: 12_000_000, time: 14 * 86_400_000 }; // sent pictures: number, bytes, ms

/** A photo as a JPEG of at most 1280 pixels a side; drawing it anew also drops where it was taken. @param {Blob} file */
export async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.8));
}

/**
 * @typedef {object} Picture
 * @property {string} id that of the record of a photo
 * @property {'trouble'} [kind]
 * @property {Blob} blob
 * @property {string} record the exhibitor whose photo it is, or the trouble it shows
 * @property {string} as
 * @property {number} position
 * @property {string} [problem] why the server will never take it
 * @property {string} [sent] ISO time at which it was sent first; it stays for a server set back to an older backup
 * @property {string} [hash] by which the server knows it
 * @property {string[]} [logs] the names of the logs whose servers have it
 */

/** Pictures that wait on this phone. @returns {Promise<Picture[]>} */
export const waiting = async () => (await area.all('pictures')).filter(({ sent }) => !sent);

/** Keep a picture until it can be sent; on a full phone those that were sent make room. @param {Picture} picture */
export const keep = (picture) => area.change(['pictures'], (store) => store.put(picture)).catch(async (error) => {
  if (error.name !== 'QuotaExceededError') throw error;
  await prune(0);
  return area.change(['pictures'], (store) => store.put(picture));
});
export const drop = (id) => area.change(['pictures'], (store) => store.delete(id));

/** Send what waits, one after the other; what the server will never take is marked with the reason and stays. */
export function sendPictures() {
  return alone('pictures', async (lock) => {
    if (!lock) return;
    const { who, log = '' } = (await area.get('area', 'state')) ?? {};
    for (const picture of await area.all('pictures')) {
      if (picture.as === who && !picture.problem && !picture.logs?.includes(log)) await send(picture, log);
    }
    await prune();
  }, { ifAvailable: true });
}

/** Remove sent pictures: of photos that are gone, the old ones, and the oldest beyond a number and a size. */
function prune(most = KEPT.most) {
  return area.change(['pictures', 'records'], async (pictures, records) => {
    let [count, size] = [0, 0];
    const sent = (await pictures.getAll()).filter((one) => one.sent).sort((a, b) => (a.sent < b.sent ? 1 : -1));
    for (const { id, kind = 'photo', record, sent: at, blob } of sent) {
      const row = await records.get([kind, kind === 'photo' ? id : record]);
      count += 1;
      size += blob.size;
      if (row?.fields.deleted || count > most || size > KEPT.size || Date.now() - Date.parse(at) > KEPT.time) await pictures.delete(id);
    }
  });
}

/** Send a picture, and the edit that shows it unless that was delivered before: see offering.js. @param {Picture} picture @param {string} log */
async function send(picture, log) {
  const response = await fetch('/api/own/photos', {
    method: 'POST', body: picture.blob, headers: { 'content-type': 'image/jpeg' }, signal: AbortSignal.timeout(PATIENCE), redirect: 'error',
  });
  const answer = response.headers.get('content-type')?.startsWith('application/json') ? await response.json() : {};
  if (response.status === 422 || response.status === 413) return keep({ ...picture, problem: answer.problem ?? 'large' });
  if (!response.ok || !/^[0-9a-f]{32}$/.test(answer.hash)) throw new Error(`a photo: ${response.status}`);
  const logs = [...(picture.logs ?? []), log].slice(-20);
  const sent = picture.sent ?? new Date().toISOString();
  if (picture.hash === answer.hash) return keep({ ...picture, logs });
  const [kind, record, fields] = picture.kind === 'trouble'
    ? ['trouble', picture.record, { picture: answer.hash }]
    : ['photo', picture.id, { exhibitor: picture.record, position: picture.position, hash: answer.hash }];
  await put({ kind, record, fields, base: Object.fromEntries(Object.keys(fields).map((path) => [path, null])), as: picture.as });
  return keep({ ...picture, sent, logs, hash: answer.hash });
}
