// Where the viewer stopped: taken up again next time, unless it was the very start or the end.
import { forget, keep, kept } from './memory.js';

const EDGE_S = 5;
const EVERY_MS = 2000;
const PARTS = 20; // of a film, as the server counts them

export function startPosition(root, video, onResumed) {
  const name = 'position:' + root.dataset.video;
  let saved = 0;

  const isInTheMiddle = (seconds) => seconds >= EDGE_S && seconds <= video.duration - EDGE_S;
  const save = () => {
    saved = Date.now();
    if (isInTheMiddle(video.currentTime)) keep(name, video.currentTime.toFixed(1));
    else forget(name);
  };
  // What was kept here is exact; else the record knows which twentieths were seen on another screen.
  const placeSeen = () => {
    const seen = Number(root.dataset.seen);
    return seen ? ((Math.floor(Math.log2(seen)) + 1) / PARTS) * video.duration : 0;
  };
  const resume = () => {
    const seconds = Number(kept(name)) || placeSeen();
    if (video.currentTime > 0 || !isInTheMiddle(seconds)) return;
    video.currentTime = seconds;
    onResumed();
  };

  video.addEventListener('timeupdate', () => { if (!video.paused && Date.now() - saved > EVERY_MS) save(); });
  for (const event of ['pause', 'ended']) video.addEventListener(event, save);
  window.addEventListener('pagehide', () => { if (video.currentTime > 0) save(); });
  if (video.readyState > 0) resume();
  else video.addEventListener('loadedmetadata', resume, { once: true });
}
