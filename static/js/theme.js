/**
 * Light or dark as the person chose it: `<html data-theme="light|dark">`, none for the phone's own way. In
 * localStorage and not in IndexedDB because it must be known before the first paint.
 */

/** Show the chosen theme. */
export function start() {
  apply(chosen());
}

/** @returns {'auto'|'light'|'dark'} */
export function chosen() {
  try {
    return /** @type {any} */ (localStorage.getItem('theme')) ?? 'auto';
  } catch {
    return 'auto'; // storage is refused
  }
}

/** @param {'auto'|'light'|'dark'} theme */
export function choose(theme) {
  apply(theme);
  try {
    localStorage.setItem('theme', theme);
  } catch {
    // Storage is refused: it holds for this page.
  }
}

function apply(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
