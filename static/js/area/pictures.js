/**
 * Photos on their way: made small on the phone, kept there until there is a network, then sent and put on the page. A
 * picture leaves the phone's store only when the edit that shows it is in the outbox.
 */
import { alone } from '../alone.js';
import { area } from '../store.js';
import { put } from './change.js';

const SIDE = 1280;
const PATIENCE = 60_000;

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

/** Pictures that wait on this phone. @returns {Promise<{id: string, kind?: 'trouble', blob: Blob, record: string, as: string, position: number, problem?: string}[]>}
 *   `record`: the exhibitor whose photo it is, or the trouble it shows */
export const waiting = () => area.all('pictures');

/** Keep a picture until it can be sent. */
export const keep = (picture) => area.change(['pictures'], (store) => store.put(picture));
export const drop = (id) => area.change(['pictures'], (store) => store.delete(id));

/** Send what waits, one after the other; what the server will never take is marked with the reason and stays. */
export function sendPictures() {
  return alone('pictures', async (lock) => {
    if (!lock) return;
    const me = (await area.get('area', 'state'))?.who;
    for (const picture of await waiting()) if (picture.as === me && !picture.problem) await send(picture);
  }, { ifAvailable: true });
}

async function send(picture) {
  const response = await fetch('/api/own/photos', {
    method: 'POST', body: picture.blob, headers: { 'content-type': 'image/jpeg' }, signal: AbortSignal.timeout(PATIENCE), redirect: 'error',
  });
  const answer = response.headers.get('content-type')?.startsWith('application/json') ? await response.json() : {};
  if (response.status === 422 || response.status === 413) return keep({ ...picture, problem: answer.problem ?? 'large' });
  if (!response.ok || !/^[0-9a-f]{32}$/.test(answer.hash)) throw new Error(`a photo: ${response.status}`);
  const [kind, record, fields] = picture.kind === 'trouble'
    ? ['trouble', picture.record, { picture: answer.hash }]
    : ['photo', picture.id, { exhibitor: picture.record, position: picture.position, hash: answer.hash }];
  await put({ kind, record, fields, base: Object.fromEntries(Object.keys(fields).map((path) => [path, null])), as: picture.as });
  return drop(picture.id);
}
