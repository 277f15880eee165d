/** The door: a card's secret is behind `#` in its address; pressing the button posts it, opening the address does not. */
import { forget, refresh } from '../records.js';
import { say } from '../say.js';
import { chooseLanguage } from './words.js';

const part = (name) => document.querySelector(`[data-with="${name}"]`);

/** Show what there is to press. */
export function start() {
  const secret = /^#([\w-]{16,64})$/.exec(location.hash)?.[1];
  if (secret) open('card');
  addEventListener('hashchange', () => location.reload()); // a card scanned while this page was open
  document.querySelector('[data-do="enter"]').addEventListener('click', ({ target }) => enter(secret, target.closest('button')));
  document.querySelector('[data-do="pin"]').addEventListener('submit', choose);
  chooseLanguage(document.documentElement.lang); // inside, it is the door's
  for (const link of document.querySelectorAll('[data-language]')) link.addEventListener('click', () => { link.hash = location.hash; });
}

/** Show one part of the page instead of the others. */
function open(name) {
  for (const section of document.querySelectorAll('[data-with]')) section.hidden = section.dataset.with !== name;
  part(name).querySelector('button, input').focus();
}

async function enter(secret, button) {
  button.disabled = true;
  try {
    const answer = await post('/in', { secret });
    if (answer.status === 401) return say('card-ended');
    const { who, pin } = await answer.json();
    if (!who) throw new Error('not our answer');
    history.replaceState(null, '', '/in');
    await settle(who);
    if (pin) location.assign('/exhibitor/');
    else open('pin');
  } catch (problem) {
    console.warn(problem);
    say('no-answer');
  } finally {
    button.disabled = false;
  }
  return undefined;
}

/** What this phone knows of another exhibitor goes; what they have not sent stays in the outbox for them. */
async function settle(who) {
  await forget();
  await refresh();
  (await navigator.serviceWorker?.getRegistration())?.active?.postMessage('area');
  console.info('Signed in as', who);
}

async function choose(event) {
  event.preventDefault();
  try {
    const answer = await post('/api/own/pin', { pin: event.target.elements.pin.value });
    if (answer.ok) return location.assign('/exhibitor/');
    say(answer.status === 422 ? 'easy' : 'no-answer');
  } catch {
    say('no-answer');
  }
  return undefined;
}

const post = (address, content) => fetch(address, {
  method: 'POST', body: JSON.stringify(content), headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(20_000),
});
