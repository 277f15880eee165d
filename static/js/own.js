/** A member of an object made from JSON; what only the prototype has ("constructor") is undefined. */
export const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);
