// A screen's page and its files: from the network when there is one, else as they were kept.
// Films are kept by the page itself (screen.js), whole, since a cache answers no ranges.
const CACHE = 'screen-page';

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(self.kept)));
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function answer(request) {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  const ours = /^\/screen\/[^/]+\/(playlist\.json)?$/.test(pathname) || self.kept.includes(pathname);
  if (ours) event.respondWith(answer(event.request));
});
