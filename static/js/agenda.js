/** The programme with the visitor's own agenda in it: which of the chosen workshops are at the same time. */

import * as refine from './refine.js';
import { mine } from './store.js';

/** Show clashes now and at every change of the agenda. */
export async function start() {
  refine.start({ besides: async () => ({ mine: await codes() }) });
  document.addEventListener('rafiq:mine', ({ detail }) => detail.type === 'agenda' && refine.again());
  if (await codes()) refine.again();
}

const codes = async () => (await mine.all('agenda')).map(({ id }) => id).join();
