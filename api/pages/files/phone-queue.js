// What was said without a connection: kept in the browser's database by the service worker, shown by the page.
"use strict";

const QUEUE = (() => {
  const NAME = "fieldwright-phone";
  const STORE = "said";

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function within(mode, act) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const work = database.transaction(STORE, mode);
        const asked = act(work.objectStore(STORE));
        work.oncomplete = () => resolve(asked && asked.result);
        work.onabort = work.onerror = () => reject(work.error);
      });
    } finally {
      database.close();
    }
  }

  return {
    channel: "fieldwright-phone",
    all: () => within("readonly", (store) => store.getAll()),
    keep: (said) => within("readwrite", (store) => store.put(said)),
    drop: (n) => within("readwrite", (store) => store.delete(n)),
    field: (said, name) => (said.fields.find((pair) => pair[0] === name) || ["", ""])[1],
    newKey: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
})();
