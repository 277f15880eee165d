/** Today stays true while somebody looks at it: asked for again every half minute, and at once when it is seen again. */
import { loadFragment } from '../fragment.js';

const EVERY = 30_000;

/** Start asking. A page that is hidden asks for nothing; open tables of charts stay open. */
export function start() {
  setInterval(renew, EVERY);
  document.addEventListener('visibilitychange', renew);
}

async function renew() {
  if (document.hidden) return;
  const open = [...document.querySelectorAll('#fragment details')].map((one) => one.open);
  try {
    if (!(await loadFragment(location.pathname))) return;
    document.querySelectorAll('#fragment details').forEach((one, n) => { one.open = open[n] ?? false; });
  } catch {
    // The next time may have a network again; what is shown stays.
  }
}
