// Reading aloud: one key starts and the same key pauses; left and right go by sentences meanwhile.
import { setIcon } from './icon.js';
import { keep, kept } from './player/memory.js';
import { startBrowserVoice } from './reading/browser-voice.js';
import { startRecorded } from './reading/recorded.js';

const SPEEDS = [['1', 'wordNormal'], ['0.8', 'wordSlow'], ['1.2', 'wordFast']];
const PLAY_PAUSE = [179, 10252];
const PLAY = [415];
const PAUSE = [19, 413];
const STEPS = { 37: -1, 39: 1 };
const ICONS = { play: 'pause', pause: 'play', ended: 'arrow-counter-clockwise' };
const WORDS = { play: 'wordPause', pause: 'wordStart', ended: 'wordAgain' };
const EDGE = 0.05; // of the height, that a television may cut off

function start(root) {
  const button = root.querySelector('[data-read]');
  const side = root.querySelector('[data-side]');
  const spans = Array.from(root.querySelectorAll('[data-sentence]'));
  const sound = root.querySelector('[data-sound]');
  const message = root.querySelector('[data-message]');
  const settings = document.documentElement.dataset;
  let lit = null;

  // Only for who is looking: not when the focus, or a finger, has left for another part.
  const show = (span) => {
    const around = root.getBoundingClientRect();
    if (!root.contains(document.activeElement) || around.bottom < 0 || around.top > window.innerHeight) return;
    const box = span.getBoundingClientRect();
    const above = side.getBoundingClientRect();
    const covered = above.left < box.right && above.right > box.left && above.bottom < window.innerHeight / 2;
    const top = Math.max(covered ? above.bottom : 0, window.innerHeight * EDGE);
    if (box.top < top || box.bottom > window.innerHeight * (1 - EDGE)) window.scrollBy(0, Math.round(box.top - top - 8));
  };

  const light = (index) => {
    const span = spans[index] || null;
    if (span === lit) return;
    for (const [one, now] of [[lit, false], [span, true]]) {
      if (!one) continue;
      one.classList.toggle('reading__sentence--now', now);
      if (now) one.setAttribute('aria-current', 'true');
      else one.removeAttribute('aria-current');
    }
    lit = span;
    if (span) show(span);
  };

  const told = {
    sentence: light,
    state: (state) => {
      setIcon(button, ICONS[state]);
      button.querySelector('[data-word]').textContent = button.dataset[WORDS[state]];
      if (state === 'ended') document.dispatchEvent(new CustomEvent('reading:ended'));
      if (state === 'play') for (const video of document.querySelectorAll('video')) video.pause();
    },
    say: (word) => { message.textContent = word ? root.dataset['word' + word[0].toUpperCase() + word.slice(1)] : ''; },
  };
  const voice = sound ? startRecorded(sound, told) : startBrowserVoice(spans.map((span) => span.dataset.spoken || span.textContent), told);
  const toggle = () => { if (voice.isReading()) voice.pause(); else voice.play(); };

  root.querySelector('[data-pad]').hidden = false;
  root.querySelector('[data-hint]').hidden = false;
  button.addEventListener('click', toggle);
  for (const key of root.querySelectorAll('[data-step]')) {
    key.addEventListener('click', () => voice.step(Number(key.dataset.step)));
  }
  for (const door of document.querySelectorAll('[data-start-reading]')) {
    door.addEventListener('click', () => { if (!voice.isReading()) voice.play(); });
  }
  document.addEventListener('play', (event) => { if (event.target !== sound && !event.target.paused) voice.pause(); }, true);

  // What was chosen here holds until something else is chosen in the settings.
  const speedKey = root.querySelector('[data-pace]');
  const setting = settings.speed || '1';
  let speed = '1';
  const setSpeed = (value) => {
    const [rate, word] = SPEEDS.find((one) => one[0] === value) || SPEEDS[0];
    speed = rate;
    speedKey.querySelector('[data-word]').textContent = speedKey.dataset[word];
    voice.setRate(Number(rate));
  };
  speedKey.addEventListener('click', () => {
    const next = SPEEDS.findIndex((one) => one[0] === speed) + 1;
    setSpeed(SPEEDS[next % SPEEDS.length][0]);
    keep('speech', setting + '|' + speed);
  });
  const [keptFor, keptSpeed] = (kept('speech') || '').split('|');
  setSpeed(keptFor === setting ? keptSpeed : setting);

  // Before remote.js, which would move the focus.
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const code = event.keyCode;
    const reading = voice.isReading();
    const ours = reading || !document.querySelector('video') || root.contains(document.activeElement);
    const elsewhere = event.target.closest && event.target.closest('[role="slider"], input, textarea, select');
    if (reading && STEPS[code] && !elsewhere) voice.step(STEPS[code]);
    else if (ours && (event.key === 'MediaPlayPause' || PLAY_PAUSE.includes(code))) toggle();
    else if (ours && (event.key === 'MediaPlay' || PLAY.includes(code))) voice.play();
    else if (reading && (event.key === 'MediaPause' || event.key === 'MediaStop' || PAUSE.includes(code))) voice.pause();
    else return;
    event.preventDefault();
  }, true);

  if (settings.aloud === 'on') voice.play(); // at the learner's own wish; a browser may still refuse
}

const root = document.querySelector('[data-reading]');
if (root) start(root);
