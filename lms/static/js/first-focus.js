// Something is always in focus: what was in focus last time, else the most likely action.
import { bringIntoView, focusAtTop } from './scrolling.js';
import { recall, store } from './session.js';
import { isReturned } from './way-back.js';

const FOCUSABLE = 'a[href], button, summary, [tabindex="0"]';
const SAFE = 0.95; // of the height, as in scrolling.js

// By the address as it is now: a search changes its own.
function keyOf() {
  return 'focus:' + window.location.pathname + window.location.search.replace(/^\?p=1$/, '');
}

function nameOf(element) {
  return element.dataset.name || element.getAttribute('href') || '';
}

function isShown(element) {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
}

function cameBack() {
  const [entry] = window.performance.getEntriesByType ? window.performance.getEntriesByType('navigation') : [];
  return Boolean(entry) && entry.type !== 'navigate';
}

// False where there is nothing to focus.
export function focusFirst() {
  const all = Array.from(document.querySelectorAll(FOCUSABLE)).filter(isShown);
  const returned = isReturned();
  const remembers = document.querySelector('[data-keeps-focus]') || returned || cameBack();
  const name = remembers ? recall(keyOf()) : null;
  const part = window.location.hash ? document.getElementById(window.location.hash.slice(1)) : null;
  const inSight = all.filter((element) => {
    const box = element.getBoundingClientRect();
    return box.bottom <= window.innerHeight * SAFE || box.top < window.innerHeight / 2;
  });
  const chosen = (name && all.find((element) => nameOf(element) === name))
    || (part && all.find((element) => part.contains(element) && 'firstFocus' in element.dataset))
    || (part && all.find((element) => part.contains(element)))
    || inSight.find((element) => 'firstFocus' in element.dataset)
    || inSight.find((element) => element.closest('main'))
    || inSight.find((element) => 'back' in element.dataset) // the page begins with something to read
    || all[0];
  if (!chosen) return false;
  focusAtTop(chosen);
  if (name || part) bringIntoView(chosen);
  return true;
}

document.addEventListener('focusin', (event) => {
  const name = event.target.dataset ? nameOf(event.target) : '';
  if (name) store(keyOf(), name);
});

// After every other module has put its buttons in place.
window.addEventListener('load', () => {
  if (document.activeElement === document.body || !document.activeElement) focusFirst();
});
