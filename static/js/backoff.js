/** How long to wait before trying again: 1 s after the first failure, 5 min at most, never all phones at once. */

const SECONDS = [1, 2, 5, 15, 60, 300];

/**
 * Milliseconds to wait after so many failures in a row, up to a fifth more or less.
 * @param {number} failures at least 1
 * @param {() => number} [random] from 0 to 1
 */
export function backoff(failures, random = Math.random) {
  const seconds = SECONDS[Math.min(failures, SECONDS.length) - 1];
  return Math.round(1000 * seconds * (0.8 + 0.4 * random()));
}
