// Moves the progress bars of the video list and the status page while work goes on.
const EVERY_MS = 2000;

async function update(box) {
  const response = await fetch(box.dataset.progressUrl);
  if (!response.ok) throw new Error(`progress: ${response.status}`);
  const progress = await response.json();
  box.querySelector('progress').value = progress.percent;
  box.querySelector('[data-percent]').textContent = `${progress.percent}%`;
  const failed = box.querySelector('[data-failed]'); // of the list; the page reloads instead
  if (failed) failed.hidden = !progress.failed;
  for (const stage of progress.stages) {
    const row = box.querySelector(`[data-stage="${stage.kind}"]`);
    if (!row) continue;
    row.dataset.is = stage.state;
    row.querySelector('progress').value = stage.percent;
    row.querySelector('[data-state]').textContent = stage.state_label;
    row.querySelector('[data-message]').textContent = stage.message;
  }
  return progress.ended;
}

async function follow(box) {
  const onStatusPage = box.querySelector('[data-stage]') !== null;
  for (let ended = false; !ended; ) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    ended = await update(box).catch(() => false);
  }
  if (onStatusPage) window.location.reload(); // shows the video, or the button to try again
}

document.querySelectorAll('[data-progress-url]:not([data-ended])').forEach(follow);
