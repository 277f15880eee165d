/**
 * Short messages. Their words are in the page, in `<template id="says">` and its like (`id` ends in `says`), one
 * `[data-say="<key>"]` each; here they are only shown. `[data-slot]` elements inside take values as text.
 */

const SECONDS = { plain: 5, undo: 10 };
const place = () => document.querySelector('[data-slot="toast"]');
let timer;

/**
 * Show one message at the foot of the page, in the place of the one before.
 * @param {string} key which message
 * @param {{values?: Record<string, string | number>, undo?: () => unknown}} [more]
 *   `values` fill the slots; `undo` is run once if the person presses the message's `[data-undo]` button
 */
export function say(key, { values = {}, undo } = {}) {
  const message = words(key, values);
  message.querySelector('[data-undo]')?.addEventListener('click', () => { hush(); undo(); });
  place().replaceChildren(message);
  clearTimeout(timer);
  // A problem stays until the next message: it says what to do, and reading takes as long as it takes.
  if (message.dataset.tone !== 'problem') timer = setTimeout(hush, 1000 * (undo ? SECONDS.undo : SECONDS.plain));
}

/**
 * The page's words for `key`, with its slots filled.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {HTMLElement}
 */
export function words(key, values = {}) {
  for (const { content } of document.querySelectorAll('template[id$="says"]')) {
    const found = content.querySelector(`[data-say="${key}"]`)?.cloneNode(true);
    if (!found) continue;
    fill(found, values);
    return found;
  }
  throw new Error(`The page has no words for “${key}”.`);
}

/**
 * Put values as text into the `[data-slot]` elements at or below `root`; a name without a slot is ignored.
 * @param {Element | DocumentFragment} root
 * @param {Record<string, string | number>} values
 */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const slot of root.querySelectorAll(`[data-slot="${name}"]`)) slot.textContent = String(value);
  }
}

/** Take the message away. */
function hush() {
  clearTimeout(timer);
  place().replaceChildren();
}
