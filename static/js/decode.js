/** Reading QR codes in pictures: the phone's own reader where it works, and always ours after it. */

import { decodeQR } from '../vendor/qr.js';

/**
 * Parts of the frame's middle square, looked at in turn, and to how many pixels a side each is brought: all of it, its middle
 * enlarged for small or far codes, and between. Measured by `bench/scanner.py`: a code missed in one size is often read in another.
 */
const PARTS = [[1, 960], [0.5, 960], [0.75, 720]];
/** Longest sides to which a photo is brought: codes fill it or are lost in it. */
const SIZES = [800, 1600, 2400];
const LATE = 1000;
/** Milliseconds between two looks, so that the phone stays cool; and looks without a code until the person is told what helps. */
const REST = 60;
const PATIENCE = 40;

const canvas = document.createElement('canvas');
const brush = canvas.getContext('2d', { willReadFrequently: true });

/** @typedef {(bytes: Uint8Array, eci: number) => string} Letters reads a code's bytes; 26 is also the charset of codes that name none */

/**
 * Look at frame after frame until the camera is closed or its page is gone.
 * @param {HTMLVideoElement} video
 * @param {(text: string) => unknown} take is given every text that is read
 * @param {() => void} help is called when nothing was read for long
 * @param {Letters} [letters]
 */
export async function watch(video, take, help, letters) {
  const read = await frames(letters);
  for (let turn = 0; video.srcObject && video.isConnected; turn += 1) {
    const text = video.videoWidth ? await read(video, turn) : '';
    if (text) await take(text);
    else if (turn === PATIENCE) help();
    await new Promise((rest) => setTimeout(rest, REST));
  }
}

/**
 * A reader for the frames of a camera. What the phone's reader lost letters of (U+FFFD) is read again by ours.
 * @param {Letters} [textDecoder]
 * @returns {Promise<(video: HTMLVideoElement, turn: number) => Promise<string>>} '' when no code is read
 */
export async function frames(textDecoder) {
  let phone = await phoneReader();
  return async (video, turn) => {
    try {
      const text = await phone?.(video);
      if (text && !text.includes('\ufffd')) return text;
    } catch {
      phone = null; // on some phones it is announced and then fails, or never answers
    }
    const { videoWidth: width, videoHeight: height } = video;
    const [part, to] = PARTS[turn % PARTS.length];
    const side = Math.min(width, height) * part;
    return look(video, [(width - side) / 2, (height - side) / 2, side, side], [to, to], { textDecoder });
  };
}

/**
 * The text of the QR code in a photo, or ''.
 * @param {Blob} file
 * @param {Letters} [textDecoder]
 * @throws when the browser cannot open the picture
 */
export async function photo(file, textDecoder) {
  const picture = await createImageBitmap(file);
  const { width, height } = picture;
  for (const size of SIZES) {
    const scale = Math.min(2, size / Math.max(width, height));
    const to = /** @type {[number, number]} */ ([Math.round(width * scale), Math.round(height * scale)]);
    const text = look(picture, [0, 0, width, height], to, { effort: Infinity, timeLimit: LATE, textDecoder });
    if (text) return text;
  }
  return '';
}

/** @param {CanvasImageSource} picture @param {[number, number, number, number]} from @param {[number, number]} to @param {object} options */
function look(picture, from, [width, height], options) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  brush.drawImage(picture, ...from, 0, 0, width, height);
  try {
    return decodeQR(spread(brush.getImageData(0, 0, width, height)), options);
  } catch {
    return ''; // how `qr` says that there is none
  }
}

/** Spread what greys there are from black to white, in place: in the dark a code is grey on grey. @param {ImageData} film */
function spread(film) {
  const { data } = film;
  const seen = new Uint32Array(256);
  for (let at = 1; at < data.length; at += 16) seen[data[at]] += 1;
  const end = (from, step) => {
    for (let left = data.length / 16000; (left -= seen[from]) > 0; ) from += step;
    return from;
  };
  const low = end(0, 1), range = end(255, -1) - low;
  if (range < 128) for (let at = 0; at < data.length; at += 1) data[at] = ((data[at] - low) * 255) / range;
  return film;
}

/** `BarcodeDetector`, if this phone has one that knows QR codes. */
async function phoneReader() {
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes('qr_code')) return null;
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (video) => (await Promise.race([detector.detect(video), late()]))[0]?.rawValue;
  } catch {
    return null;
  }
}

const late = () => new Promise((_, reject) => setTimeout(reject, LATE, new Error('no answer')));
