/** The catalogue as it is downloaded, column by column, made the snapshot it was: companion/catalogue/packed.py says how. */

const TABLES = ['exhibitors', 'booths', 'places', 'workshops'];
const NAMED = ['kinds', 'sectors', 'zones', 'provinces', 'communes', 'labels', 'certifications', 'units', 'audiences'];

/**
 * @param {object} first the first answer
 * @param {object[]} [parts] the rest of the exhibitors of a large fair; without it they have what a list shows
 * @returns {object} the snapshot
 */
export function unpack(first, parts = []) {
  const { parts: names, ...snapshot } = first;
  for (const name of TABLES) snapshot[name] = records(first[name]);
  for (const name of NAMED) {
    const { '': codes, ...table } = first[name];
    const named = records(table);
    snapshot[name] = Object.fromEntries(codes.map((code, at) => [code, named[at] ?? {}]));
  }
  const { exhibitors, booths } = snapshot;
  const order = Object.entries(first.order).map(([lang, places]) => [lang, Array.from(places, (at) => at.charCodeAt(0) - 192)]);
  snapshot.order = Object.fromEntries(order);
  const known = new Map(exhibitors.map((one) => [one.code, one]));
  for (const other of parts.flatMap(records)) Object.assign(known.get(other.code), other);
  for (const one of exhibitors) if (one.whatsapp === 0) [one.whatsapp] = one.phones;
  for (const booth of booths) {
    const holder = exhibitors[booth.exhibitor];
    if (!holder) continue;
    booth.exhibitor = holder.code;
    (holder.booths ??= []).push(booth.code);
  }
  exhibitors.sort((one, other) => (one.code < other.code ? -1 : 1));
  return snapshot;
}

/** The records of a table; a member that is null in its column is left out. */
function records(table) {
  const columns = Object.entries(table).map(([name, column]) => [name, values(column)]);
  return Array.from(columns[0]?.[1] ?? [], (_, at) => {
    const record = {};
    for (const [name, column] of columns) if (column[at] !== null) record[name] = column[at];
    return record;
  });
}

/** A column, one value for each record. */
function values(column) {
  if (Array.isArray(column)) return column;
  if (!column['']) return records(column).map((texts) => (Object.keys(texts).length ? texts : null));
  const { '': counts, ...table } = column;
  const all = records(table);
  let at = 0;
  return counts.map((count) => (count ? all.slice(at, (at += count)) : null));
}
