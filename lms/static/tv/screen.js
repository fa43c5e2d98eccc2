// A screen that nobody looks after: it plays its list in turn, within its hours, and goes on without
// a network with all that it has loaded. What fails is passed over; a new list is taken up by itself.
import { alertsOf } from './screen-alerts.js';

const stage = document.querySelector('[data-screen]');
const video = stage.querySelector('video');
const slide = stage.querySelector('[data-slide]');
const rest = stage.querySelector('[data-rest]');
const hint = stage.querySelector('[data-hint]');
const LIST = stage.dataset.list;
const KEPT = 'screen-files';
const PAGE = 'screen-page'; // as worker.js calls it
const PLACE = 'screen-place:' + LIST;
const CLOCK = 'screen-clock';
const REFRESH_MS = 5 * 60 * 1000;
const STUCK_MS = 20 * 1000; // a film that has not moved for so long is passed over
const REST_MS = 10 * 1000;
// Three characters a second, as slow as somebody of eighty reads who also looks at the picture.
const slideMs = (words) => Math.max(7000, words.length * 330 + 3000);

let list = null;
let clockOffset = 0;
const alerts = alertsOf(stage);

// A browser may keep its memory from us: then all begins anew after a power cut, and no more.
function remembered(name) {
  try { return window.localStorage.getItem(name); } catch (error) { return null; }
}

function remember(name, value) {
  try { window.localStorage.setItem(name, value); } catch (error) { /* as above */ }
}

const wait = (ms) => new Promise((done) => window.setTimeout(done, ms));

// --- The list, and the files that are kept ------------------------------------------------------

async function refresh() {
  let fresh;
  try {
    const answer = await fetch(LIST, { cache: 'no-store' });
    if (!answer.ok) return;
    fresh = await answer.json();
  } catch (error) { return; } // no network: the old list goes on
  setClock(fresh.now);
  list = fresh;
  keepFiles();
}

// Kept by the service worker, a list is of another time: the clock was set when it was new.
function setClock(now) {
  const known = JSON.parse(remembered(CLOCK) || '{}');
  if (known.now !== now) remember(CLOCK, JSON.stringify({ now, offset: now - Date.now() }));
  clockOffset = known.now === now ? known.offset : now - Date.now();
}

function filesOf(items) {
  const files = [];
  items.forEach((item) => {
    if (item.kind === 'video') files.push(item.file, item.track);
    else item.slides.forEach((each) => files.push(each.picture));
  });
  return files.filter(Boolean);
}

let keeping = false;

async function keepFiles() {
  if (keeping || !window.caches) return; // an address without https keeps nothing, and streams
  keeping = true;
  try {
    const cache = await caches.open(KEPT);
    const wanted = filesOf(list.items).map((file) => new URL(file, window.location.href).href);
    const there = (await cache.keys()).map((request) => request.url);
    await Promise.all(there.filter((url) => !wanted.includes(url)).map((url) => cache.delete(url)));
    for (const url of wanted.filter((each) => !there.includes(each))) {
      try { await cache.add(url); } catch (error) { /* no network or no room: streamed, tried later */ }
    }
    stage.dataset.kept = (await cache.keys()).length;
  } finally { keeping = false; }
}

// The address to show a file from: the kept one, or the server's.
async function addressOf(file) {
  if (!file || !window.caches) return file;
  const kept = await caches.match(new URL(file, window.location.href).href, { cacheName: KEPT });
  return kept ? URL.createObjectURL(await kept.blob()) : file;
}

function release(address) {
  if (address && address.startsWith('blob:')) URL.revokeObjectURL(address);
}

// --- Hours --------------------------------------------------------------------------------------

function isOpen() {
  if (!list.times.length) return true;
  const minutes = Math.floor((Date.now() + clockOffset) / 60000) + list.utc_offset;
  const weekday = ((Math.floor(minutes / 1440) + 3) % 7) + 1; // 1 January 1970 was a Thursday
  const clock = minutes % 1440;
  return list.times.some((time) => (time.weekday === null || time.weekday === weekday)
    && time.from <= clock && clock < time.until);
}

// --- Showing ------------------------------------------------------------------------------------

function show(part) {
  [video, slide, rest, alerts.slide].forEach((each) => { each.hidden = each !== part; });
}

async function start() {
  try {
    await video.play();
  } catch (error) {
    if (error.name !== 'NotAllowedError') throw error;
    video.muted = true; // a browser lets nothing speak before somebody has touched it
    hint.hidden = false;
    await video.play();
  }
}

function ended() {
  return new Promise((done, fail) => {
    let place = -1;
    const look = window.setInterval(() => {
      if (video.currentTime === place) finish(fail, new Error('stuck'));
      place = video.currentTime;
    }, STUCK_MS);
    function finish(how, what) {
      window.clearInterval(look);
      video.onended = null;
      video.onerror = null;
      how(what);
    }
    video.onended = () => finish(done);
    video.onerror = () => finish(fail, new Error('broken'));
  });
}

async function playVideo(item) {
  const file = await addressOf(item.file);
  const words = await addressOf(item.track);
  video.textContent = '';
  if (words) {
    const track = document.createElement('track');
    Object.assign(track, { kind: 'subtitles', src: words, srclang: item.language, default: true });
    video.appendChild(track);
  }
  video.src = file;
  show(video);
  try {
    const over = ended();
    over.catch(() => {}); // start may fail first, and says so itself
    await start();
    await over;
  } finally {
    video.removeAttribute('src');
    video.load();
    release(file);
    release(words);
  }
}

async function playLesson(item) {
  slide.className = 'slide subject-' + item.subject;
  slide.querySelector('[data-title]').textContent = item.title;
  const picture = slide.querySelector('img');
  for (const each of item.slides) {
    const address = await addressOf(each.picture);
    slide.querySelector('[data-label]').textContent = each.label;
    slide.querySelector('[data-words]').textContent = each.words;
    picture.hidden = !address;
    if (address) picture.src = address;
    show(slide);
    await wait(slideMs(each.words));
    release(address);
  }
}

// What the village is warned of, one after each item; nothing where nothing is live.
async function showAlert() {
  const words = alerts.next();
  if (!words) return;
  show(alerts.slide);
  await wait(slideMs(words));
}

async function run() {
  let failures = 0;
  for (let place = Number(remembered(PLACE)) || 0; ; place += 1) {
    if (!list) await refresh();
    if (list && isOpen()) await showAlert();
    // A whole round without one that could be shown: rest, then try again.
    if (!list || !list.items.length || !isOpen() || failures >= list.items.length) {
      show(rest);
      failures = 0;
      await wait(REST_MS);
      await refresh();
      continue;
    }
    const item = list.items[place % list.items.length];
    remember(PLACE, place % list.items.length);
    stage.dataset.item = item.title;
    try {
      await (item.kind === 'video' ? playVideo(item) : playLesson(item));
      failures = 0;
    } catch (error) { failures += 1; }
  }
}

function unmute() {
  video.muted = false;
  hint.hidden = true;
  if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(() => {});
}

document.addEventListener('keydown', unmute);
document.addEventListener('click', unmute);
// The very first opening came before the worker: the page is put where it looks.
async function keepPage() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(stage.dataset.worker);
  await (await caches.open(PAGE)).addAll([window.location.pathname, LIST]);
}

keepPage().catch(() => {}); // no network or no room: it plays all the same
if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
if (navigator.wakeLock) navigator.wakeLock.request('screen').catch(() => {});
window.setInterval(refresh, REFRESH_MS);
run();
