/** The phones that are signed in with this card, and the secret number. Only the server knows them. */
import { say } from '../say.js';
import { clock } from './words.js';

export async function make() {
  const known = await listed();
  return {
    template: 'phones',
    context: {
      away: !known, pin: Boolean(known?.pin),
      phones: (known?.phones ?? []).map(({ id, name, since, seen, this: here }) => ({ id, name: name || '?', since: clock(since), seen: clock(seen), here })),
    },
  };
}

async function listed() {
  try {
    const response = await fetch('/api/own/phones', { cache: 'no-store', signal: AbortSignal.timeout(8000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

const post = (address, content) => fetch(address, {
  method: 'POST', body: JSON.stringify(content ?? {}), headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(20_000),
});

export const acts = {
  async end({ id }) {
    const answer = await post(`/api/own/phones/${id}/end`).catch(() => undefined);
    say(answer?.ok ? 'phone-ended' : 'no-answer');
  },
  async pin(_, form) {
    const answer = await post('/api/own/pin', { pin: form.elements.pin.value }).catch(() => undefined);
    say(answer?.ok ? 'kept' : answer?.status === 422 ? 'easy' : 'no-answer');
    return answer?.ok ? undefined : 'typing';
  },
};
