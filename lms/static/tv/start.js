// Waits for the site to answer and goes on by itself: from /tv/start/ to the home page, and in place
// of a page that could not be had to that page.
import { keepStart } from './keep-start.js';

const EVERY_MS = 5000;

const root = document.querySelector('[data-start]');
const { start, worker, home, asks, wordWaiting } = root.dataset;
const isStart = window.location.pathname === start;

function goOn() {
  if (isStart) window.location.replace(home);
  else window.location.reload();
}

async function look() {
  try {
    const answer = await fetch(asks, { cache: 'no-store' });
    if (answer.ok) {
      goOn();
      return;
    }
  } catch (error) { /* no network: it is looked for again */ }
  root.querySelector('[data-said]').textContent = wordWaiting;
  window.setTimeout(look, EVERY_MS);
}

root.querySelector('[data-go-on]').addEventListener('click', (event) => {
  event.preventDefault();
  goOn();
});
// The page stays until it is kept, or leaving would end that, but not longer than it waits for
// anything else.
const waited = new Promise((resolve) => { window.setTimeout(resolve, EVERY_MS); });
Promise.race([keepStart(worker), waited]).then(look);
