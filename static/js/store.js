/**
 * The phone's own memory: one IndexedDB database, `rafiq`, used by the pages and by the service worker.
 *
 * A write resolves when its transaction is complete and not before, and rejects when it was aborted (a full disk
 * aborts, it does not fail the request); `strict` asks the system to have it on the disk by then. Reading treats
 * a refused storage as an empty one: what can be read without it still works, and `data-offline` tells.
 */
import { openDB } from '../vendor/idb.js';

/** @typedef {{type: 'bookmark'|'note'|'visited'|'agenda'|'request'|'sent', id: string, text?: string, at: string, title?: string,
 *   fields?: Record<string, any>, withdrawn?: string, erased?: string, delivered?: string, secret?: string}} Mine */
/** @typedef {{seq: number, release: string, snapshot: string, stored: string}} Stored the snapshot as JSON text */

const PATIENCE = 4000;

/** @type {Promise<any> | undefined} */
let opened;

/** The database, opened once; tried again after a failure. */
function database() {
  if (opened) return opened;
  const opening = openDB('rafiq', 2, {
    upgrade(db, version) {
      if (version < 1) {
        db.createObjectStore('catalogue');
        db.createObjectStore('mine', { keyPath: ['type', 'id'] });
        db.createObjectStore('settings');
        db.createObjectStore('outbox', { keyPath: 'id' });
      }
      db.createObjectStore('records', { keyPath: ['kind', 'id'] });
      db.createObjectStore('history', { keyPath: 'id' });
      db.createObjectStore('pictures', { keyPath: 'id' });
      db.createObjectStore('area');
    },
    blocking(current, next, event) {
      opened = undefined; // a newer release waits to change the database: make room
      event.target.close();
    },
    terminated: () => { opened = undefined; },
  });
  // Some browsers leave an opening unanswered after they evicted the database: https://webkit.org/b/226547
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error('the storage does not open')));
  opened = Promise.race([opening, late]);
  opened.catch(() => { opened = undefined; });
  return opened;
}

/**
 * Transactions under way. A page that is left may be frozen to be shown again; WebKit freezes its transactions with it, and
 * no other page, nor the worker, gets at those stores again. So they end when the page is left.
 */
const open = new Set();
let left = false;
addEventListener('pagehide', () => {
  left = true;
  for (const transaction of open) try { transaction.abort(); } catch { /* it is just over */ }
});
addEventListener('pageshow', ({ persisted }) => {
  left = false;
  if (persisted && open.size) location.reload(); // what was being read never came
});

/**
 * Run one transaction. A connection may have died without a close event (WebKit ends those of suspended pages): the
 * database is then opened anew and the work done once more, so it must come to the same when it is done twice.
 * @template T
 * @param {string | string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(transaction: any) => Promise<T>} work
 * @param {boolean} [last]
 * @returns {Promise<T>}
 */
async function run(names, mode, work, last = false) {
  const opening = database();
  const db = await opening;
  try {
    return await work(db.transaction(names, mode, { durability: 'strict' }));
  } catch (error) {
    if (last || left || !(error instanceof DOMException) || error.name === 'QuotaExceededError') throw error;
    if (opened === opening) opened = undefined;
    db.close();
    return run(names, mode, work, true);
  }
}

/** A transaction that ends when the page is left. */
function tracked(transaction) {
  if (left) {
    transaction.abort();
    throw new DOMException('the page is gone', 'AbortError');
  }
  open.add(transaction);
  transaction.done.catch(() => {}).then(() => left || open.delete(transaction)); // what went wrong is told by who began it
  return transaction;
}

/**
 * @template T
 * @param {string} name
 * @param {(store: any) => Promise<T>} question one request
 * @param {T} nothing the answer of a storage that is refused, evicted or broken
 */
async function read(name, question, nothing) {
  try {
    return await run(name, 'readonly', (transaction) => question(tracked(transaction).store));
  } catch (error) {
    console.warn('Nothing can be read from this phone’s storage.', error);
    return nothing;
  }
}

/** @param {string} name @param {(store: any) => Promise<unknown>} change @returns {Promise<void>} */
const write = (name, change) => run(name, 'readwrite', async (transaction) => {
  const changing = change(transaction.store);
  transaction.commit(); // now: the page may be gone before it could commit by itself
  await Promise.all([changing, transaction.done]);
});

/**
 * A change that reads before it writes, in one transaction over several stores: all of it is on the disk, or none.
 * @template T
 * @param {string[]} names
 * @param {(...stores: any[]) => Promise<T>} change awaits nothing but these stores
 * @returns {Promise<T>}
 */
const exchange = (names, change) => run(names, 'readwrite', async (begun) => {
  const transaction = tracked(begun);
  try {
    const result = await change(...names.map((name) => transaction.objectStore(name)));
    await transaction.done;
    return result;
  } catch (error) {
    if (!transaction.error) try { transaction.abort(); } catch { /* it is over */ }
    throw transaction.error ?? error; // a full disk aborts the whole and has the better name
  }
});

/** One visitor's choices: `lang`, `theme`, `here` ({booth, at}), `checked` (when the catalogue last was, ISO). */
export const settings = {
  get: (key) => read('settings', (store) => store.get(key), undefined),
  set: (key, value) => write('settings', (store) => store.put(value, key)),
  remove: (key) => write('settings', (store) => store.delete(key)),
  /** All but those named. @param {...string} kept */
  clear: (...kept) => exchange(['settings'], async (store) => {
    for (const key of await store.getAllKeys()) if (!kept.includes(key)) await store.delete(key);
  }),
};

/** What the visitor keeps. A record needs `type` and `id`; `at` is the moment of the act. */
export const mine = {
  /** @param {Mine['type']} type @returns {Promise<Mine[]>} */
  all: (type) => read('mine', (store) => store.getAll(IDBKeyRange.bound([type], [type, []])), []),
  /** @returns {Promise<Mine | undefined>} */
  get: (type, id) => read('mine', (store) => store.get([type, id]), undefined),
  /** @param {Omit<Mine, 'at'> & {at?: string}} record */
  async put(record) {
    await write('mine', (store) => store.put({ at: new Date().toISOString(), ...record }));
    navigator.storage?.persist?.(); // now there is something to lose; some browsers ask the person
  },
  remove: (type, id) => write('mine', (store) => store.delete([type, id])),
  /** All but requests, which only this phone can take back, one by one, and the copies of what was delivered. */
  clear: () => exchange(['mine'], async (store) => {
    for (const { type, id, item } of await store.getAll()) {
      if (type !== 'request' && (!item || item.edit.kind === 'tally')) await store.delete([type, id]);
    }
  }),
};

/** The keys of `mine` under which delivered edits are kept; see `delivered` in sender.js. */
export const SENT = globalThis.IDBKeyRange?.bound(['sent'], ['sent', []]);

/** The public catalogue as it was last received, whole. */
export const received = {
  /** @returns {Promise<Stored | undefined>} */
  get: () => read('catalogue', (store) => store.get('current'), undefined),
  /** Whether it is there, without reading it. @returns {Promise<boolean>} */
  exists: () => read('catalogue', async (store) => (await store.getKey('current')) !== undefined, false),
  /** @param {Stored} stored */
  put: (stored) => write('catalogue', (store) => store.put(stored, 'current')),
  clear: () => write('catalogue', (store) => store.clear()),
};

/** Edits on their way to the server; see outbox.js, which is the way in, and sender.js, which is the way out. */
export const outbox = {
  /** @returns {Promise<import('./outbox.js').Item[]>} in the order of the acts */
  all: () => read('outbox', async (store) => (await store.getAll()).sort((a, b) => a.order - b.order), []),
  /**
   * @template T
   * @param {(outbox: any, mine: any) => Promise<T>} change both stores in one transaction; on a full phone the copies of
   *   what was delivered make room
   * @returns {Promise<T>}
   */
  change: (change) => exchange(['outbox', 'mine'], change).catch(async (error) => {
    if (error.name !== 'QuotaExceededError') throw error;
    await exchange(['mine', 'pictures'], async (store, pictures) => {
      await store.delete(SENT);
      for (const { id, sent } of await pictures.getAll()) if (sent) await pictures.delete(id);
    });
    return exchange(['outbox', 'mine'], change);
  }),
  /** How many delivered edits are kept. @returns {Promise<number>} */
  copies: () => read('mine', (store) => store.count(SENT), 0),
};

/** What belongs to who signed in: `records`, `history`, `pictures` to send, and `area`, its state; see records.js. */
export const area = {
  all: (name) => read(name, (store) => store.getAll(), []),
  get: (name, key) => read(name, (store) => store.get(key), undefined),
  /** @template T @param {string[]} names @param {(...stores: any[]) => Promise<T>} change all of them in one transaction */
  change: (names, change) => exchange(names, change),
};
