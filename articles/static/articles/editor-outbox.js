// What was typed and is not on the server yet, in the browser's database, for each account apart. Each call opens the
// database anew, since the browser may clear or close it at any time; each may fail, as the disk may be full.

const NAME = "palimpsest";
const STORE = "unsaved";

export class Outbox {
  #account;

  constructor(account) {
    this.#account = account;
  }

  // A record has token, edits, article, and fields by name; it replaces an earlier one of the same page.
  put(record) {
    return this.#run("readwrite", (store) => store.put({ ...record, account: this.#account }));
  }

  // The records of this account, and of no other.
  all() {
    const [first, last] = [[this.#account], [this.#account, []]]; // an array sorts after any text
    return this.#run("readonly", (store) => store.getAll(IDBKeyRange.bound(first, last)));
  }

  // Deletes the record of a page, unless it holds later edits.
  delete({ token, edits }) {
    return this.#run("readwrite", (store) => {
      const key = [this.#account, token];
      const request = store.get(key);
      request.onsuccess = () => request.result?.edits <= edits && store.delete(key);
      return request;
    });
  }

  async #run(mode, act) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, mode);
        const request = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["account", "token"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
