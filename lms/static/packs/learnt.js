// What was watched, read, answered and practised, kept on this machine alone, for nobody's name.
import { keepHere, keptHere } from './memory.js';

const box = document.querySelector('[data-part="learnt"]');
const lesson = (box || document.querySelector('[data-lesson]') || { dataset: {} }).dataset.lesson;
const marks = () => keptHere('marks') || {};
const markOf = (key) => marks()[key] || {};

function isDone(mark) {
  return Boolean(mark.read && (mark.quiz || mark.free));
}

function stateOf(mark) {
  if (isDone(mark)) return 'done';
  if (mark.read) return 'read';
  if (box.dataset.free === 'yes') return 'free';
  return mark.quiz ? 'quiz' : 'new';
}

function show() {
  if (!box) return;
  const hadFocus = box.contains(document.activeElement);
  const state = stateOf(markOf(lesson));
  for (const part of box.querySelectorAll('[data-state]')) part.hidden = part.dataset.state !== state;
  const next = hadFocus && document.querySelector('[data-part="learnt"] [data-state="' + state + '"] a, .neighbour--next, [data-back]');
  if (next) next.focus({ preventScroll: true });
}

function note(what) {
  if (!lesson) return;
  const all = marks();
  all[lesson] = Object.assign({}, all[lesson], what);
  if (box && box.dataset.free === 'yes') all[lesson].free = true;
  keepHere('marks', all);
  show();
}

// On a list: which lessons are learnt, and which are begun.
function dressTiles() {
  const facts = document.querySelector('[data-how-far]');
  if (!facts) return;
  for (const tile of document.querySelectorAll('a.tile')) {
    const found = /lesson-([0-9]+)\.html$/.exec(tile.pathname);
    const mark = found && markOf(found[1]);
    const row = tile.querySelector('.fact-row');
    if (!mark || !row || !Object.keys(mark).length) continue;
    const fact = facts.content.querySelector(isDone(mark) ? '[data-fact="done"]' : '[data-fact="begun"]');
    row.insertBefore(document.importNode(fact, true), row.firstChild);
  }
}

// The lesson that was open last is the first thing on the front page; when that is learnt, the next
// one that is not.
function goOn() {
  const all = document.querySelector('[data-go-on]');
  const last = keptHere('last');
  if (!all || !last) return;
  const tiles = Array.from(all.content.querySelectorAll('[data-lesson]'));
  const from = tiles.findIndex((one) => one.dataset.lesson === last);
  const tile = from < 0 ? null : tiles.slice(from).find((one) => !isDone(markOf(one.dataset.lesson)));
  if (!tile) return;
  const main = document.querySelector('main');
  const hint = main.querySelector('.hint');
  if (hint) hint.hidden = true;
  main.insertBefore(document.importNode(tile.parentNode, true), main.firstChild);
}

document.addEventListener('click', (event) => {
  const { target } = event;
  if (!target.closest) return;
  if (target.closest('[data-read-it]')) note({ read: true });
  if (target.closest('[data-answer]')) note({ quiz: true });
});
document.addEventListener('reading:ended', () => note({ read: true }));
document.addEventListener('ended', (event) => { if (event.target.tagName === 'VIDEO') note({ read: true }); }, true);
document.addEventListener('part-changed', () => { if (document.querySelector('.play--done')) note({ practised: true }); });

if (box) {
  keepHere('last', lesson);
  show();
}
goOn();
dressTiles();
