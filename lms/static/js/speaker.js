// A text that is read aloud by a button: by the sound that was made of it, else by the browser's own
// voice. [data-speaks] has the sentences in data-aloud, a line each, the sound in [data-sound].
import { startBrowserVoice } from './reading/browser-voice.js';

export function speakerOf(root) {
  const sound = root.querySelector('[data-sound]');
  const again = root.querySelector('[data-again]');
  const told = root.querySelector('[data-told]');
  const tell = (words) => { told.textContent = words || ''; };
  const voice = startBrowserVoice(root.dataset.aloud.split('\n'), {
    sentence: () => {},
    state: () => {},
    say: (word) => tell(word && root.dataset.wordMute),
  });
  if (sound) {
    sound.controls = false;
    sound.hidden = true;
  }

  const stop = () => {
    if (sound) sound.pause();
    if (voice.isReading()) voice.pause();
  };
  const isReading = () => voice.isReading() || Boolean(sound && !sound.paused && !sound.ended);
  const play = async () => {
    tell('');
    if (!sound || sound.error) {
      voice.play();
      return;
    }
    sound.currentTime = 0;
    try {
      await sound.play();
    } catch (error) {
      if (error.name === 'NotAllowedError') tell(root.dataset.wordPress); // until somebody has pressed anything
      else if (error.name !== 'AbortError') voice.play();
    }
  };

  again.hidden = false;
  again.addEventListener('click', () => { if (isReading()) stop(); else play(); });
  return { play, stop, isReading };
}
