/** What changed since a snapshot, put into it: the phone's side of `GET /api/catalogue/changes`. */

/** The lists that come as single records, each with the members that order it. */
const LISTS = {
  exhibitors: ['code'],
  booths: ['code'],
  places: ['code'],
  workshops: ['date', 'start', 'code'],
};

/** A snapshot, or an error when it is not a whole one. */
export function whole(snapshot) {
  const problem = flaw(snapshot);
  if (problem) throw new Error(`not a whole catalogue: ${problem}`);
  return snapshot;
}

/**
 * A new snapshot; the one given stays as it is.
 * @param {object} snapshot
 * @param {{seq: number, since: number, set: object, whole?: boolean}} changes and `{changed, gone}` for each list
 * @returns {object | undefined} undefined when it takes the whole snapshot to get there
 */
export function merge(snapshot, changes) {
  if (changes.whole || changes.since !== snapshot.seq || !Number.isInteger(changes.seq)) return undefined;
  const merged = { ...snapshot, ...changes.set, seq: changes.seq };
  for (const [name, keys] of Object.entries(LISTS)) {
    if (changes[name]) merged[name] = exchange(snapshot[name], changes[name], keys);
  }
  return flaw(merged) ? undefined : merged;
}

function exchange(records, { changed = [], gone = [] }, keys) {
  const out = new Set([...gone, ...changed.map((record) => record.code)]);
  return [...records.filter((record) => !out.has(record.code)), ...changed].sort((one, other) => {
    const key = keys.find((name) => one[name] !== other[name]);
    return key ? (one[key] < other[key] ? -1 : 1) : 0;
  });
}

/** What makes it unfit to answer from: a captive portal's JSON, or changes that did not fit; '' when nothing. */
function flaw(snapshot) {
  if (!Number.isInteger(snapshot?.seq) || !snapshot.fair) return 'no fair in it';
  const list = Object.keys(LISTS).find((name) => !Array.isArray(snapshot[name]));
  if (list) return `no ${list}`;
  const orders = Object.values(snapshot.order ?? {});
  return orders.every((order) => order.length === snapshot.exhibitors.length) ? '' : 'orders that do not fit';
}
