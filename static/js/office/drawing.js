/** Moving booths and places on the plan, and changing the size of the chosen one by its corner. */
import { hold } from './hold.js';

const STEP = 5; // decimetres: things are moved by half metres, with Shift by decimetres
const SVG = 'http://www.w3.org/2000/svg';
const CORNER = 10; // decimetres of the corner one takes hold of

/** @param {{frame: HTMLElement, send: (what: string, fields: object) => void}} floor */
export function start({ frame, send }) {
  const svg = frame.querySelector('svg');
  const overlay = svg.querySelector('[data-over]');
  const corner = document.createElementNS(SVG, 'rect');
  corner.setAttribute('class', 'corner');
  overlay.append(corner);

  const rectOf = (one) => one.querySelector('rect');
  const boxOf = (one) => Object.fromEntries(['x', 'y', 'width', 'height'].map((side) => [side, Number(rectOf(one).getAttribute(side))]));

  /** The chosen thing shows its corner. */
  function show() {
    const chosen = svg.querySelector('[data-chosen]');
    corner.toggleAttribute('hidden', !chosen);
    if (!chosen) return;
    const { x, y, width, height } = boxOf(chosen);
    const size = Math.min(CORNER, width / 2, height / 2);
    for (const [name, value] of Object.entries({ x: x + width - size, y: y + height - size, width: size, height: size })) corner.setAttribute(name, String(value));
  }

  function place({ clientX, clientY }) {
    return new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  }

  function what(event) {
    const resize = event.target === corner;
    const one = resize ? svg.querySelector('[data-chosen]') : event.target.closest('[data-plan] :is([data-booth], .places [data-spot], [data-spot][data-chosen])');
    return one && { one, resize, from: place(event), box: boxOf(one), now: boxOf(one) };
  }

  function move(thing, event) {
    const { box, from, resize, one } = thing;
    const step = event.shiftKey ? 1 : STEP;
    const at = place(event);
    const snap = (start, by) => Math.round((start + by) / step) * step;
    const [dx, dy] = [at.x - from.x, at.y - from.y];
    thing.now = resize
      ? { ...box, width: Math.max(step, snap(box.width, dx)), height: Math.max(step, snap(box.height, dy)) }
      : { ...box, x: snap(box.x, dx), y: snap(box.y, dy) };
    const { x, y, width, height } = thing.now;
    for (const [name, value] of Object.entries({ width, height })) rectOf(one).setAttribute(name, value);
    one.setAttribute('transform', `translate(${x - box.x} ${y - box.y})`);
    corner.setAttribute('hidden', '');
  }

  function drop({ one, box, now, resize }) {
    const metres = resize ? { w: now.width / 10, d: now.height / 10 } : { x: now.x / 10, y: now.y / 10 };
    if (JSON.stringify(box) === JSON.stringify(now)) return leave({ one, box });
    send('actDraw', { kind: one.dataset.booth ? 'booth' : 'place', own: one.dataset.id, ...metres });
  }

  function leave({ one, box }) {
    one.removeAttribute('transform');
    for (const side of ['width', 'height']) rectOf(one).setAttribute(side, box[side]);
    show();
  }

  hold(frame, { what, take: () => {}, move, drop, leave });
  document.addEventListener('rafiq:drawn', show);
}
