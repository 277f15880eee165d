/** The camera and photos of codes on a page with `[data-scanner]`: every text that is read goes to the page. */
import { open as openCamera, close as closeCamera } from '../camera.js';
import { say } from '../say.js';
import { ofCode, respelled } from './bytes.js';

const frame = () => document.querySelector('[data-scanner]');
const video = () => document.querySelector('[data-scanner] video');

const button = (name) => frame().querySelector(`[data-do=${name}]`);

/** @type {((on: boolean) => Promise<void>) | undefined} Where the camera has one. */
let light;

/** Give the camera back. */
export function stop() {
  if (!video()) return;
  closeCamera(video());
  show(false);
}

function show(on) {
  frame().querySelector('.view').hidden = !on;
  button('camera').hidden = on;
  button('stop').hidden = !on;
  button('light').hidden = !on || !light;
  button('light').setAttribute('aria-pressed', 'false');
}

/**
 * What the scanner's buttons do.
 * @param {(text: string) => boolean} found takes what was read, and tells whether it was something
 * @param {string} otherwise what to say of a photo whose code is nothing
 */
export const scanner = (found, otherwise) => ({
  async camera() {
    const { watch } = await import('../decode.js');
    light = undefined;
    show(true);
    try {
      ({ light } = await openCamera(video()));
    } catch (problem) {
      stop();
      say(problem.message);
      return 'stay';
    }
    show(true);
    watch(video(), (text) => found(respelled(text)) && stop(), () => say('closer'), ofCode);
    return 'stay';
  },
  async light() {
    const lit = button('light').getAttribute('aria-pressed') !== 'true';
    await light?.(lit);
    button('light').setAttribute('aria-pressed', String(lit));
    return 'stay';
  },
  stop() { stop(); return 'stay'; },
  async photo(_, input) {
    const [file] = input.files;
    input.value = '';
    if (!file) return 'stay';
    const { photo } = await import('../decode.js');
    const text = await photo(file, ofCode).catch(() => '');
    if (!text || !found(text)) say(text ? otherwise : 'no-code');
    return 'typing';
  },
});
