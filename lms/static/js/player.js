// The player's own keys over <video>. Each concern has a module of its own beside this one.
import { setIcon } from './icon.js';
import { howToGoOn, startEnding } from './player/ending.js';
import { startFull } from './player/full.js';
import { startLoudness } from './player/loudness.js';
import { quietOthers } from './one-voice.js';
import { keep, kept } from './player/memory.js';
import { startPosition } from './player/position.js';
import { startSeek } from './player/seek.js';
import { startSubtitles } from './player/subtitles.js';
import { bringIntoView } from './scrolling.js';

const SLOWER = 0.75;
const PLAY_PAUSE = [179, 10252];
const PLAY = [415];
const PAUSE = [19, 413];
const REWIND = [412];
const FORWARD = [417];

function start(root) {
  const video = root.querySelector('[data-video-element]');
  const message = root.querySelector('[data-message]');
  const playButton = root.querySelector('[data-play]');
  const slower = root.querySelector('[data-slower]');
  const words = root.dataset;

  const say = (text, forMs) => {
    message.textContent = text;
    window.clearTimeout(say.timer);
    if (forMs) say.timer = window.setTimeout(() => { message.textContent = ''; }, forMs);
  };

  // The page goes first on a thin line: its pictures and letters, then the film's beginning.
  const begin = () => { video.preload = 'metadata'; };
  if (document.readyState === 'complete') begin();
  else window.addEventListener('load', begin);

  video.controls = false;
  video.removeAttribute('controls');
  root.querySelector('[data-pad]').hidden = false;
  root.querySelector('[data-seek]').hidden = false;

  const play = () => {
    if (video.error) {
      const at = video.currentTime;
      video.load();
      video.currentTime = at;
    }
    quietOthers(video);
    const promise = video.play();
    if (promise) promise.catch((error) => { if (error.name !== 'AbortError') say(error.name === 'NotAllowedError' ? words.wordPress : words.wordBroken); });
  };
  const toggle = () => {
    if (video.paused || video.ended) play();
    else video.pause();
  };
  const goTo = (seconds) => {
    const end = Number.isFinite(video.duration) ? video.duration : seconds;
    video.currentTime = Math.max(0, Math.min(seconds, end));
  };
  const skip = (seconds) => goTo(video.currentTime + seconds);

  playButton.addEventListener('click', toggle);
  video.addEventListener('click', toggle);
  for (const button of root.querySelectorAll('[data-skip]')) {
    button.addEventListener('click', () => skip(Number(button.dataset.skip)));
  }

  const showState = () => {
    const state = video.ended ? 'again' : video.paused ? 'play' : 'pause';
    const icon = { again: 'arrow-counter-clockwise', play: 'play', pause: 'pause' }[state];
    const word = { again: 'wordAgain', play: 'wordPlay', pause: 'wordPause' }[state];
    setIcon(playButton, icon);
    playButton.querySelector('[data-word]').textContent = playButton.dataset[word];
  };
  for (const name of ['play', 'pause', 'ended', 'seeked']) video.addEventListener(name, showState);
  video.addEventListener('waiting', () => say(words.wordWaiting));
  video.addEventListener('playing', () => say(''));
  video.addEventListener('canplay', () => { if (message.textContent === words.wordWaiting) say(''); });
  video.addEventListener('error', () => say(words.wordBroken));

  const setSlower = (on) => {
    video.defaultPlaybackRate = on ? SLOWER : 1;
    video.playbackRate = on ? SLOWER : 1;
    slower.setAttribute('aria-pressed', String(on));
    keep('slower', on ? 'yes' : 'no');
  };
  slower.addEventListener('click', () => setSlower(slower.getAttribute('aria-pressed') !== 'true'));
  if (kept('slower') === 'yes') setSlower(true);

  const fit = () => {
    if (!video.videoWidth) return;
    const wide = Math.abs(video.videoWidth / video.videoHeight - 16 / 9) < 0.02;
    video.classList.toggle('player__video--wide', wide);
    video.classList.toggle('player__video--boxed', !wide);
  };
  video.addEventListener('loadedmetadata', fit);
  fit();

  startLoudness(root, video);
  startSeek(root, video, { goTo, skip, toggle });
  startSubtitles(root, video);
  startEnding(root, video, { play }); // before the whole screen: Back stops the clock first
  startFull(root, video, { skip, toggle });
  startPosition(root, video, () => say(words.wordResumed, 6000));

  document.addEventListener('player:jump', (event) => {
    goTo(event.detail);
    play();
    playButton.focus({ preventScroll: true });
    bringIntoView(playButton);
  });

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const code = event.keyCode;
    const onPage = event.target === document.body || event.target === document.documentElement;
    if (event.key === 'MediaPlayPause' || PLAY_PAUSE.includes(code)) toggle();
    else if (event.key === 'MediaPlay' || PLAY.includes(code)) play();
    else if (event.key === 'MediaPause' || event.key === 'MediaStop' || PAUSE.includes(code)) video.pause();
    else if (event.key === 'MediaRewind' || REWIND.includes(code)) skip(-10);
    else if (event.key === 'MediaFastForward' || FORWARD.includes(code)) skip(10);
    else if (event.key === ' ' && (onPage || event.target.tagName === 'A')) toggle();
    else return;
    event.preventDefault();
  });

  // Ten times a second while it plays: the subtitle, the time, the line of the transcript.
  const tick = () => document.dispatchEvent(new CustomEvent('player:time', { detail: video.currentTime }));
  let clock = 0;
  video.addEventListener('play', () => { window.clearInterval(clock); clock = window.setInterval(tick, 100); });
  video.addEventListener('pause', () => window.clearInterval(clock));
  for (const name of ['seeking', 'seeked', 'timeupdate', 'loadedmetadata', 'ended']) video.addEventListener(name, tick);
  tick();

  if (howToGoOn) play();
  if (howToGoOn === 'full') document.dispatchEvent(new CustomEvent('player:fill'));
}

const root = document.querySelector('[data-player]');
if (root) start(root);
