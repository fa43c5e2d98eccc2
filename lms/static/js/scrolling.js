// Where the page must stand so that a thing is seen whole, clear of the edges that a television
// may cut off. A thing inside a [data-screen] brings that screen with it, where it fits.

const SAFE = 0.05; // of the height, above and below
const RING = 14; // px that the focus ring needs
const SCREENFUL = 0.8;

function clampToPage(y) {
  const page = document.scrollingElement || document.documentElement;
  return Math.max(0, Math.min(Math.round(y), page.scrollHeight - window.innerHeight));
}

function wantedScroll(element) {
  const height = window.innerHeight;
  const now = window.pageYOffset;
  const margin = Math.round(height * SAFE) + RING;
  const box = element.getBoundingClientRect();
  const top = box.top + now;
  const bottom = box.bottom + now;
  if (bottom <= height * (1 - SAFE) + 1) return 0; // the page's head stays in sight as long as it can
  const screen = element.closest('[data-screen]');
  if (screen) {
    const around = screen.getBoundingClientRect();
    if (around.height <= height * (1 - 2 * SAFE) + RING) {
      const wanted = clampToPage(around.top + now - height * SAFE);
      if (top >= wanted + margin - RING && bottom <= wanted + height - margin + RING) return wanted;
    }
  }
  if (top < now + margin || box.height > height - 2 * margin) return clampToPage(top - margin);
  if (bottom > now + height - margin) return clampToPage(bottom - height + margin);
  return now;
}

export function bringIntoView(element) {
  const wanted = wantedScroll(element);
  if (Math.abs(wanted - window.pageYOffset) > 1) window.scrollTo(0, wanted);
}

function gapBetween(from, element, step) {
  const [upper, lower] = step > 0 ? [from, element] : [element, from];
  return lower.getBoundingClientRect().top - upper.getBoundingClientRect().bottom;
}

// One key press towards an element that is more than a screen away, or towards the page's end
// when there is none (element null). False when nothing needs to pass by first: from, where the
// focus is, and the element fit on one screen with what lies between them.
export function scrollToShow(element, step, from) {
  const now = window.pageYOffset;
  const far = element ? wantedScroll(element) : clampToPage(now + step * window.innerHeight);
  const distance = (far - now) * step;
  if (element && (distance <= window.innerHeight || gapBetween(from, element, step) <= window.innerHeight * SCREENFUL)) return false;
  if (distance <= 1) return false;
  window.scrollTo(0, clampToPage(now + step * Math.min(distance, window.innerHeight * SCREENFUL)));
  return true;
}

// While a page opens it stands at its top, whatever takes the focus.
let opening = false;

export function isOpening() {
  return opening;
}

export function focusAtTop(element) {
  opening = true;
  element.focus({ preventScroll: true });
  opening = false;
}
