/** How much is still to be sent, always in view: `<html data-unsent>`, `[data-slot="unsent"]`. And the outbox at work. */
import { fill } from './say.js';
import { outbox } from './store.js';

/** Show it now and whenever the outbox changes, on this page or another. */
export function start() {
  new BroadcastChannel('outbox').onmessage = show;
  show();
}

/** Counts of pages seen are sent as well, but nobody waits for them. */
async function show() {
  const items = await outbox.all();
  const unsent = items.filter(({ edit }) => edit.kind !== 'tally');
  const root = document.documentElement;
  root.dataset.unsent = String(unsent.length);
  root.toggleAttribute('data-needs-you', unsent.some(({ state }) => state === 'refused' || state === 'signin'));
  fill(document, { unsent: unsent.length });
  if (items.length || (await outbox.copies())) import('./outbox.js').then(({ start: keepSending }) => keepSending(), console.error);
}
