// The line of time: the time in words, left and right ten seconds each, a click goes there.

export function startSeek(root, video, { goTo, skip, toggle }) {
  const slider = root.querySelector('[data-seek]');
  const bar = slider.querySelector('[data-done]').parentNode;
  const done = slider.querySelector('[data-done]');
  const now = slider.querySelector('[data-now]');
  const all = slider.querySelector('[data-all]');

  const inWords = (seconds) => {
    const whole = Math.floor(seconds);
    return root.dataset.clock.replace('{m}', Math.floor(whole / 60)).replace('{s}', whole % 60);
  };

  const show = () => {
    const total = Number.isFinite(video.duration) ? video.duration : Number(root.dataset.lengthMs) / 1000;
    const at = inWords(video.currentTime);
    if (now.textContent !== at) now.textContent = at;
    const end = total ? root.dataset.wordAll.replace('{time}', inWords(total)) : '';
    if (all.textContent !== end) all.textContent = end;
    done.style.width = (total ? (video.currentTime / total) * 100 : 0).toFixed(1) + '%';
    slider.setAttribute('aria-valuemax', String(Math.round(total)));
    slider.setAttribute('aria-valuenow', String(Math.floor(video.currentTime)));
    slider.setAttribute('aria-valuetext', end ? at + '，' + end : at);
  };

  slider.addEventListener('keydown', (event) => {
    if (event.keyCode === 37) skip(-10);
    else if (event.keyCode === 39) skip(10);
    else if (event.keyCode === 13 || event.keyCode === 32) toggle();
    else return;
    event.preventDefault();
  });
  slider.addEventListener('click', (event) => {
    const box = bar.getBoundingClientRect();
    if (box.width && video.duration) goTo(((event.clientX - box.left) / box.width) * video.duration);
  });
  document.addEventListener('player:time', show);
  video.addEventListener('durationchange', show);
  show();
}
