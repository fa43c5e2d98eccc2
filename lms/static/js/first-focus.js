// Something is always in focus: what was in focus last time, else the most likely action.
const { bringIntoView } = window.yinling;

const FOCUSABLE = 'a[href], button, summary, [tabindex="0"]';
const KEY = 'focus:' + window.location.pathname + window.location.search.replace(/^\?p=1$/, '');

function nameOf(element) {
  return element.dataset.name || element.getAttribute('href') || '';
}

function recall() {
  try { return window.sessionStorage.getItem(KEY); } catch (error) { return null; }
}

function isShown(element) {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
}

function cameBack() {
  const [entry] = window.performance.getEntriesByType ? window.performance.getEntriesByType('navigation') : [];
  return Boolean(entry) && entry.type !== 'navigate';
}

function focusFirst() {
  const all = Array.from(document.querySelectorAll(FOCUSABLE)).filter(isShown);
  const remembers = document.querySelector('[data-keeps-focus]') || cameBack();
  const name = remembers ? recall() : null;
  const part = window.location.hash ? document.getElementById(window.location.hash.slice(1)) : null;
  const inSight = all.filter((element) => {
    const box = element.getBoundingClientRect();
    return box.bottom <= window.innerHeight || box.top < window.innerHeight / 2;
  });
  const chosen = (name && all.find((element) => nameOf(element) === name))
    || (part && all.find((element) => part.contains(element) && 'firstFocus' in element.dataset))
    || (part && all.find((element) => part.contains(element)))
    || inSight.find((element) => 'firstFocus' in element.dataset)
    || inSight.find((element) => element.closest('main'))
    || inSight.find((element) => 'back' in element.dataset) // the page begins with something to read
    || all[0];
  if (!chosen) return;
  chosen.focus({ preventScroll: true });
  if (name || part) bringIntoView(chosen);
}

document.addEventListener('focusin', (event) => {
  const name = event.target.dataset ? nameOf(event.target) : '';
  try { if (name) window.sessionStorage.setItem(KEY, name); } catch (error) { /* kept from us: no memory */ }
});

// After every other module has put its buttons in place.
window.addEventListener('load', () => {
  if (document.activeElement === document.body || !document.activeElement) focusFirst();
});
