/**
 * Do something one at a time over all pages and workers of this phone. Where the browser has no Web Locks it is done at
 * once: twice is then possible, and no more than work for nothing.
 * @template T
 * @param {string} name
 * @param {(lock: unknown) => Promise<T>} act gets null when somebody else is at it and `options` say not to wait
 * @param {LockOptions} [options]
 * @returns {Promise<T>}
 */
export const alone = (name, act, options = {}) => navigator.locks?.request(name, options, /** @type {any} */ (act)) ?? act(true);
