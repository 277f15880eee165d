/** Dragging an exhibitor from its booth or from the list to a booth; back to the list frees the booth. */
import { fill } from '../say.js';
import { hold } from './hold.js';

const EDGE = 48; // pixels from the plan's edge where it begins to move along
const STRIDE = 14; // pixels it moves at each step of the hand

/** @param {{frame: HTMLElement, view: import('../view.js').View, send: (what: string, fields: object) => void}} floor */
export function start({ frame, view, send }) {
  const hand = document.querySelector('[data-lifted]');

  function what({ target }) {
    const booth = target.closest('[data-plan] [data-booth]');
    if (booth?.dataset.who) return { who: booth.dataset.who, name: booth.dataset.name, origin: booth.dataset.booth, of: booth };
    const guest = target.closest('.guest');
    if (!guest || target.closest('a, button')) return null;
    return { who: guest.dataset.who, name: guest.dataset.name, origin: guest.dataset.at ?? '', of: guest };
  }

  function take(thing, event) {
    fill(hand, { name: thing.name, to: '' });
    hand.hidden = false;
    thing.of.setAttribute('data-lifting', '');
    document.documentElement.setAttribute('data-dragging', '');
    move(thing, event);
  }

  function move(thing, event) {
    hand.style.translate = `${event.clientX}px ${event.clientY}px`;
    const place = under(event);
    over(place.booth);
    document.querySelector('[data-waiting-list]')?.toggleAttribute('data-over', Boolean(place.list && thing.origin));
    fill(hand, { to: place.booth && place.booth.dataset.booth !== thing.origin ? `→ ${place.booth.dataset.booth}` : '' });
    along(event);
  }

  /** Near its edge the plan moves along, so that what does not show can be reached. */
  function along({ clientX, clientY }) {
    const { left, right, top, bottom } = frame.getBoundingClientRect();
    if (view.whole || clientX < left || clientX > right || clientY < top || clientY > bottom) return;
    const push = (low, at, high) => (at - low < EDGE ? STRIDE : high - at < EDGE ? -STRIDE : 0);
    const [dx, dy] = [push(left, clientX, right), push(top, clientY, bottom)];
    if (dx || dy) view.pan(dx, dy);
  }

  function drop(thing, event) {
    const place = under(event);
    leave(thing);
    const { who, origin } = thing;
    if (place.booth && place.booth.dataset.booth !== origin) send('actAssign', { who, booth: place.booth.dataset.booth, origin });
    else if (place.list && origin) send('actRelease', { booth: origin });
  }

  function leave(thing) {
    hand.hidden = true;
    thing.of.removeAttribute('data-lifting');
    document.documentElement.removeAttribute('data-dragging');
    document.querySelector('[data-waiting-list]')?.removeAttribute('data-over');
    over(null);
  }

  hold(document, { what, take, move, drop, leave });
}

function under({ clientX, clientY }) {
  const there = document.elementFromPoint(clientX, clientY);
  return { booth: there?.closest('[data-plan] [data-booth]'), list: there?.closest('[data-waiting-list]') };
}

function over(booth) {
  for (const one of document.querySelectorAll('[data-booth][data-over]')) if (one !== booth) one.removeAttribute('data-over');
  booth?.setAttribute('data-over', '');
}
