/**
 * Taking hold of something with the mouse, or with a finger that stays on it for a moment: a finger that moves at once
 * moves the plan or scrolls the list, as everywhere else.
 */

const SLOP = 6; // pixels a hand may shake
const HOLD = 350; // milliseconds a finger stays before what is under it is taken

/**
 * @typedef {object} Hold
 * @property {(event: PointerEvent) => any} what what is under the pointer, or nothing to hold
 * @property {(what: any, event: PointerEvent) => void} take it is in the hand now
 * @property {(what: any, event: PointerEvent) => void} move the hand moved
 * @property {(what: any, event: PointerEvent) => void} drop it was let go here
 * @property {(what: any) => void} leave it was given up: Escape, or the browser took the finger away
 */

/** @param {HTMLElement | Document} area @param {Hold} hold */
export function hold(area, { what, take, move, drop, leave }) {
  /** @type {any} */
  let held = null; // {thing, id, x, y, taken, timer}

  function begin(event) {
    if (held || event.button !== 0 || !event.isPrimary) return;
    const thing = what(event);
    if (!thing) return;
    held = { thing, id: event.pointerId, x: event.clientX, y: event.clientY, taken: false, mouse: event.pointerType === 'mouse' };
    if (!held.mouse) held.timer = setTimeout(() => grasp(event), HOLD);
  }

  function grasp(event) {
    held.taken = true;
    // Whoever else follows this pointer, to move the plan, forgets it.
    dispatchEvent(new PointerEvent('pointercancel', { pointerId: event.pointerId }));
    take(held.thing, event);
  }

  function moved(event) {
    if (!held || event.pointerId !== held.id) return;
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) >= SLOP;
    if (!held.taken && far && !held.mouse) return end(); // the finger scrolls
    if (!held.taken && !far) return;
    if (!held.taken) grasp(event);
    event.preventDefault();
    move(held.thing, event);
  }

  function release(event) {
    if (!held || event.pointerId !== held.id) return;
    const { thing, taken } = held;
    if (taken) swallowClick();
    end();
    if (taken) drop(thing, event);
  }

  function end() {
    clearTimeout(held?.timer);
    held = null;
  }

  function giveUp() {
    if (held?.taken) leave(held.thing);
    end();
  }

  area.addEventListener('pointerdown', begin, { capture: true });
  document.addEventListener('pointermove', moved, { capture: true });
  document.addEventListener('pointerup', release);
  document.addEventListener('pointercancel', ({ pointerId, isTrusted }) => isTrusted && held?.id === pointerId && giveUp());
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && giveUp());
  document.addEventListener('touchmove', (event) => held?.taken && event.cancelable && event.preventDefault(), { passive: false });
  document.addEventListener('contextmenu', (event) => held && !held.mouse && event.preventDefault());
}

/** The click that follows letting go is of the drag, not of what happens to lie there. */
function swallowClick() {
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', stop, { capture: true }), 50);
}
