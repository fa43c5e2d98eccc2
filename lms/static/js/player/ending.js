// A film's end: three big choices in its place. In a row of films (连着看) the next one comes by
// itself after ten quiet seconds, unless any key or a touch stops the clock.
const QUIET_S = 10;
const GO_ON = 'player:go-on'; // for the page of the next film: it begins by itself

function takeNote() {
  try {
    const how = window.sessionStorage.getItem(GO_ON) || '';
    window.sessionStorage.removeItem(GO_ON);
    return how;
  } catch (error) {
    return ''; // no memory: somebody presses play
  }
}

// How the film before this one ended: 'full' on the whole screen, 'page', or '' when there was none.
// Taken on every page, so that one without a film does not hand it on.
export const howToGoOn = takeNote();

function noteGoingOn(how) {
  try { window.sessionStorage.setItem(GO_ON, how); } catch (error) { /* as above */ }
}

export function startEnding(root, video, { play }) {
  const panel = root.querySelector('[data-film-end]');
  if (!panel) return;
  const next = panel.querySelector('[data-next]');
  const again = panel.querySelector('[data-watch-again]');
  const stop = panel.querySelector('[data-stop]');
  const count = panel.querySelector('[data-count]');
  const seconds = panel.querySelector('[data-seconds]');
  let clock = 0;

  const focus = (element) => element.focus({ preventScroll: true });
  const isOpen = () => !panel.hidden;

  const showStopped = (stopped) => {
    panel.querySelector('[data-counting]').hidden = stopped;
    panel.querySelector('[data-stopped]').hidden = !stopped;
  };
  const halt = () => {
    if (!clock) return false;
    window.clearInterval(clock);
    clock = 0;
    showStopped(true);
    const hadFocus = document.activeElement === stop;
    stop.hidden = true;
    if (hadFocus) focus(next);
    return true;
  };
  const begin = () => {
    const until = Date.now() + QUIET_S * 1000;
    seconds.textContent = QUIET_S;
    showStopped(false);
    clock = window.setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 0) seconds.textContent = left;
      else {
        window.clearInterval(clock);
        clock = 0;
        next.click();
      }
    }, 250);
  };

  const open = () => {
    // Who reads the steps meanwhile goes on reading them, and nothing moves on by itself.
    const { activeElement } = document;
    const isWatched = activeElement === document.body || root.contains(activeElement);
    panel.hidden = false;
    root.classList.add('player--ended');
    if (stop) {
      stop.hidden = !isWatched;
      count.hidden = !isWatched;
    }
    if (stop && isWatched) begin();
    if (isWatched) focus(stop || next || again);
  };
  const close = () => {
    if (!isOpen()) return;
    halt();
    const hadFocus = panel.contains(document.activeElement);
    panel.hidden = true;
    root.classList.remove('player--ended');
    if (hadFocus) focus(root.querySelector('[data-play]'));
  };

  video.addEventListener('ended', open);
  for (const name of ['play', 'seeking']) video.addEventListener(name, () => { if (!video.ended) close(); });
  again.addEventListener('click', play);
  panel.addEventListener('click', (event) => {
    if (event.target.closest('[data-goto]')) document.dispatchEvent(new CustomEvent('player:leave'));
  });
  if (stop) {
    stop.addEventListener('click', halt);
    document.addEventListener('remote:back', (event) => { if (halt()) { event.preventDefault(); event.stopImmediatePropagation(); } });
    // Whoever moves the focus or touches the page is choosing.
    stop.addEventListener('blur', halt);
    document.addEventListener('pointerdown', (event) => { if (!next.contains(event.target)) halt(); });
  }
}

// Any way to the next film, wherever it stands: it begins by itself there.
document.addEventListener('click', (event) => {
  const link = event.target.closest ? event.target.closest('[data-watch-on]') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const player = document.querySelector('.player--full');
  noteGoingOn(player ? 'full' : 'page');
});
