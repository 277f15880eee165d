/** The area in one minute: one thing per screen, to be left at any of them. */
import { settings } from '../store.js';

const STEPS = 5;

/** Whether this phone was asked, and answered. */
export const toured = async () => Boolean(await settings.get('toured'));

/** From now on nothing offers it but “How it works”. */
export const skip = () => settings.set('toured', true);

/** @param {import('../records.js').View} me */
export const make = (me, lang, [step = '1']) => ({ template: 'tour', context: { steps: STEPS, step: Math.min(STEPS, Math.max(1, Math.trunc(Number(step)) || 1)) } });

export const acts = {
  async skip() {
    await skip();
    return '/exhibitor/';
  },
};
