/** How far a request has come: `data-sent="waiting|sending|refused|delivered"` on the element that holds the words. */
import { outbox } from './store.js';

/** The state of what belongs to a record, given what the outbox holds. @param {import('./outbox.js').Item[]} items */
export function state(items, record) {
  const own = items.filter(({ edit }) => edit.record === record).map((item) => item.state);
  if (!own.length) return 'delivered';
  return own.includes('refused') || own.includes('signin') ? 'refused' : own.includes('sending') ? 'sending' : 'waiting';
}

/** Show the state of one record on an element for as long as the page lives. */
export function states(element, record) {
  const show = async () => { element.dataset.sent = state(await outbox.all(), record); };
  new BroadcastChannel('outbox').addEventListener('message', show);
  return show();
}
