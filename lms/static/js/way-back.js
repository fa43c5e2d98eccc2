// Back goes where one came from, if that was a place that one returns to ([data-returns]: what was
// found, where one stopped, the lesson of a practice), else up. The button says the same as the key.
import { recall, store, takeAway } from './session.js';

const FROM = 'from:';
const RETURNING = 'returning';

const here = () => window.location.pathname + window.location.search;

document.addEventListener('click', (event) => {
  const link = event.target.closest ? event.target.closest('a[href]') : null;
  if (!link || link.origin !== window.location.origin || link.pathname === window.location.pathname) return;
  if (link.closest('[data-back]')) store(RETURNING, link.pathname + link.search);
  else if (link.closest('[data-returns]')) store(FROM + link.pathname, here());
  else takeAway(FROM + link.pathname);
});

// Whether this page was come back to, so that it puts its focus where it was.
export function isReturned() {
  if (recall(RETURNING) !== here()) return false;
  takeAway(RETURNING);
  return true;
}

const back = document.querySelector('[data-back]');
const from = recall(FROM + window.location.pathname);
if (back && from) back.href = from;
