// A television that did not begin at /tv/start/ keeps that page too, after its first page is there.
// Not phones, whose browsers say well what is wrong, nor who asked for the standard version.
import { keepStart } from './keep-start.js';

const TELEVISION = '(min-width: 960px)';

window.addEventListener('load', () => {
  const { startWorker } = document.body.dataset;
  const { version } = document.documentElement.dataset;
  if (!startWorker || version !== 'elder' || !window.matchMedia(TELEVISION).matches) return;
  if (!navigator.serviceWorker || navigator.serviceWorker.controller) return;
  keepStart(startWorker);
});
