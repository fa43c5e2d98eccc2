// Which thing an arrow leads to. Down and right go forward: never to the way back; down passes by
// nothing that lies between, and right stays in its row while there is anything in it.
import { getNextFocus } from './spatial.js';

const FOCUSABLE = 'a[href], button, input, summary, [tabindex]';
const BACKWARD = '[data-back], [rel="prev"]';
const IGNORED = 'lrud-ignore'; // lrud-spatial's own word
const OVERLAP = 4; // px by which things that stand one below the other may touch

function boxOf(element) {
  return element.getBoundingClientRect();
}

function canTakeFocus(element) {
  const box = boxOf(element);
  return box.width > 0 && box.height > 0 && !element.disabled && element.tabIndex >= 0;
}

function forward(from, arrow, scope) {
  const backward = Array.from(scope.querySelectorAll(BACKWARD)).filter((element) => element !== from);
  for (const element of backward) element.classList.add(IGNORED);
  const next = getNextFocus(from, arrow, scope);
  for (const element of backward) element.classList.remove(IGNORED);
  return next;
}

// The first of those in the topmost row.
function topmost(elements) {
  return elements.reduce((first, element) => (first && boxOf(first).top <= boxOf(element).top + OVERLAP ? first : element), null);
}

// At the end of a screen, beside other things of the last row: on to the next screen.
function onward(from, scope) {
  const next = scope.querySelector('[rel="next"]');
  return next && next !== from && canTakeFocus(next) && inRow(from, next) ? next : null;
}

function down(from, scope) {
  const edge = boxOf(from).bottom - OVERLAP;
  const below = Array.from(scope.querySelectorAll(FOCUSABLE)).filter((element) => canTakeFocus(element) && boxOf(element).top >= edge);
  const on = below.filter((element) => !element.matches(BACKWARD));
  const next = forward(from, 'ArrowDown', scope);
  const limit = next ? boxOf(next).top + OVERLAP : Infinity;
  const passed = on.filter((element) => boxOf(element).bottom <= limit);
  return topmost(passed) || next || onward(from, scope) || topmost(below); // of a last screen: nothing else is there
}

function inRow(from, element) {
  const [own, other] = [boxOf(from), boxOf(element)];
  return other.top < own.bottom - OVERLAP && other.bottom > own.top + OVERLAP;
}

function right(from, scope) {
  const next = forward(from, 'ArrowRight', scope);
  if (!next || inRow(from, next)) return next;
  const edge = boxOf(from).right - OVERLAP;
  const beside = Array.from(scope.querySelectorAll(FOCUSABLE)).filter(
    (element) => canTakeFocus(element) && !element.matches(BACKWARD) && boxOf(element).left >= edge && inRow(from, element),
  );
  return beside.reduce((first, element) => (first && boxOf(first).left <= boxOf(element).left ? first : element), null) || next;
}

export function nextThing(from, arrow, scope) {
  if (from && arrow === 'ArrowDown') return down(from, scope);
  if (from && arrow === 'ArrowRight') return right(from, scope);
  return getNextFocus(from, arrow, scope);
}
