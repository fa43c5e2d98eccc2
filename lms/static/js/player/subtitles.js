// Subtitles drawn by us, since television engines cannot style a <track>: large or larger, white
// on a dark box, inside the picture's safe area.
import { keep, kept } from './memory.js';
import { parseVtt } from './vtt.js';

const SIZES = { large: 0.08, larger: 0.1 }; // of the picture's height
const NEXT = { large: 'larger', larger: 'off', off: 'large' };
const WORDS = { large: 'wordLarge', larger: 'wordLarger', off: 'wordOff' };
const SMALLEST_PX = { large: 20, larger: 24 };
const AGAIN_MS = 5000;
const JUST_S = 1; // a sentence that has only just begun is not the one that was missed
const WIDEST = 15.5; // characters and the box's own edges, across the frame's safe width

export function startSubtitles(root, video) {
  const button = root.querySelector('[data-subtitles]');
  const box = root.querySelector('[data-cue]');
  const again = root.querySelector('[data-again]');
  const frame = root.querySelector('[data-picture]');
  let size = SIZES[kept('subtitles')] || kept('subtitles') === 'off' ? kept('subtitles') : 'large';
  let cues = [];
  let shown = null;

  const pictureHeight = () => {
    const { clientWidth, clientHeight } = frame;
    if (!video.videoWidth) return clientHeight;
    return Math.min(clientHeight, clientWidth * (video.videoHeight / video.videoWidth));
  };

  const place = () => {
    const fits = (frame.clientWidth * 0.9) / WIDEST;
    const px = Math.min(Math.max(pictureHeight() * (SIZES[size] || 0), SMALLEST_PX[size] || 0), fits);
    box.style.fontSize = px.toFixed(1) + 'px';
    const low = (frame.clientHeight - pictureHeight()) / 2 + pictureHeight() * 0.05;
    box.style.bottom = low.toFixed(0) + 'px';
  };

  const draw = () => {
    const at = video.currentTime;
    const cue = size === 'off' ? null : cues.find((one) => one.start <= at && at < one.end) || null;
    if (cue === shown) return;
    shown = cue;
    box.textContent = '';
    for (const line of cue ? cue.lines : []) {
      const span = document.createElement('span');
      span.className = 'player__cue-line';
      span.textContent = line;
      box.appendChild(span);
    }
  };

  const setSize = (name) => {
    size = name;
    button.querySelector('[data-word]').textContent = button.dataset[WORDS[name]];
    keep('subtitles', name);
    shown = undefined;
    place();
    draw();
  };

  const load = async (url) => {
    try {
      const answer = await fetch(url, { credentials: 'same-origin' });
      if (!answer.ok) throw new Error('status ' + answer.status);
      cues = parseVtt(await answer.text());
    } catch (error) {
      window.setTimeout(load, AGAIN_MS, url); // the network comes and goes; the picture goes on
      return;
    }
    button.hidden = false;
    again.hidden = false; // whoever has the sentences needs no ten seconds
    root.querySelector('[data-skip="-10"]').hidden = true;
    setSize(size);
  };

  button.addEventListener('click', () => setSize(NEXT[size]));
  again.addEventListener('click', () => {
    const said = cues.filter((cue) => cue.start < video.currentTime - JUST_S);
    video.currentTime = said.length ? said[said.length - 1].start : 0;
    const promise = video.play();
    if (promise) promise.catch(() => {}); // the player says what is wrong
  });
  document.addEventListener('player:time', draw);
  document.addEventListener('player:layout', place);
  window.addEventListener('resize', place);
  video.addEventListener('loadedmetadata', place);
  document.addEventListener('player:subtitles', (event) => load(event.detail));

  const track = video.querySelector('track');
  if (track) {
    const { src } = track;
    video.removeChild(track); // or the engine draws it a second time
    load(src);
  }
}
