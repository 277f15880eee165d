/** Reading QR codes in pictures: the phone's own reader where it works, and always ours after it. */

import { decodeQR } from '../vendor/qr.js';

/** Pixels a side of what is looked at in one camera frame. */
const SIDE = 720;
/** Parts of the frame's middle square, looked at in turn: all of it, and its middle enlarged for small or far codes. */
const PARTS = [1, 0.5];
/** Longest sides to which a photo is brought: codes fill it or are lost in it. */
const SIZES = [800, 1600, 2400];
const PATIENCE = 1000;

const canvas = document.createElement('canvas');
const brush = canvas.getContext('2d', { willReadFrequently: true });

/**
 * A reader for the frames of a camera.
 * @returns {Promise<(video: HTMLVideoElement, turn: number) => Promise<string>>} '' when no code is read
 */
export async function frames() {
  let phone = await phoneReader();
  return async (video, turn) => {
    try {
      const text = await phone?.(video);
      if (text) return text;
    } catch {
      phone = null; // on some phones it is announced and then fails, or never answers
    }
    const { videoWidth: width, videoHeight: height } = video;
    const side = Math.min(width, height) * PARTS[turn % PARTS.length];
    return look(video, [(width - side) / 2, (height - side) / 2, side, side], [SIDE, SIDE]);
  };
}

/**
 * The text of the QR code in a photo, or ''.
 * @param {Blob} file
 * @throws when the browser cannot open the picture
 */
export async function photo(file) {
  const picture = await createImageBitmap(file);
  const { width, height } = picture;
  for (const size of SIZES) {
    const scale = Math.min(2, size / Math.max(width, height));
    const to = /** @type {[number, number]} */ ([Math.round(width * scale), Math.round(height * scale)]);
    const text = look(picture, [0, 0, width, height], to, { effort: Infinity, timeLimit: PATIENCE });
    if (text) return text;
  }
  return '';
}

/** @param {CanvasImageSource} picture @param {[number, number, number, number]} from @param {[number, number]} to @param {object} options */
function look(picture, from, [width, height], options) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  brush.drawImage(picture, ...from, 0, 0, width, height);
  try {
    return decodeQR(brush.getImageData(0, 0, width, height), options);
  } catch {
    return ''; // how `qr` says that there is none
  }
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

const late = () => new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error('no answer')));
