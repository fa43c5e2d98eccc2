// 存到手机 on a lesson: how large it is and what is to be known is said first; then it comes, piece by
// piece, and goes on by itself where the line was cut.
import { askBook, greet, isFull, keep, keptLessons, refresh, room } from './shelf.js';
import { inMegabytes } from './sizes.js';

const AGAIN_MS = 8000;
const PLENTY = 2e9; // of that nobody need know how much it is
const SPARE = 1.1; // a browser needs a little more than the files have

const box = document.querySelector('[data-keep]');
const words = box ? box.dataset : {};
const part = (name) => box.querySelector('[data-keep-' + name + ']');
let book = null;
let going = false;
let again = 0;

function show(...names) {
  for (const name of ['press', 'panel', 'begin', 'not', 'bar', 'list', 'advice', 'safari', 'film', 'icon-done', 'icon-press']) {
    const element = part(name);
    if (element) element.hidden = !names.includes(name);
  }
}

function say(text) {
  part('said').hidden = !text;
  part('said').textContent = text;
}

function focus(name) { part(name).focus(); }

// Safari drops what a page keeps after seven days, unless it stands on the home screen.
function isSafari() {
  const { userAgent } = navigator;
  return /iP(hone|ad|od)|Macintosh/.test(userAgent) && /Safari/.test(userAgent) && !/Chrom(e|ium)|Edg/.test(userAgent);
}

function tellFull() {
  show('panel', 'list', 'film');
  say(words.wordFull.replace('{size}', inMegabytes(book.bytes)));
}

function tellDone() {
  going = false;
  show('panel', 'list');
  say(words.wordDone);
}

function tellCut() {
  show('panel', 'bar', 'not');
  say(words.wordCut);
}

async function bring() {
  window.clearTimeout(again);
  if (!going) return;
  show('panel', 'bar', 'not');
  say(words.wordComing);
  try {
    await keep(book, words.book, (share) => { part('bar').value = share * 100; });
    tellDone();
  } catch (error) {
    if (isFull(error)) { going = false; tellFull(); return; }
    if (!going) return;
    tellCut();
    again = window.setTimeout(bring, AGAIN_MS);
  }
}

async function begin() {
  going = true;
  show('panel', 'bar', 'not');
  focus('not');
  try {
    if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
    await greet();
  } catch (error) { /* whose it is can be asked later, too */ }
  await bring();
}

function stop() {
  going = false;
  window.clearTimeout(again);
  show('press', 'icon-press');
  say('');
  focus('press');
}

// How large it is, before anything is brought.
async function ask() {
  show('panel');
  say(words.wordAsking);
  try {
    book = await askBook(words.book);
  } catch (error) {
    show('press', 'icon-press');
    say(words.wordNoLine);
    return;
  }
  const place = await room();
  if (place && place.free < book.bytes * SPARE) { tellFull(); return; }
  show('panel', 'begin', 'not', 'advice', ...(isSafari() ? ['safari'] : []));
  const free = place && place.free < PLENTY ? words.wordFree.replace('{free}', inMegabytes(place.free)) : words.wordFits;
  say(words.wordSize.replace('{size}', inMegabytes(book.bytes)) + free);
  focus('begin');
}

async function tellKept() {
  const lesson = Number(words.lesson);
  const kept = (await keptLessons()).find(({ entry }) => entry.lesson === lesson);
  if (!kept || going) return;
  if (kept.isWhole) { show('press', 'icon-done'); part('word').textContent = words.wordKept; }
  else part('word').textContent = words.wordHalf;
}

if (box) {
  document.addEventListener('keep:press', () => {
    if (part('icon-done').hidden) ask();
    else window.location.assign(part('list').href);
  });
  part('begin').addEventListener('click', begin);
  part('not').addEventListener('click', stop);
  window.addEventListener('online', () => { if (going) bring(); });
  tellKept();
}

let looking = false;

export function lookForNews() {
  if (looking || going) return;
  looking = true;
  refresh().catch(() => {}).then(() => { looking = false; document.dispatchEvent(new CustomEvent('kept:changed')); });
}

window.addEventListener('online', lookForNews);
try { if (window.localStorage.getItem('kept') === 'yes') lookForNews(); } catch (error) { /* no memory */ }
