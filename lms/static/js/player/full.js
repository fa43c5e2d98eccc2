// The picture over the whole screen. The keys go away while it plays and come back at any press;
// the Back key leaves.

import { setIcon } from '../icon.js';
const QUIET_AFTER_MS = 8000;

export function startFull(root, video, { skip, toggle }) {
  const play = root.querySelector('[data-play]');
  const slider = root.querySelector('[data-seek]');
  const button = root.querySelector('[data-full]');
  const word = button.querySelector('[data-word]');
  let timer = 0;

  const doc = document; // Chromium 68 knows these by their prefixed names only
  const heldByBrowser = () => doc.fullscreenElement || doc.webkitFullscreenElement;
  const isFull = () => root.classList.contains('player--full');
  const isQuiet = () => root.classList.contains('player--quiet');
  const layout = () => document.dispatchEvent(new CustomEvent('player:layout'));

  const setQuiet = (quiet) => {
    root.classList.toggle('player--quiet', quiet);
    layout();
  };
  const wake = () => {
    window.clearTimeout(timer);
    if (isQuiet()) setQuiet(false);
    if (isFull() && !video.paused) timer = window.setTimeout(setQuiet, QUIET_AFTER_MS, true);
  };
  const setFull = (full) => {
    root.classList.toggle('player--full', full);
    if (full) root.dataset.focusScope = '';
    else delete root.dataset.focusScope;
    setIcon(button, full ? 'corners-in' : 'corners-out');
    word.textContent = full ? button.dataset.wordLeave : button.dataset.wordEnter;
    if (!full) setQuiet(false);
    wake();
    layout();
  };

  const enter = () => {
    setFull(true);
    play.focus({ preventScroll: true }); // so that OK pauses and goes on, and does not leave
    const ask = root.requestFullscreen || root.webkitRequestFullscreen;
    const promise = ask ? ask.call(root) : null; // a television's page fills the screen already
    if (promise) promise.catch(() => {});
  };
  const leave = () => {
    setFull(false);
    const stop = doc.exitFullscreen || doc.webkitExitFullscreen;
    const promise = heldByBrowser() && stop ? stop.call(doc) : null;
    if (promise) promise.catch(() => {});
    window.scrollTo(0, 0);
  };

  button.addEventListener('click', () => { if (isFull()) leave(); else enter(); });
  document.addEventListener('player:leave', () => { if (isFull()) leave(); });

  // Between two films of a row the page changes, and the browser takes its whole screen back: the
  // picture fills the page at once, and the screen at the next press.
  let given = true;
  document.addEventListener('player:fill', () => { given = false; setFull(true); });
  const askAgain = () => {
    if (given || !isFull()) return;
    given = true;
    if (!heldByBrowser()) enter();
  };
  for (const name of ['keydown', 'pointerdown']) window.addEventListener(name, askAgain, true);
  for (const name of ['fullscreenchange', 'webkitfullscreenchange']) {
    document.addEventListener(name, () => {
      if (!heldByBrowser() && isFull()) setFull(false);
    });
  }
  document.addEventListener('remote:back', (event) => {
    if (!isFull()) return;
    event.preventDefault();
    leave();
  });
  video.addEventListener('play', wake);
  video.addEventListener('pause', wake);
  document.addEventListener('pointermove', wake);
  document.addEventListener('pointerdown', wake);

  // Before anyone else: the first press on a quiet picture shows the keys, with the focus on what the
  // same press does next: OK pauses and goes on, left and right go back and forth in the film.
  window.addEventListener('keydown', (event) => {
    const quiet = isQuiet();
    wake();
    if (!quiet || !((event.keyCode >= 37 && event.keyCode <= 40) || event.keyCode === 13 || event.keyCode === 32)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.keyCode === 37 || event.keyCode === 39) {
      skip(event.keyCode === 37 ? -10 : 10);
      slider.focus({ preventScroll: true });
    } else if (event.keyCode === 13 || event.keyCode === 32) {
      toggle();
      play.focus({ preventScroll: true });
    }
  }, true);
}
