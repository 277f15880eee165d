/** The camera and photos of codes on a page with `[data-scanner]`: every text that is read goes to the page. */
import { open as openCamera, close as closeCamera } from '../camera.js';
import { say } from '../say.js';

const REASONS = { denied: 'refused', none: 'no-camera', busy: 'camera-busy', insecure: 'insecure', unsupported: 'unsupported' };
const REST = 60;

const frame = () => document.querySelector('[data-scanner]');
const video = () => document.querySelector('[data-scanner] video');

/** Give the camera back. */
export function stop() {
  if (video()) closeCamera(video());
  if (!frame()) return;
  delete frame().dataset.live;
  frame().querySelector('.view').hidden = true;
}

/**
 * What the scanner's buttons do.
 * @param {(text: string) => boolean} found takes what was read, and tells whether it was something
 * @param {string} otherwise what to say of a photo whose code is nothing
 */
export const scanner = (found, otherwise) => ({
  async camera() {
    const { frames } = await import('../decode.js');
    try {
      frame().dataset.live = '';
      frame().querySelector('.view').hidden = false;
      await openCamera(video());
    } catch (problem) {
      stop();
      say(REASONS[problem.message] ?? 'no-camera');
      return 'stay';
    }
    look(await frames(), found);
    return 'stay';
  },
  stop() { stop(); return 'stay'; },
  async photo(_, input) {
    const [file] = input.files;
    input.value = '';
    if (!file) return 'stay';
    const { photo } = await import('../decode.js');
    const text = await photo(file).catch(() => '');
    if (!text || !found(text)) say(text ? otherwise : 'no-code');
    return 'typing';
  },
});

async function look(reader, found) {
  for (let turn = 0; video()?.srcObject; turn += 1) {
    const text = video().videoWidth ? await reader(video(), turn) : '';
    if (text && found(text)) return stop();
    await new Promise((rest) => setTimeout(rest, REST));
  }
  return undefined;
}
