/**
 * Fingers, mouse, wheel and keys on a View: one finger (or the mouse) moves it, two pinch it, a double tap enlarges,
 * the wheel zooms around the pointer, and so do + − 0 and the arrows.
 *
 * While the whole drawing shows there is nothing to move: the finger and the wheel then scroll the page as anywhere
 * else (`touch-action` in the stylesheet), except the wheel over a drawing that was clicked into.
 */

const SLOP = 6; // pixels a finger may shake in a tap
const DOUBLE = { within: 350, around: 30 }; // milliseconds, pixels
const STEP = 1.5; // one press of + or −
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STRIDE = 80; // pixels one press of an arrow moves

/**
 * @param {HTMLElement} frame
 * @param {import('./view.js').View} view
 */
export function follow(frame, view) {
  followPointers(frame, view);
  frame.addEventListener('wheel', (event) => wheel(event, frame, view), { passive: false });
  frame.addEventListener('keydown', (event) => press(event, view));
  frame.addEventListener('dragstart', (event) => event.preventDefault()); // a link would be dragged away
}

function followPointers(frame, view) {
  const fingers = new Map();
  let start = { x: 0, y: 0 };
  let held; // what was under the fingers when one of them came or went, and how they stood then
  let moved = false;
  const hold = () => { held = fingers.size ? { span: grip(fingers).span, ...view.under(grip(fingers)) } : undefined; };
  let last = { x: 0, y: 0, at: -Infinity };

  frame.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (!fingers.size) {
      start = { x: event.clientX, y: event.clientY };
      moved = false;
    }
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    hold();
  });

  frame.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    const now = { x: event.clientX, y: event.clientY };
    if (!moved && fingers.size === 1 && Math.hypot(now.x - start.x, now.y - start.y) < SLOP) return;
    moved = true;
    // Fingers are captured by themselves. The mouse only now: a captured click would not reach the booth under it.
    if (event.pointerType === 'mouse') frame.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, now);
    // From where they began, not from move to move: at an edge or the last size nothing then adds up to a drift.
    const { span, ...at } = grip(fingers);
    view.drag(held, at, held.span && span ? span / held.span : 1);
  });

  // On the window, because a mouse that did not move far enough to be captured may be let go outside.
  for (const name of ['pointerup', 'pointercancel']) {
    addEventListener(name, ({ pointerId }) => fingers.delete(pointerId) && hold());
  }

  // The browser must not take a pinch for a scroll of the page, whatever touch-action allows one finger.
  frame.addEventListener('touchmove', (event) => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  }, { passive: false });

  frame.addEventListener('click', (event) => {
    if (!event.detail) return; // pressed with the keyboard
    const tap = { x: event.clientX, y: event.clientY, at: event.timeStamp };
    const twice = tap.at - last.at < DOUBLE.within && Math.hypot(tap.x - last.x, tap.y - last.y) < DOUBLE.around;
    last = twice ? { ...tap, at: -Infinity } : tap;
    if (twice) view.zoom(2, tap, true);
    if (!moved && !twice) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}

/** The middle between the first two fingers and how far they are apart; one finger has no span. */
function grip(fingers) {
  const [a, b = a] = fingers.values();
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, span: Math.hypot(a.x - b.x, a.y - b.y) };
}

/** A pinch on a trackpad comes as a wheel with Ctrl. */
function wheel(event, frame, view) {
  const pinch = event.ctrlKey || event.metaKey;
  if (view.whole && (event.deltaY > 0 || !(pinch || frame.contains(document.activeElement)))) return;
  event.preventDefault();
  const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 32);
  const strength = Math.max(-100, Math.min(pixels, 100)) / (pinch ? 100 : 250);
  view.zoom(2 ** -strength, { x: event.clientX, y: event.clientY });
}

function press(event, view) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow && view.whole) return;
  if (arrow) view.pan(arrow[0] * STRIDE, arrow[1] * STRIDE, true);
  else if (event.key === '+' || event.key === '=') view.zoom(STEP, undefined, true);
  else if (event.key === '-') view.zoom(1 / STEP, undefined, true);
  else if (event.key === '0') view.fit();
  else return;
  event.preventDefault();
}
