// The service worker: it serves the page and its files from the phone, and hands over in the
// background where the browser can.
import { sync } from "./sync.js";

const PAGE = "/roll/";

async function keep(name, addresses) {
  const cache = await caches.open(name);
  await Promise.all(
    addresses.map(async (address) => {
      const answer = await fetch(address, { cache: "reload" });
      // Signed out, the page answers with the sign-in page: better to go on with what is kept.
      if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
      await cache.put(address, answer);
    }),
  );
}

async function forget(name) {
  const old = (await caches.keys()).filter((key) => key.startsWith("roll-") && key !== name);
  await Promise.all(old.map((key) => caches.delete(key)));
}

async function serveKept(name, request) {
  const cache = await caches.open(name);
  const kept = await cache.match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true });
  return kept ?? fetch(request);
}

export function serve(version, addresses) {
  const name = `roll-${version}`;
  const kept = new Set(addresses);
  const channel = new BroadcastChannel("roll");

  self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(keep(name, addresses));
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil(Promise.all([forget(name), self.clients.claim()]));
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET" || origin !== self.location.origin || !kept.has(pathname)) return;
    if (request.mode === "navigate" && pathname !== PAGE) return;
    event.respondWith(serveKept(name, request));
  });

  self.addEventListener("sync", (event) => {
    const changed = () => channel.postMessage("changed");
    // A refusal tells the browser to try again later.
    if (event.tag === "roll") event.waitUntil(sync({ refresh: false, changed }));
  });
}
