// What is learnt without a network: noted in this browser, sent when there is one, and kept until the
// server has answered for it. Each has an id of its own, so that sending twice is harmless, and the
// signed word of whoever learnt it (lms/offline/owners.py). Part of the worker.
self.queue = (() => {
  const EVENTS = 'events';
  const META = 'meta';
  const MOST = 100; // at a time
  const PARTS = 20; // of a film, as the server counts them
  const WATCHED = 18;
  let opening = null;
  let sending = Promise.resolve();

  function database() {
    if (opening) return opening;
    opening = new Promise((resolve, reject) => {
      const asking = indexedDB.open('learning', 1);
      asking.onupgradeneeded = () => {
        asking.result.createObjectStore(EVENTS, { keyPath: 'id' });
        asking.result.createObjectStore(META);
      };
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => { opening = null; reject(asking.error); };
    });
    return opening;
  }

  async function ask(store, mode, what) {
    const db = await database();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(store, mode);
      const request = what(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  const remembered = (name) => ask(META, 'readonly', (store) => store.get(name));
  const remember = (name, value) => ask(META, 'readwrite', (store) => store.put(value, name));
  const all = () => ask(EVENTS, 'readonly', (store) => store.getAll());

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] % 16) + 64; // version 4
    bytes[8] = (bytes[8] % 64) + 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  // How far whoever learns here has come in a lesson without the server, by what was noted: under
  // another's word it is another's.
  async function far(lesson) {
    const owner = await remembered('owner');
    return (owner && await remembered('far ' + lesson + ' ' + owner)) || {};
  }

  function isGoneThrough(state) {
    let seen = 0;
    for (let part = 0; part < PARTS; part += 1) seen += Math.floor((state.parts || 0) / 2 ** part) % 2;
    return Boolean(state.read) || seen >= WATCHED;
  }

  // False where nobody is known to learn here: a television keeps nothing.
  async function note(lesson, kind, more) {
    const owner = await remembered('owner');
    if (!owner) return false;
    const event = Object.assign({ id: newId(), owner, lesson, kind, at: Date.now() }, more);
    await ask(EVENTS, 'readwrite', (store) => store.put(event));
    const state = await far(lesson);
    if (kind === 'seen') state.parts = (state.parts || 0) | event.parts; // twenty bits
    else state[kind] = true;
    await remember('far ' + lesson + ' ' + owner, state);
    if (self.registration.sync) self.registration.sync.register('learnt').catch(() => {});
    return true;
  }

  async function sendSome(owner, events) {
    const sent = events.map(({ id, lesson, kind, at, parts, step }) => ({ id, lesson, kind, at, parts, step }));
    const answer = await fetch(self.site.learnt, {
      method: 'POST', credentials: 'same-origin', cache: 'no-store', redirect: 'error',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ now: Date.now(), owner, events: sent }),
    });
    if (!answer.ok) throw new Error('status ' + answer.status);
    const { answers } = await answer.json(); // a network that answers with a page of its own throws
    const ours = new Set(sent.map(({ id }) => id));
    const done = answers.filter(({ id }) => ours.has(id));
    if (done.length === 0) throw new Error('nothing answered');
    await ask(EVENTS, 'readwrite', (store) => { for (const { id } of done) store.delete(id); });
  }

  async function sendAll() {
    for (let events = await all(); events.length > 0; events = await all()) {
      const [{ owner }] = events;
      await sendSome(owner, events.filter((event) => event.owner === owner).slice(0, MOST));
    }
  }

  // One after the other; rejects where something stays.
  function send() {
    sending = sending.then(sendAll, sendAll);
    return sending;
  }

  // Who learns here from now on; blank: nobody whose learning is noted. How far another has come is
  // let go; what of theirs is not sent yet stays theirs, and is sent.
  async function setOwner(owner) {
    await remember('owner', owner);
    if (owner) await remember('phone', true);
    const names = await ask(META, 'readonly', (store) => store.getAllKeys());
    const others = names.filter((name) => name.startsWith('far ') && !name.endsWith(' ' + owner));
    await ask(META, 'readwrite', (store) => { for (const name of others) store.delete(name); });
  }

  async function count() { return (await all()).length; }

  return { note, far, isGoneThrough, send, count, setOwner, remembered };
})();
