/** Logging out on a phone that has the fair for the floor: what is not sent yet is looked at first, then all of it goes. */
import { area } from '../store.js';

/** Lead the button there, if this browser has the records. */
export async function start() {
  const form = document.querySelector('form.who');
  if (form && (await area.get('area', 'state'))?.who?.startsWith('staff:')) Object.assign(form, { method: 'get', action: '/staff/floor/leave' });
}
