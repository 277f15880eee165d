/** Hand something on: the phone's own share sheet, or else the clipboard. */

import { say } from './say.js';

/** Wire every `[data-act="share"]` button; `data-title`, `data-text` and `data-url` say what it shares. */
export function start() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-act="share"]');
    if (!button) return;
    const { title, text, url } = button.dataset;
    share({ title, text, url: url || location.href });
  });
}

/**
 * Offer `what` to another app, or copy it. Call from a click: browsers want a person's gesture.
 * @param {{title?: string, text?: string, url?: string}} what
 */
export async function share(what) {
  if (navigator.share) {
    try {
      return await navigator.share(what);
    } catch (problem) {
      if (problem.name === 'AbortError') return; // the person closed the sheet
    }
  }
  await copy([what.text, what.url].filter(Boolean).join('\n'));
}

/**
 * Copy `text` and say so. In-app browsers have no clipboard: the message then shows the text to be selected by hand.
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say('copied');
  } catch {
    say('copy-by-hand', { values: { text } });
  }
}
