/** Installing: the browser's own offer where there is one, otherwise the help that fits the browser. */

// The first that matches; in-app browsers call themselves by the browser they are made of, too.
/** @type {[string, RegExp][]} */
const BROWSERS = [
  ['in-app', /FBAN|FBAV|FB_IAB|Instagram|WhatsApp|TikTok|musical_ly|BytedanceWebview|Snapchat|Line\/|Twitter|; wv\)/],
  ['samsung', /SamsungBrowser/],
  ['firefox', /Firefox|FxiOS/],
  ['safari', /iPhone|iPad|iPod|Macintosh.*Version\/.*Safari/],
  ['chrome', /Chrome|Chromium/],
];

/** Which help fits. @param {string} agent the browser's name for itself */
export const browser = (agent) => BROWSERS.find(([, pattern]) => pattern.test(agent))?.[0] ?? '';

/** Offer what this browser can do, unless the page is already running as an application. */
export function start() {
  const installed = matchMedia('(display-mode: standalone)').matches || navigator.standalone;
  const mine = browser(navigator.userAgent);
  for (const help of document.querySelectorAll('[data-browser]')) {
    if (help.dataset.browser !== mine || installed) continue;
    help.hidden = false;
    if (help.localName === 'details') help.open = true;
  }
  if (!installed) addEventListener('beforeinstallprompt', offer);
  addEventListener('appinstalled', () => show(false));
}

/** Keep the browser's offer for our own button, which says what it is good for. */
function offer(event) {
  event.preventDefault();
  show(true);
  for (const button of document.querySelectorAll('[data-do="install"]')) {
    button.onclick = async () => {
      await event.prompt(); // works once; the browser makes a new offer when the person may be asked again
      show(false);
    };
  }
}

function show(on) {
  for (const part of document.querySelectorAll('[data-slot="install"], [data-do="install"]')) part.hidden = !on;
}
