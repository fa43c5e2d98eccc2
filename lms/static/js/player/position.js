// Where the viewer stopped: taken up again next time, unless it was the very start or the end.
const { forget, keep, kept } = window.yinling;

const EDGE_S = 5;
const EVERY_MS = 2000;

function startPosition(root, video, onResumed) {
  const name = 'position:' + root.dataset.video;
  let saved = 0;

  const isInTheMiddle = (seconds) => seconds >= EDGE_S && seconds <= video.duration - EDGE_S;
  const save = () => {
    saved = Date.now();
    if (isInTheMiddle(video.currentTime)) keep(name, video.currentTime.toFixed(1));
    else forget(name);
  };
  const resume = () => {
    const seconds = Number(kept(name));
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

window.yinling.startPosition = startPosition;
