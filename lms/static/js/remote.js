// The remote control: arrows move the focus, Back goes back, digits choose what bears them.
import { nextThing } from './directions.js';
import { focusFirst } from './first-focus.js';
import { BACKSPACE, isBack, isTyping } from './keys.js';
import { bringIntoView, isOpening, scrollToShow } from './scrolling.js';

const ARROWS = { 37: 'ArrowLeft', 38: 'ArrowUp', 39: 'ArrowRight', 40: 'ArrowDown' };

function scope() {
  return document.querySelector('[data-focus-scope]') || document.body;
}

function move(arrow) {
  const active = document.activeElement;
  const from = active && active !== document.body ? active : null;
  // A press while a slow picture is still coming goes where the page opens, not to its corner.
  if (!from && document.readyState !== 'complete' && focusFirst()) return true;
  // Along a row one stays in it, however far the next thing is and whatever lies nearer below.
  const row = from && /Left|Right/.test(arrow) ? from.closest('[data-row]') : null;
  const next = (row && nextThing(from, arrow, row)) || nextThing(from, arrow, scope());
  const step = { ArrowUp: -1, ArrowDown: 1 }[arrow] || 0;
  if (scope() !== document.body) {
    if (next) next.focus({ preventScroll: true });
    return true;
  }
  if (!next) return step !== 0 && scrollToShow(null, step);
  // What lies between is read first: a long way is gone screen by screen, the focus waits.
  if (step !== 0 && from && scrollToShow(next, step, from)) return true;
  next.focus({ preventScroll: true });
  bringIntoView(next);
  return true;
}

function goUp() {
  const asked = new CustomEvent('remote:back', { cancelable: true });
  if (!document.dispatchEvent(asked)) return true;
  const link = document.querySelector('[data-back]');
  if (!link) return false;
  link.click();
  return true;
}

function choose(digit) {
  const bearer = '[data-digit="' + digit + '"]';
  const chosen = document.querySelector('main ' + bearer) || document.querySelector(bearer);
  if (!chosen) return false;
  chosen.focus();
  chosen.click();
  return true;
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const arrow = ARROWS[event.keyCode];
  const typing = isTyping(event.target);
  let done = false;
  if (arrow) done = !(typing && (arrow === 'ArrowLeft' || arrow === 'ArrowRight')) && move(arrow);
  else if (typing && (event.keyCode === BACKSPACE || /^[0-9]$/.test(event.key))) return; // they write
  else if (isBack(event)) done = goUp();
  else if (/^[0-9]$/.test(event.key)) done = choose(event.key);
  if (done) event.preventDefault();
});

// A focus that came by Tab or by a script is brought out of the edges too; one that came by a
// finger or a mouse is where the person is looking already.
let pointed = 0;
document.addEventListener('pointerdown', () => { pointed = Date.now(); }, true);
document.addEventListener('focusin', (event) => {
  if (!isOpening() && Date.now() - pointed > 700 && scope() === document.body) bringIntoView(event.target);
});

// A link to a part of the page takes the focus there as well.
document.addEventListener('click', (event) => {
  const link = event.target.closest ? event.target.closest('[data-goto]') : null;
  const part = link && document.getElementById(link.dataset.goto);
  const first = part && part.querySelector('a, button, [tabindex="0"]');
  if (!first) return;
  event.preventDefault();
  first.focus({ preventScroll: true });
  bringIntoView(first);
});
