// Putting lessons into this browser, taking them out, and telling the worker. A lesson has a cache of
// its own; what has come of it stays when the line is cut, and is not asked for again.
const CACHE = 'kept-';
const ANYTHING = 'kept'; // in localStorage, so that other pages know at once
const MARK = 'kept-mark';
const GONE = 'kept-gone'; // the title of a lesson that was taken back, until it was said
const JSON_TYPE = 'application/json';

function remembered(name) {
  try { return window.localStorage.getItem(name); } catch (error) { return null; }
}

function remember(name, value) {
  try { window.localStorage.setItem(name, value); } catch (error) { /* no memory: it is asked anew */ }
}

export function isFull(error) { return error.name === 'QuotaExceededError'; }

// The worker, registered where it is not yet; resolves to its answer.
export async function askWorker(ask, more) {
  await navigator.serviceWorker.register(document.body.dataset.startWorker, { scope: '/' });
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => { if (event.data.error) reject(new Error(event.data.error)); else resolve(event.data); };
    active.postMessage(Object.assign({ ask }, more), [port2]);
  });
}

async function readJson(cache, address) {
  const found = await cache.match(address);
  return found ? found.json() : null;
}

async function putJson(cache, address, what) {
  await cache.put(address, new Response(JSON.stringify(what), { headers: { 'Content-Type': JSON_TYPE } }));
}

const pieceAddress = (film, number) => film.url + '?piece=' + number;

function pieceNumbers(film) {
  return film ? Array.from({ length: Math.ceil(film.bytes / film.piece) }, (_, number) => number) : [];
}

// What the worker and the list need to know of a lesson, without its pages.
function entryOf(book, address) {
  const { lesson, title, url, version, bytes, files, film, parts } = book;
  const pages = [parts.lesson, parts.practice, parts.unclear].filter(Boolean).map((part) => part.url);
  return { lesson, title, url, version, bytes, files, film, pages, address };
}

// [{entry, isWhole, done}]: done in bytes. By title.
export async function keptLessons() {
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHE));
  const found = await Promise.all(names.map(async (name) => {
    const cache = await caches.open(name);
    const addresses = (await cache.keys()).map((request) => request.url);
    const at = (end) => addresses.find((address) => address.endsWith(end));
    const [whole, coming] = [at('?entry'), at('?coming')];
    if (!whole && !coming) return null;
    const entry = await readJson(cache, coming || whole);
    const here = new Set(addresses.map((address) => { const { pathname, search } = new URL(address); return pathname + search; }));
    const pieces = pieceNumbers(entry.film).filter((number) => here.has(pieceAddress(entry.film, number)));
    const files = entry.files.filter((file) => here.has(file.url)).reduce((sum, file) => sum + file.bytes, 0);
    const done = files + pieces.length * (entry.film ? entry.film.piece : 0);
    const isWhole = Boolean(whole) && !coming;
    return { entry, isWhole, isUsable: Boolean(whole), done: isWhole ? entry.bytes : Math.min(done, entry.bytes) };
  }));
  return found.filter(Boolean).sort((one, other) => one.entry.title.localeCompare(other.entry.title, 'zh'));
}

// The lesson as the server has it now: null where the browser has this version; throws `gone` where
// the lesson is no longer there.
export async function askBook(address, have) {
  const answer = await fetch(address + (have ? '?have=' + have : ''), { credentials: 'same-origin', cache: 'no-store' });
  if (answer.status === 204) return null;
  if (answer.status === 404) throw Object.assign(new Error('gone'), { isGone: true });
  if (!answer.ok) throw new Error('status ' + answer.status);
  const rules = answer.headers.get('Content-Security-Policy');
  return Object.assign(await answer.json(), { rules });
}

async function fetchFile(cache, file) {
  if (file.stays && await cache.match(file.url)) return;
  const answer = await fetch(file.url, { credentials: 'same-origin', cache: file.stays ? 'default' : 'no-cache' });
  if ([403, 404, 410].includes(answer.status)) return; // a page that lacks a picture is still a page
  if (answer.status !== 200) throw new Error('status ' + answer.status);
  await cache.put(file.url, answer);
}

async function fetchPiece(cache, film, number) {
  const [first, last] = [number * film.piece, Math.min((number + 1) * film.piece, film.bytes) - 1];
  const answer = await fetch(film.url, { credentials: 'same-origin', cache: 'no-store', headers: { Range: 'bytes=' + first + '-' + last } });
  if (answer.status !== 206) throw new Error('status ' + answer.status);
  const bytes = await answer.blob();
  if (bytes.size !== last - first + 1) throw new Error('cut short');
  await cache.put(pieceAddress(film, number), new Response(bytes, { headers: { 'Content-Type': 'video/mp4' } }));
}

async function removeLeftOver(cache, book, address) {
  const wanted = new Set([address + '?entry', address + '?whole', ...book.files.map((file) => file.url)]);
  for (const number of pieceNumbers(book.film)) wanted.add(pieceAddress(book.film, number));
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!wanted.has(pathname + search)) await cache.delete(request);
  }
}

// Brings whatever of the lesson is not here yet; tells `progress` (of 1). What was kept before stands
// until all of the new is there. Throws where the line is cut or the room is full: to be begun again.
export async function keep(book, address, progress) {
  const cache = await caches.open(CACHE + book.lesson);
  const entry = entryOf(book, address);
  await putJson(cache, address + '?coming', entry);
  remember(ANYTHING, 'yes');
  let done = 0;
  const add = (bytes) => { done += bytes; if (progress) progress(Math.min(1, done / book.bytes)); };
  for (const file of book.files) {
    await fetchFile(cache, file);
    add(file.bytes);
  }
  for (const number of pieceNumbers(book.film)) {
    if (!(await cache.match(pieceAddress(book.film, number)))) await fetchPiece(cache, book.film, number);
    add(book.film.piece);
  }
  const headers = { 'Content-Type': JSON_TYPE };
  if (book.rules) headers['Content-Security-Policy'] = book.rules;
  await cache.put(address + '?whole', new Response(JSON.stringify(book), { headers }));
  await putJson(cache, address + '?entry', entry);
  await removeLeftOver(cache, book, address);
  await askWorker('shelf');
}

export async function remove(lesson) {
  await caches.delete(CACHE + lesson);
  await askWorker('shelf');
}

// Of a lesson that was taken back since this was asked last; blank: of none.
export function takenBack() {
  const title = remembered(GONE) || '';
  if (title) remember(GONE, '');
  return title;
}

// {quota, free} in bytes; null where the browser does not tell.
export async function room() {
  if (!navigator.storage || !navigator.storage.estimate) return null;
  const { quota, usage } = await navigator.storage.estimate();
  return { quota, free: Math.max(0, quota - usage) };
}

// Who learns here and whether anything is new; what is waiting is sent. How many still wait.
export async function greet() {
  const answer = await fetch(document.body.dataset.keptNews, { credentials: 'same-origin', cache: 'no-store' });
  if (!answer.ok) throw new Error('status ' + answer.status);
  const { mark, owner } = await answer.json();
  await askWorker('owner', { owner });
  const { waiting } = await askWorker('send');
  return { mark, waiting };
}

async function bringUpToDate({ entry, isWhole }) {
  try {
    const book = await askBook(entry.address, isWhole ? entry.version : '');
    if (book) await keep(book, entry.address);
  } catch (error) {
    if (!error.isGone) throw error;
    await remove(entry.lesson); // what a city has taken back is not taught any more
    remember(GONE, entry.title);
  }
}

// With a line: what has changed is brought anew, what was cut goes on.
export async function refresh() {
  const lessons = await keptLessons();
  const { mark, waiting } = await greet();
  const isNew = mark !== remembered(MARK);
  for (const lesson of lessons) if (isNew || !lesson.isWhole) await bringUpToDate(lesson);
  if (isNew && lessons.length > 0) await askWorker('look');
  remember(MARK, mark);
  if (lessons.length === 0 && !waiting) {
    remember(ANYTHING, 'no');
    await askWorker('owner', { owner: '' });
  }
  return waiting;
}
