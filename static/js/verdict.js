/**
 * What an answer to sent edits means. The one rule: an edit is done with when an answer names its id, and only then.
 * Everything else a network can bring (errors, hotspots, proxies, old answers) leaves it where it is.
 *
 * @typedef {object} Verdict
 * @property {'answered'|'again'|'split'|'signin'} what answered: look at `outcomes`; again: try later, at the earliest
 *   after `wait` milliseconds; split: send fewer at once; signin: kept until its author has signed in
 * @property {Map<string, {state: string, problem?: string, field?: string}>} outcomes by id, of what was sent only
 * @property {number} wait
 * @property {[log: string, seq: number]} [log] the name of the log that answered, and its position
 */
const DONE = ['applied', 'duplicate', 'conflict', 'refused'];
const LONGEST_WAIT = 3_600_000;
const SPLIT = [400, 413, 422]; // too much at once, or one among them that spoils the rest

/** Refusals that time heals: the edit stays and is sent again. */
export const PASSING = ['exhibitor_busy'];

/**
 * @param {{status: number, type: string, after: string, text: string} | undefined} answer content type, Retry-After and
 *   body; undefined when none came
 * @param {string[]} ids of the edits that were sent
 * @param {number} [now] Unix milliseconds
 * @returns {Verdict}
 */
export function judge(answer, ids, now = Date.now()) {
  const outcomes = new Map();
  if (!answer) return { what: 'again', outcomes, wait: 0 };
  const { status, type } = answer;
  const json = type.startsWith('application/json');
  if (status === 401 && json) return { what: 'signin', outcomes, wait: 0 };
  if (SPLIT.includes(status)) return { what: 'split', outcomes, wait: 0 };
  if (status !== 200 || !json) return { what: 'again', outcomes, wait: patience(answer.after, now) };
  const { list, log } = told(answer.text);
  for (const outcome of list) {
    const { id, state, problem, field } = outcome ?? {};
    if (ids.includes(id) && DONE.includes(state)) outcomes.set(id, { state, problem, field });
  }
  // Limits say on every answer when they begin anew: of one that names ours it means nothing.
  return { what: outcomes.size ? 'answered' : 'again', outcomes, wait: 0, ...(outcomes.size && log && { log }) };
}

/** The outcomes of an answer's text and where the log stands; none when it is no answer of ours. @returns {{list: any[], log?: [string, number] | false}} */
function told(text) {
  try {
    const { seq, outcomes, log } = JSON.parse(text);
    return { list: Number.isInteger(seq) && Array.isArray(outcomes) ? outcomes : [], log: typeof log === 'string' && [log, seq] };
  } catch {
    return { list: [] };
  }
}

/** Milliseconds of a Retry-After (RFC 9110, section 10.2.3: seconds or a date), an hour at most. */
function patience(after, now) {
  const seconds = /^[0-9]+$/.test(after) ? Number(after) : (Date.parse(after) - now) / 1000;
  return Math.min(Math.max(0, 1000 * (seconds || 0)), LONGEST_WAIT);
}
