// What was watched and read is told to the server, which keeps it for the learner. Without this the
// button 我看完了 does so by loading the page anew.
import { fetchPage, inTurn, replacePart } from './part.js';
import { bringIntoView } from './scrolling.js';

const PARTS = 20; // of a film, as the server counts them
const WATCHED = 18;
const AGAIN_MS = 5000; // until what could not be told is told again
const PART = '[data-part="learnt"]';

async function tell(url, fields) {
  const answer = await window.fetch(url, {
    method: 'POST', body: new URLSearchParams(fields || ''), credentials: 'same-origin', keepalive: true,
  });
  if (!answer.ok) throw new Error('status ' + answer.status);
  return answer;
}

function show(page) {
  const hadFocus = document.querySelector(PART).contains(document.activeElement);
  const fresh = replacePart(page, PART);
  const next = fresh && hadFocus && fresh.querySelector('a, button');
  if (next) next.focus({ preventScroll: true });
}

async function sayRead(form) {
  const answer = await tell(form.action); // which leads to this very page, as it is now
  show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
}

function goTo(id) {
  const first = document.getElementById(id).querySelector('a, button');
  first.focus({ preventScroll: true });
  bringIntoView(first);
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!('learnt' in form.dataset)) return;
  event.preventDefault();
  inTurn(() => sayRead(form)).catch(() => { if (!form.dataset.thenTo) form.submit(); });
  if (form.dataset.thenTo) goTo(form.dataset.thenTo);
});

// Read aloud to its end is read.
document.addEventListener('reading:ended', () => {
  const form = document.querySelector('[data-learnt]');
  if (form) inTurn(() => sayRead(form)).catch(() => {});
});

// A part of the film is seen once half of it was played: not when somebody skips across it.
function startFilm(root) {
  const { seenUrl } = root.dataset;
  const played = new Array(PARTS).fill(0);
  let seen = Number(root.dataset.seen);
  let told = seen;
  let before = null;

  const count = (bits) => {
    let number = 0;
    for (let part = 0; part < PARTS; part += 1) number += Math.floor(bits / 2 ** part) % 2;
    return number;
  };
  const send = () => {
    if (seen === told) return;
    const watched = count(seen) >= WATCHED && count(told) < WATCHED;
    told = seen;
    const telling = tell(seenUrl, { parts: seen });
    telling.catch(() => { told = 0; window.setTimeout(send, AGAIN_MS); });
    if (watched) inTurn(() => telling.then(() => fetchPage(window.location.pathname)).then(show)).catch(() => {});
  };

  // What lies between two ticks, each part's share to it.
  const add = (from, to, length) => {
    for (let part = Math.floor(from / length); part < PARTS && part * length < to; part += 1) {
      played[part] += Math.min(to, (part + 1) * length) - Math.max(from, part * length);
      if (Math.floor(seen / 2 ** part) % 2 === 0 && played[part] >= length / 2) seen += 2 ** part;
    }
  };

  document.addEventListener('player:time', (event) => {
    const now = event.detail;
    const from = before === null ? now : before;
    const video = root.querySelector('[data-video-element]');
    before = now;
    if (video.seeking || now <= from || !(video.duration > 0)) return;
    add(from, now, video.duration / PARTS);
    if (count(seen) - count(told) >= 2 || (count(seen) >= WATCHED && count(told) < WATCHED)) send();
  });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') send(); });
  window.addEventListener('pagehide', send);
}

// That it was opened is counted, for nobody's name, once everything else has come.
const counted = document.querySelector('[data-opened-url]');
if (counted && navigator.sendBeacon) {
  window.addEventListener('load', () => navigator.sendBeacon(counted.dataset.openedUrl));
}

const film = document.querySelector('[data-seen-url]');
if (film) startFilm(film);
