// The lessons that this phone keeps, on the list and on the page that stands in for another: read from
// the browser, since no server knows them.
import { askBook, askWorker, isFull, keep, keptLessons, remove, room, takenBack } from './shelf.js';
import { inMegabytes } from './sizes.js';

const PLENTY = 2e9; // of that nobody need know how much is left

const root = document.querySelector('[data-kept]');
const words = root.dataset;
const list = root.querySelector('[data-kept-list]');
const row = root.querySelector('[data-kept-row]');
const said = root.querySelector('[data-kept-said]');

const tell = (text) => { said.textContent = text; said.hidden = !text; };
const inWords = (lesson) => {
  const size = inMegabytes(lesson.entry.bytes);
  return lesson.isWhole ? words.wordWhole.replace('{size}', size)
    : words.wordHalf.replace('{done}', inMegabytes(lesson.done)).replace('{size}', size);
};

async function goOn(lesson, button) {
  button.disabled = true;
  const line = button.closest('[data-kept-item]').querySelector('[data-size]');
  try {
    const book = await askBook(lesson.entry.address);
    await keep(book, lesson.entry.address, (share) => { line.textContent = words.wordComing.replace('{percent}', Math.floor(share * 100)); });
    tell('');
  } catch (error) {
    tell(isFull(error) ? words.wordFull : words.wordCut);
  }
  await show();
}

async function takeOut(lesson) {
  const buttons = Array.from(list.querySelectorAll('[data-remove]'));
  const place = buttons.findIndex((button) => button === document.activeElement);
  await remove(lesson.entry.lesson);
  await show();
  tell(words.wordRemoved.replace('{title}', lesson.entry.title));
  const left = list.querySelectorAll('[data-remove]');
  const next = left[Math.min(Math.max(place, 0), left.length - 1)] || document.querySelector('[data-back]');
  if (next) next.focus({ preventScroll: true });
}

function drawn(lesson) {
  const item = document.importNode(row.content, true).querySelector('[data-kept-item]');
  const link = item.querySelector('[data-open]');
  link.href = lesson.entry.url;
  link.querySelector('[data-title]').textContent = lesson.entry.title;
  item.querySelector('[data-size]').textContent = inWords(lesson);
  const [more, away] = ['[data-more]', '[data-remove]'].map((name) => item.querySelector(name));
  if (more) {
    more.hidden = lesson.isWhole;
    more.addEventListener('click', () => goOn(lesson, more));
  }
  if (away) {
    away.setAttribute('aria-label', words.wordRemove.replace('{title}', lesson.entry.title));
    away.addEventListener('click', () => takeOut(lesson));
  }
  return item;
}

async function tellRoom(lessons) {
  const line = root.querySelector('[data-kept-room]');
  if (!line) return;
  const all = lessons.reduce((sum, lesson) => sum + lesson.done, 0);
  const place = await room();
  const free = place && place.free < PLENTY ? words.wordFree.replace('{free}', inMegabytes(place.free)) : '';
  line.textContent = words.wordAll.replace('{count}', lessons.length).replace('{size}', inMegabytes(all)) + free;
  line.hidden = lessons.length === 0;
}

async function tellWaiting() {
  const line = root.querySelector('[data-kept-waiting]');
  const { waiting } = await askWorker('send');
  line.textContent = waiting ? words.wordWaiting.replace('{count}', waiting) : '';
  line.hidden = !waiting;
}

async function show() {
  const onlyUsable = 'onlyUsable' in words;
  const lessons = (await keptLessons()).filter((lesson) => lesson.isUsable || !onlyUsable);
  list.textContent = '';
  for (const lesson of lessons) list.appendChild(drawn(lesson));
  root.querySelector('[data-kept-some]').hidden = lessons.length === 0;
  const none = root.querySelector('[data-kept-none]');
  if (none) none.hidden = lessons.length > 0;
  const atRest = document.activeElement === document.body || document.activeElement.matches('[data-back]');
  if (none && !none.hidden && atRest) none.querySelector('a').focus({ preventScroll: true });
  await tellRoom(lessons);
  const gone = words.wordGone && takenBack();
  if (gone) tell(words.wordGone.replace('{title}', gone));
}

function canKeep() {
  try { return window.isSecureContext && Boolean(navigator.serviceWorker && window.caches && window.indexedDB); } catch (error) { return false; }
}

async function start() {
  if (!canKeep()) { root.querySelector('[data-kept-unable]').hidden = false; return; }
  await show();
  const first = list.querySelector('[data-open]');
  if (first && 'onlyUsable' in words) first.focus({ preventScroll: true });
  if (list.children.length > 0) await tellWaiting();
}

document.addEventListener('kept:changed', () => { show().then(tellWaiting).catch(() => {}); });
start().catch(() => tell(words.wordBroken));
