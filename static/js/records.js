/**
 * The private records of who is signed in, on this phone: begun from `/api/records`, kept up by `/api/edits`, merged as
 * companion/sync/merge.py does, with the outbox laid over them. Whoever draws a page reads `view()` and nothing else.
 *
 * @typedef {{kind: string, id: string, fields: Record<string, any>, stamps: Record<string, string>,
 *   unsent?: boolean, held?: string[]}} Row `unsent`: something of it is only on this phone; `held`: paths that wait for the office
 * @typedef {object} View
 * @property {string} who `exhibitor:K7M2P`, '' when nobody signed in here
 * @property {boolean} over whether the server said the session is over
 * @property {Record<string, string[]>} rights the fields they may write, by kind; `*` is every one
 * @property {string[]} makes the kinds of record they may add
 * @property {object[]} conflicts those this person may settle and did not yet, as the server told them last
 * @property {object[]} replaced what this person wrote and somebody else replaced without having seen it
 * @property {boolean} look whether the office looks at changes first
 * @property {boolean} anew whether the server alone knows what became of an edit: a name that another has waits for the office
 * @property {string} checked ISO time of the last answer of the server
 * @property {import('./outbox.js').Item[]} unsent
 * @property {number} pictures how many photos of theirs wait on this phone
 * @property {object[]} declined the changes the office did not take over
 * @property {object[]} history the edits of the page, newest first
 * @property {(kind: string) => Row[]} all
 * @property {(kind: string, id: string) => Row | undefined} one
 */
import { release } from './fragment.js';
import { recall, send } from './outbox.js';
import { forgetCopies, left } from './sender.js';
import { area, outbox } from './store.js';

const PATIENCE = 15_000;
const PAGE = ['exhibitor', 'product', 'photo'];
const MOST_HISTORY = 300;
const STORES = ['records', 'history', 'area'];

/** The session is over, or another's: what the person sees is an offer to sign in. */
export class SignIn extends Error {}

/** A value as JSON that is equal exactly for equal values; twin of `canonical` in sync/merge.py. */
const canonical = (value) => JSON.stringify(value, (_, one) => (one && typeof one === 'object' && !Array.isArray(one)
  ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one)) ?? 'null';

/**
 * Take over every field of an edit that is later than what the record holds.
 * @param {Row | undefined} row undefined for a record that is new
 * @returns {Row} a new one
 */
export function merged(row, { kind, record, stamp, fields }) {
  const next = { kind, id: record, fields: { ...row?.fields }, stamps: { ...row?.stamps } };
  for (const [path, value] of Object.entries(fields)) {
    const [was, is] = [next.stamps[path] ?? '', stamp];
    if (is < was || (is === was && canonical(value) <= canonical(next.fields[path]))) continue;
    next.stamps[path] = stamp;
    if (value === null) delete next.fields[path];
    else next.fields[path] = value;
  }
  return next;
}

const key = (kind, id) => `${kind} ${id}`;

/** Everything there is to know on this phone, the newest act included. @returns {Promise<View>} */
export async function view() {
  const [meta, rows, edits, items, photos, known = []] = await Promise.all([
    area.get('area', 'state'), area.all('records'), area.all('history'), outbox.all(), area.all('pictures'), area.get('area', 'understood'),
  ]);
  const { who = '', over = false, look = false, anew = false, checked = '', held = [], rights = {}, makes = [], conflicts = [], replaced = [] } = meta ?? {};
  const found = new Map(rows.map((row) => [key(row.kind, row.id), row]));
  const lay = (edit, mark) => {
    if (edit.kind === 'erase') return found.delete(key(edit.fields.kind, edit.record));
    const at = key(edit.kind, edit.record);
    found.set(at, { ...found.get(at), ...merged(found.get(at), edit), ...mark(found.get(at)) });
    return undefined;
  };
  for (const edit of held) if (!edit.declined) lay(edit, (row) => ({ held: [...(row?.held ?? []), ...Object.keys(edit.fields)] }));
  const unsent = items.filter(({ as }) => as === who);
  for (const { edit, state } of unsent) if (state !== 'refused') lay(edit, () => ({ unsent: true }));
  const kept = [...found.values()].filter(({ fields }) => !fields.deleted);
  const pending = unsent.filter(({ edit, state }) => PAGE.includes(edit.kind) && state !== 'refused').map(({ edit, at }) => ({ ...edit, received: at, author: who, role: who.split(':')[0], unsent: true }));
  return {
    who, over, look, anew, checked, unsent, rights, makes, pictures: photos.filter(({ as, sent }) => as === who && !sent).length,
    conflicts: open(conflicts, going(items, who)),
    replaced: replaced.filter(({ edit }) => !known.includes(edit)),
    declined: held.filter(({ declined }) => declined),
    history: [...edits, ...pending].sort((a, b) => (a.stamp < b.stamp ? 1 : -1)),
    all: (kind) => kept.filter((row) => row.kind === kind),
    one: (kind, id) => kept.find((row) => row.kind === kind && row.id === id),
  };
}

/** Forget everything private of who was signed in; the outbox is not touched. */
export const forget = () => area.change(STORES, (...stores) => Promise.all(stores.map((store) => store.clear())));

/**
 * Take over an edit made here, so that it stays in view when it has left the outbox and the server has not told it yet;
 * what it settles is not asked again meanwhile.
 */
export const learn = (edit) => area.change(['records', 'area'], async (records, kept) => {
  const state = await kept.get('state');
  if (state && renames(edit)) await kept.put({ ...state, anew: true }, 'state');
  if (edit.settles?.length && state) await kept.put({ ...state, conflicts: open(state.conflicts ?? [], [edit]) }, 'state');
  if (edit.kind === 'erase') return records.delete([edit.fields.kind, edit.record]);
  return records.put(merged(await records.get([edit.kind, edit.record]), edit));
});

/** Whether an edit gives an exhibitor a name. */
const renames = ({ kind, fields }) => kind === 'exhibitor' && Object.keys(fields).some((path) => path.startsWith('name.'));

/** The edits of somebody that are on their way. */
const going = (items, who) => items.filter(({ as, state }) => as === who && state !== 'refused').map(({ edit }) => edit);

/** Those conflicts that none of these edits settles. */
const open = (conflicts, edits) => conflicts.filter(({ sides }) => !edits.some(({ settles }) => settles?.includes(sides[0].edit)));

/** Begin anew from what the server says its reader may read. @returns {Promise<string>} who that is */
async function whole() {
  const answer = await ask('/api/records');
  if (!Array.isArray(answer.records) || typeof answer.who !== 'string') throw new Error('not our records');
  const { who, look, held, seq, log, rights, makes } = answer;
  const offered = await recall([log, seq], who); // before the records that only this phone has are replaced
  const waiting = going(await outbox.all(), who);
  if (offered) send().catch(console.warn);
  const before = await area.get('area', 'state');
  const same = before?.who === who && before.log === log; // a position in one server's log says nothing in another's
  const anew = (!!before?.anew || offered > 0) && waiting.some(renames); // not delivered yet
  const begin = who.startsWith('exhibitor:') ? 0 : seq; // exhibitors read what changed on their page, staff in the office
  await area.change(STORES, async (records, history, state) => {
    await records.clear();
    if (!same) await history.clear();
    await Promise.all(answer.records.map((row) => records.put(row)));
    for (const edit of waiting) { // as `learn` does: they may be delivered before the server tells them
      if (edit.kind === 'erase') await records.delete([edit.fields.kind, edit.record]);
      else await records.put(merged(await records.get([edit.kind, edit.record]), edit));
    }
    await state.put({ who, look, anew, held, seq, log, rights, makes, read: same ? before.read ?? begin : begin, over: false, checked: new Date().toISOString() }, 'state');
  });
  return who;
}

/** Take over the edits since the last time; they are the history of the page as well. */
async function since() {
  for (;;) {
    const state = await area.get('area', 'state');
    const page = await ask(`/api/edits?since=${state.read}`);
    if (!Array.isArray(page.edits)) throw new Error('not our edits');
    const together = (page.codes ?? []).join(); // of an exhibitor and those the office merged with it
    if (page.who !== state.who || page.log !== state.log || together !== (state.together ?? together)) {
      await whole(); // somebody else signed in on this phone, or it came to another server, or one set back to a backup
      await area.change(['area'], async (kept) => kept.put({ ...await kept.get('state'), together }, 'state'));
      continue;
    }
    await area.change([...STORES, 'mine'], async (records, history, kept, mine) => {
      for (const edit of page.edits) await take(records, history, mine, edit);
      const old = (await history.getAll()).sort((a, b) => b.seq - a.seq).slice(MOST_HISTORY);
      for (const { id } of old) await history.delete(id);
      await kept.put({ ...state, together, read: page.next, over: false, checked: new Date().toISOString() }, 'state');
    });
    if (page.next >= page.seq) {
      if (await recall([page.log, page.seq], page.who)) send().catch(console.warn);
      return;
    }
  }
}

/** They have read what of theirs was replaced. @param {string[]} edits those that lost */
export const understand = (edits) => area.change(['area'], async (kept) => kept.put([...(await kept.get('understood')) ?? [], ...edits].slice(-200), 'understood'));

/** What people disagree about, and what this person lost, whenever something was written since the last time. */
async function disagreements() {
  const state = await area.get('area', 'state');
  if (state.compared === state.read) return;
  const { conflicts, replaced } = await ask('/api/records/conflicts');
  if (!Array.isArray(conflicts) || !Array.isArray(replaced)) throw new Error('not our conflicts');
  const still = open(conflicts, going(await outbox.all(), state.who)); // a settlement may arrive there while this is offline again
  await area.change(['area'], (kept) => kept.put({ ...state, conflicts: still, replaced, compared: state.read }, 'state'));
}

async function take(records, history, mine, edit) {
  if (edit.kind === 'erase' || edit.fields.erased) await forgetCopies(mine, edit.record);
  if (edit.kind === 'erase' || edit.fields.erased) return records.delete([edit.kind === 'erase' ? edit.fields.kind : edit.kind, edit.record]);
  const row = await records.get([edit.kind, edit.record]);
  await records.put(merged(row, edit));
  if (PAGE.includes(edit.kind)) await history.put(edit);
  return undefined;
}

/**
 * Bring the records up to date with the server; on any error the old ones stay.
 * @param {{anew?: boolean}} [how] anew: ask for all of them, whoever they were of
 * @throws {SignIn} when the session is over
 */
export async function refresh({ anew = false } = {}) {
  const state = await area.get('area', 'state');
  try {
    const refused = (await outbox.all()).some((item) => item.as === state?.who && item.state === 'refused');
    if (anew || !state?.who || state.look || state.anew || state.held?.length || state.over || refused) await whole();
    await since();
    await disagreements();
  } catch (problem) {
    if (problem instanceof SignIn && state) {
      await area.change(['area'], (kept) => kept.put({ ...state, over: true }, 'state'));
    }
    throw problem;
  }
}

/** One of our own JSON answers. */
async function ask(address) {
  const headers = { accept: 'application/json', 'rafiq-device': await report() };
  const response = await fetch(address, { cache: 'no-store', headers, signal: AbortSignal.timeout(PATIENCE) });
  if (response.status === 401) throw new SignIn(address);
  if (!response.ok || !response.headers.get('content-type')?.startsWith('application/json')) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

/** What the office's board shows of this phone: catalogue, unsent edits, release. */
async function report() {
  const { seq } = globalThis.document?.documentElement.dataset ?? {};
  return `${seq || 0} ${await left()} ${release}`;
}
