// What a manual's practice asks for, said by the browser's voice: by a button (digit 8), and by itself
// on every new screen for whoever has reading aloud on.
import { startBrowserVoice } from './reading/browser-voice.js';

let voice = null;

function dress() {
  const button = document.querySelector('[data-say-aloud]');
  if (voice && voice.isReading()) voice.pause();
  voice = null;
  if (!button) return;
  const said = document.querySelectorAll('#play .play__care, #play .play__miss, #play .play__hint, #play .play__say');
  const mute = document.querySelector('[data-mute]');
  voice = startBrowserVoice(Array.from(said).map((part) => part.textContent.trim()), {
    sentence: () => {},
    state: () => {},
    say: (word) => { mute.textContent = word ? button.dataset.wordMute : ''; },
  });
  const now = voice;
  button.hidden = false;
  button.addEventListener('click', () => { if (now.isReading()) now.pause(); else now.play(); });
  if (document.documentElement.dataset.aloud === 'on') now.play();
}

document.addEventListener('part-changed', dress);
dress();
