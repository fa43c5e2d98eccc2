// A television keeps the page /tv/start/, and shows it for any page that it cannot have.
const { page, kept, version } = self.start;
const NAME = 'start-' + version;
const NO_ANSWER = [502, 503, 504]; // a door that nobody is behind

async function forget() {
  const old = (await caches.keys()).filter((name) => name.startsWith('start-') && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function fromKept(address) {
  const cache = await caches.open(NAME);
  return cache.match(address, { ignoreSearch: true, ignoreVary: true });
}

async function pageOrStart(request) {
  try {
    const answer = await fetch(request);
    return NO_ANSWER.includes(answer.status) ? await fromKept(page) || answer : answer;
  } catch (error) {
    return await fromKept(page) || Response.error();
  }
}

// What a form sends cannot be asked for again: one is back where it was pressed, and that page waits.
async function sentOrBack(request) {
  try { return await fetch(request); } catch (error) { return Response.redirect(request.referrer || '/', 303); }
}

async function fileOrKept(request) {
  try { return await fetch(request); } catch (error) { return await fromKept(request.url) || Response.error(); }
}

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(kept)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([forget(), self.clients.claim()]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isForm = (request.headers.get('Content-Type') || '').startsWith('application/x-www-form-urlencoded');
  if (request.method === 'POST' && request.mode === 'navigate' && isForm) event.respondWith(sentOrBack(request));
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(pageOrStart(request));
  else if (kept.includes(new URL(request.url).pathname)) event.respondWith(fileOrKept(request));
});
