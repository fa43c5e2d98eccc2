// While the machines still work on a video: a bar that moves by itself, and the page made whole
// when they are done, without taking a playing picture away.
import { fetchPage, replacePart } from './part.js';

const EVERY_MS = 3000;

function isWatching() {
  const video = document.querySelector('[data-video-element]');
  return Boolean(video) && (!video.paused || video.currentTime > 0);
}

function show(box, percent) {
  const bar = box.querySelector('[data-bar]');
  bar.hidden = false;
  bar.value = percent;
}

function giveUp(box) {
  box.querySelector('[data-word]').textContent = box.dataset.wordEnded;
  box.querySelector('[data-bar]').hidden = true;
}

async function bringSubtitles(box) {
  const page = await fetchPage(window.location.pathname);
  const track = page.querySelector('track');
  if (!track) return giveUp(box);
  if (!isWatching()) return window.location.reload();
  replacePart(page, '[data-part="mark"]');
  const transcript = replacePart(page, '[data-part="transcript"]');
  document.dispatchEvent(new CustomEvent('player:subtitles', { detail: track.getAttribute('src') }));
  if (transcript) document.dispatchEvent(new CustomEvent('transcript:new', { detail: transcript }));
  return undefined;
}

async function look(box) {
  const answer = await fetch(box.dataset.progressUrl, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error('status ' + answer.status);
  const progress = await answer.json();
  show(box, progress.percent);
  if (box.dataset.waitsFor === 'video' && progress.watchable) {
    window.location.reload();
    return true;
  }
  if (!progress.ended) return false;
  if (box.dataset.waitsFor === 'video') giveUp(box);
  else await bringSubtitles(box);
  return true;
}

async function watch(box) {
  try {
    if (await look(box)) return;
  } catch (error) {
    // The network comes and goes: ask again.
  }
  window.setTimeout(watch, EVERY_MS, box);
}

const box = document.querySelector('[data-progress-url]');
if (box && box.dataset.progressUrl) {
  // The film can be watched meanwhile: one thing less to press. The bar says when.
  if (box.dataset.waitsFor === 'subtitles') box.querySelector('[data-again]').hidden = true;
  watch(box);
}
