/** Signing out, and what is not sent yet: send it, keep it as a file, or stay. Nothing of it is ever thrown away unasked. */
import { bring, discard, send, write } from '../outbox.js';
import { forget } from '../records.js';
import { say } from '../say.js';
import { sendPictures, waiting } from './pictures.js';
import { door } from './run.js';
import { save } from './sheet.js';
import { clock } from './words.js';

/** @param {import('../records.js').View} me */
export async function make(me) {
  const pictures = (await waiting()).filter(({ as }) => as === me.who);
  return {
    template: 'leave',
    context: {
      waiting: me.unsent.filter(({ state, after }) => !after && /^(waiting|sending)$/.test(state)).length + pictures.filter(({ problem }) => !problem).length,
      wrong: me.unsent.filter(({ state }) => state === 'refused').length + pictures.filter(({ problem }) => problem).length,
      pictures: pictures.length,
      items: me.unsent.map(({ id, edit, at, state, problem = '', field = '' }) => ({ id, kind: edit.kind, at: clock(at), state, problem, field })),
    },
  };
}

export const acts = {
  async send() {
    await send();
    await sendPictures().catch(() => {});
    await send(); // what shows them
  },
  async file() {
    const made = new Date();
    save(await write(made), `rafiq-${made.toISOString().slice(0, 16).replaceAll(':', '')}.json`, 'application/json');
    return 'stay';
  },
  async bring(_, input) {
    const [file] = input.files;
    input.value = '';
    if (!file) return 'stay';
    try {
      const { count, refused } = await bring(await file.text());
      say(refused ? 'brought-part' : 'brought', { values: { count, refused } });
    } catch {
      say('not-a-list');
    }
    return undefined;
  },
  async discard({ id }) {
    await discard(id);
  },
  /** The session ends on the server when it can be reached; what is private goes from this phone, what is unsent stays. */
  async leave(_, __, me) {
    if (me.unsent.length || (await waiting()).some(({ as }) => as === me.who)) {
      document.getElementById('unsent').showModal();
      return 'stay';
    }
    return away();
  },
  leave_anyway: () => away(),
};

async function away() {
  const answer = await fetch('/api/own/sign-out', { method: 'POST', signal: AbortSignal.timeout(8000) }).catch(() => undefined);
  if (!answer?.ok && answer?.status !== 401) {
    say('no-answer');
    return 'stay';
  }
  await forget();
  return door();
}

