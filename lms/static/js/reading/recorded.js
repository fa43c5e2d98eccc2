// A voice that is a sound file: which sentence is being said stands in its metadata track.

import { quietOthers } from '../one-voice.js';

const EARLY = 0.05; // s before a sentence, so that its first sound is heard
const TICK_MS = 100;

// told: {sentence(index), state('pause' | 'play' | 'ended'), say(word)}; words by their names.
export function startRecorded(audio, told) {
  const { track } = audio.querySelector('track');
  let clock = 0;
  let rate = 1;
  audio.controls = false;
  audio.removeAttribute('controls');
  audio.hidden = true;

  // When each sentence is said is asked for only by who comes near: a film is waited for before it.
  const fetchCues = () => { track.mode = 'hidden'; };
  const cues = () => Array.from(track.cues || []);
  const now = () => cues().filter((cue) => cue.startTime <= audio.currentTime + EARLY).length - 1;
  const tick = () => told.sentence(audio.ended ? -1 : Math.max(now(), 0));

  const play = () => {
    fetchCues();
    if (audio.error) audio.load();
    audio.playbackRate = rate;
    quietOthers(audio);
    const promise = audio.play();
    if (promise) {
      promise.catch((error) => {
        if (error.name === 'NotAllowedError') told.say('press');
        else if (error.name !== 'AbortError') told.say('broken');
      });
    }
  };

  const step = (by) => {
    const all = cues();
    const wanted = all[Math.max(0, Math.min(Math.max(now(), 0) + by, all.length - 1))];
    if (!wanted) return;
    audio.currentTime = Math.max(0, wanted.startTime - EARLY / 2);
    if (audio.paused) play();
    tick();
  };

  audio.closest('[data-reading]').addEventListener('focusin', fetchCues);
  audio.addEventListener('play', () => {
    if (audio.paused) return; // something else was asked for meanwhile
    told.say('');
    told.state('play');
    tick();
    window.clearInterval(clock);
    clock = window.setInterval(tick, TICK_MS);
  });
  audio.addEventListener('pause', () => {
    window.clearInterval(clock);
    if (!audio.ended) told.state('pause');
  });
  audio.addEventListener('ended', () => {
    tick();
    told.state('ended');
  });
  for (const name of ['seeked', 'timeupdate']) {
    audio.addEventListener(name, () => { if (!audio.ended && audio.currentTime > 0) tick(); });
  }
  audio.addEventListener('error', () => told.say('broken'));

  return {
    isReading: () => !audio.paused && !audio.ended,
    play,
    pause: () => audio.pause(),
    step,
    setRate: (wanted) => {
      rate = wanted;
      audio.defaultPlaybackRate = wanted;
      audio.playbackRate = wanted;
    },
  };
}
