// Alerts of the village: asked for while a page stands there, so that they come and go without a
// reload. An emergency takes the whole screen, keeps the focus and reads itself aloud.
import { isBack } from './keys.js';
import { speakerOf } from './speaker.js';

// With the eight seconds for which the site may remember (ALERTS_READ_SECONDS) less than a minute.
const EVERY_MS = 50 * 1000;
const SCREENFUL = 0.6;

const box = document.querySelector('[data-alerts]');
let speaker = null;

const emergency = () => document.querySelector('[data-emergency]');

function open() {
  for (const film of document.querySelectorAll('video, audio:not([data-sound])')) film.pause();
  emergency().querySelector('[data-known]').focus({ preventScroll: true });
  speaker = speakerOf(emergency());
  speaker.play();
}

// A browser that lets nothing speak by itself does so after the first press, whatever that was.
function speakAfterPress(event) {
  const here = emergency();
  if (!here || !speaker || speaker.isReading()) return;
  const own = event.target.closest && event.target.closest('[data-known], [data-again]');
  if (!own || event.keyCode !== 13) speaker.play();
}

function close() {
  speaker.stop();
  speaker = null;
  const main = document.querySelector('main [data-first-focus], main a, main button, a');
  if (main) main.focus();
}

function put(html) {
  const active = document.activeElement;
  const name = box.contains(active) ? active.dataset.name : '';
  const was = emergency() ? emergency().dataset.emergency : '';
  const fresh = new DOMParser().parseFromString(html, 'text/html').body;
  const next = fresh.querySelector('[data-emergency]');
  const stays = was && next && next.dataset.emergency === was;
  if (stays) next.parentNode.replaceChild(document.adoptNode(emergency()), next); // it goes on reading
  while (box.firstChild) box.removeChild(box.firstChild);
  while (fresh.firstChild) box.appendChild(document.adoptNode(fresh.firstChild));
  if (was && !next) close();
  else if (next && !stays) {
    if (speaker) speaker.stop();
    open();
  } else if (name) {
    const again = box.querySelector('[data-name="' + name + '"]');
    if (again) again.focus({ preventScroll: true });
  }
}

async function ask() {
  const stamped = box.querySelector('[data-stamp]');
  const have = stamped ? stamped.dataset.stamp : '';
  const query = '?shape=' + box.dataset.alerts + '&have=' + have;
  try {
    const answer = await fetch(box.dataset.alertsNow + query, { credentials: 'same-origin', cache: 'no-store' });
    if (!answer.ok) return;
    const { html } = await answer.json();
    if (html !== undefined) put(html);
  } catch (error) { /* no network: what stands there stays */ }
}

if (box) {
  if (emergency()) open();
  window.setInterval(() => { if (!document.hidden) ask(); }, EVERY_MS);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
  document.addEventListener('keydown', speakAfterPress);
  document.addEventListener('pointerdown', speakAfterPress);
  // What lies below it is not pressed by the remote's digits, nor left by Back. Up and down read on
  // where the words are more than a screen.
  document.addEventListener('keydown', (event) => {
    if (!emergency() || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { 38: -1, 40: 1 }[event.keyCode];
    if (!step && !/^[0-9]$/.test(event.key) && !isBack(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (step) emergency().scrollTop += step * emergency().clientHeight * SCREENFUL;
    else emergency().querySelector('[data-known]').focus({ preventScroll: true });
  }, true);
}

for (const text of document.querySelectorAll('main [data-speaks]')) speakerOf(text);
