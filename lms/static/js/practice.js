// A press beside everything on the pretend phone is a miss too, and is answered.
import { inTurn } from './part.js';
import { addressOf, changeInPlace } from './press.js';

document.addEventListener('click', (event) => {
  const ground = event.target.closest ? event.target.closest('[data-ground]') : null;
  if (!ground || event.target.closest('button, input, .widget--keypad')) return;
  inTurn(() => changeInPlace(addressOf(document.getElementById('press'), 'press', ''), ''));
});

// What a screen lets one hear: by its button, and by itself where a press has just led there. Only
// without a script are the browser's own controls shown.
function dress() {
  const heard = document.querySelector('[data-hearing]');
  if (!heard) return null;
  const sound = heard.querySelector('audio');
  const button = heard.querySelector('[data-listen]');
  if (!button.hidden) return null;
  sound.controls = false;
  button.hidden = false;
  button.addEventListener('click', () => play(sound));
  return 'plays' in heard.dataset ? sound : null;
}

function play(sound) {
  sound.currentTime = 0;
  sound.play().catch(() => {}); // its words stand beside it
}

document.addEventListener('part-changed', () => {
  const sound = dress();
  if (sound) play(sound);
});
dress();
