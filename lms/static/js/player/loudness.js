// Louder than the file: a gain, and a limiter behind it so that nothing clips.
import { keep, kept } from './memory.js';

const GAIN = 2.5; // about 8 dB

// source → gain → limiter → destination. The limiter makes up some 3 dB by itself.
export function connectLouder(context, source) {
  const gain = context.createGain();
  const limiter = context.createDynamicsCompressor();
  gain.gain.value = GAIN;
  limiter.threshold.value = -9;
  limiter.knee.value = 0;
  limiter.ratio.value = 20;
  limiter.attack.value = 0.001;
  limiter.release.value = 0.2;
  source.connect(gain);
  gain.connect(limiter);
  limiter.connect(context.destination);
}

export function startLoudness(root, video) {
  const button = root.querySelector('[data-louder]');
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) {
    button.hidden = true;
    return;
  }
  let context = null;
  let source = null;

  const connect = (on) => {
    source.disconnect();
    if (on) connectLouder(context, source);
    else source.connect(context.destination);
  };
  const set = async (on) => {
    try {
      if (!context && on) {
        // The element is handed over only to a context that runs, else the sound would be gone.
        const fresh = new Context();
        await fresh.resume();
        if (fresh.state !== 'running') throw new Error('no sound from this context');
        context = fresh;
        source = context.createMediaElementSource(video);
      }
      if (source) connect(on);
    } catch (error) {
      button.hidden = true;
      return;
    }
    button.setAttribute('aria-pressed', String(on));
    keep('louder', on ? 'yes' : 'no');
  };

  button.addEventListener('click', () => set(button.getAttribute('aria-pressed') !== 'true'));
  // A browser lets sound be changed only after a press: the first play is one.
  video.addEventListener('play', () => {
    if (kept('louder') === 'yes' && !context) set(true);
    else if (context && context.state === 'suspended') context.resume();
  });
}
