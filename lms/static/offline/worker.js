// The one worker of the learners' site, beside the roll's and the lobby's in their own folders. A
// television keeps a page that stands in for any that it cannot have; a phone besides the lessons that
// were put into it (library.js), and notes what is learnt of them (queue.js).
(() => {
  const { site, library, films, queue } = self;
  const SITE = 'site-';
  const NAME = SITE + site.version;
  const NO_ANSWER = [502, 503, 504]; // a door that nobody is behind
  const PATIENCE_MS = 6000; // on a thin line, where the page is here as well
  const PAGES = [site.start, site.away, site.list];
  const TOLD = new RegExp('^' + site.told.replace('(number)', '(\\d+)').replace('(what)', '(read|seen|unclear|opened)') + '$');

  async function forgetOld() {
    const old = (await caches.keys()).filter((name) => /^(site|start)-/.test(name) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  async function ownFile(address) {
    const cache = await caches.open(NAME);
    return cache.match(address, { ignoreSearch: true, ignoreVary: true });
  }

  // A phone is told what it keeps, a television to look at its cables.
  async function instead(address) {
    const isPhone = await queue.remembered('phone').catch(() => null);
    return ownFile(address.pathname === site.list ? site.list : isPhone ? site.away : site.start);
  }

  function patiently(answer) {
    return new Promise((resolve, reject) => {
      setTimeout(reject, PATIENCE_MS, new Error('too slow'));
      answer.then(resolve, reject);
    });
  }

  async function answered(request, isKept) {
    const asking = fetch(request);
    const answer = await (isKept ? patiently(asking) : asking);
    if (NO_ANSWER.includes(answer.status)) throw new Error('status ' + answer.status);
    return answer;
  }

  async function pageOrKept(request, address) {
    await library.read();
    const isKept = Boolean(library.page(address.pathname));
    try {
      return await answered(request, isKept);
    } catch (error) {
      const kept = isKept && await library.answer(address);
      return kept || (request.mode === 'navigate' && await instead(address)) || Response.error();
    }
  }

  async function filmOrKept(request, entry, address) {
    const isThisOne = address.pathname === entry.film.url;
    const kept = isThisOne && await films.answer(request, entry);
    if (kept) return kept; // costs no traffic
    try {
      return await answered(request, false);
    } catch (error) {
      return await films.answer(request, entry) || Response.error();
    }
  }

  async function fileOrKept(request, address) {
    await library.read();
    const film = library.film(address.pathname);
    if (film) return filmOrKept(request, film, address);
    if (library.page(address.pathname)) return pageOrKept(request, address);
    const file = library.file(address.pathname);
    const kept = file && file.stays && await library.fromCache(file.entry, address.pathname);
    if (kept) return kept;
    try {
      return await answered(request, false);
    } catch (error) {
      return (file && await library.fromCache(file.entry, address.pathname)) || await ownFile(address.pathname) || Response.error();
    }
  }

  // What a form sends cannot be asked for again: one is back where it was pressed, and that page waits.
  async function sentOrBack(request) {
    try { return await fetch(request); } catch (error) { return Response.redirect(request.referrer || '/', 303); }
  }

  function noteOf(what, fields) {
    if (what === 'seen') return { parts: Number(fields.get('parts')) || 0 };
    return what === 'unclear' ? { step: Number(fields.get('step')) || 0 } : {};
  }

  async function afterNoted(request, address, lesson, what) {
    if (what === 'seen') return new Response(null, { status: 204 });
    if (what === 'unclear') return Response.redirect(address.pathname, 303);
    const page = await library.lessonAddress(lesson);
    if (request.mode === 'navigate') return Response.redirect((page || request.referrer || '/') + '#learnt', 303);
    return (page && await library.answer(new URL(page, address))) || new Response('');
  }

  async function toldOrNoted(request, address, [, number, what]) {
    const copy = request.clone();
    try {
      return await answered(request, false);
    } catch (error) {
      if (what === 'opened') return new Response(null, { status: 204 });
      await library.read();
      const lesson = Number(number);
      const noted = await queue.note(lesson, what, noteOf(what, new URLSearchParams(await copy.text())));
      if (noted) return afterNoted(request, address, lesson, what);
      return request.mode === 'navigate' ? Response.redirect(request.referrer || '/', 303) : Response.error();
    }
  }

  self.addEventListener('install', (event) => {
    self.skipWaiting();
    event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...PAGES, ...site.files])));
  });

  self.addEventListener('activate', (event) => {
    event.waitUntil(Promise.all([forgetOld(), library.read(true), self.clients.claim()]));
  });

  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const address = new URL(request.url);
    if (address.origin !== self.location.origin) return;
    if (request.method === 'POST') {
      const told = TOLD.exec(address.pathname);
      const isForm = (request.headers.get('Content-Type') || '').startsWith('application/x-www-form-urlencoded');
      if (told) event.respondWith(toldOrNoted(request, address, told));
      else if (request.mode === 'navigate' && isForm) event.respondWith(sentOrBack(request));
    }
    if (request.method !== 'GET') return;
    if (request.mode === 'navigate') {
      event.respondWith(pageOrKept(request, address));
      return;
    }
    if (library.isRead() && !library.has(address.pathname) && !site.files.includes(address.pathname)) return;
    event.respondWith(fileOrKept(request, address));
  });

  self.addEventListener('sync', (event) => { if (event.tag === 'learnt') event.waitUntil(queue.send()); });

  // What pages ask of it (shelf.js); each is answered.
  const asked = {
    shelf: () => library.read(true),
    owner: ({ owner }) => queue.setOwner(owner),
    send: () => queue.send().catch(() => {}), // what stays is counted
    look: () => caches.open(NAME).then((cache) => cache.addAll(PAGES)),
  };

  self.addEventListener('message', (event) => {
    const [port] = event.ports;
    const doing = asked[event.data.ask](event.data);
    event.waitUntil(Promise.resolve(doing).then(queue.count).then(
      (waiting) => port.postMessage({ waiting }),
      (error) => port.postMessage({ error: String(error) }),
    ));
  });
})();
