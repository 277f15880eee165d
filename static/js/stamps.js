/**
 * Hybrid logical clock stamps as sortable text, `<milliseconds>-<counter>-<node>`: later than what they replace, however
 * wrong the phone's clock is. Twin of companion/sync/stamps.py.
 */
const STAMP = /^([0-9]{13})-([0-9]{4})-([a-z0-9]{1,32})$/;
const LATEST = 9_999_999_999_999;

/** Whether a text has the form of a stamp. */
export const isStamp = (text) => STAMP.test(text);

/**
 * @param {string} node the name of who makes it: 1 to 32 small letters and digits
 * @param {number} now Unix milliseconds
 * @param {(string | null | undefined)[]} replaced
 * @returns {string} later than every stamp in `replaced`
 * @throws {RangeError} when nothing later can be written
 */
export function nextStamp(node, now, replaced) {
  const latest = replaced.filter(Boolean).sort().at(-1) ?? '';
  const [, time, count] = STAMP.exec(latest) ?? [];
  if (time === undefined || Number(time) < now) return written(now, 0, node);
  const [millis, counter] = Number(count) < 9999 ? [Number(time), Number(count) + 1] : [Number(time) + 1, 0];
  if (millis > LATEST) throw new RangeError(`no stamp is later than ${latest}`);
  return written(millis, counter, node);
}

const written = (millis, counter, node) => `${String(millis).padStart(13, '0')}-${String(counter).padStart(4, '0')}-${node}`;
