// 存到手机, where a phone can. What does it is fetched when somebody presses it, and on every page of a
// phone that keeps lessons: what was learnt is sent then, and what has changed is brought anew. Not on
// televisions. Without this no button is shown.
const TELEVISION = '(min-width: 960px)';

const { version } = document.documentElement.dataset;
const isTelevision = version === 'elder' && window.matchMedia(TELEVISION).matches;
const box = isTelevision ? null : document.querySelector('[data-keep]');
let loading = null;

function load() {
  if (loading) return loading;
  loading = new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.type = 'module';
    script.src = document.body.dataset.keeping;
    script.onload = resolve;
    script.onerror = () => { loading = null; script.remove(); reject(new Error('no line')); };
    document.head.appendChild(script);
  });
  return loading;
}

function keepsSomething() {
  try { return window.localStorage.getItem('kept') === 'yes'; } catch (error) { return false; }
}

function canKeep() {
  try { return window.isSecureContext && Boolean(navigator.serviceWorker && window.caches && window.indexedDB); } catch (error) { return false; }
}

// What a browser cannot keep is said before anybody tries.
function offer() {
  const isWeChat = /MicroMessenger/i.test(navigator.userAgent);
  const film = box.querySelector('[data-keep-film]');
  if (canKeep() && !isWeChat) {
    const press = box.querySelector('[data-keep-press]');
    const say = (event) => { event.preventDefault(); document.dispatchEvent(new CustomEvent('keep:press')); };
    press.addEventListener('click', (event) => load().then(() => say(event)).catch(() => {
      const said = box.querySelector('[data-keep-said]');
      said.hidden = false;
      said.textContent = box.dataset.wordNoLine;
    }));
    press.hidden = false;
  } else if (isWeChat || film) {
    box.querySelector(isWeChat ? '[data-keep-wechat]' : '[data-keep-unable]').hidden = false;
    if (film) film.hidden = false;
  } else return;
  box.hidden = false;
}

// A film that lies here is played from here with a network, too: it costs no traffic.
async function playKept() {
  const entry = await window.caches.match(box.dataset.book + '?entry');
  const film = entry && (await entry.json()).film;
  const video = document.querySelector('[data-video-element]');
  if (!film || !video) return;
  const sources = Array.from(video.querySelectorAll('source'));
  const others = sources.filter((source) => source.getAttribute('src') !== film.url);
  if (others.length === sources.length) return; // another film by now
  const { currentTime, paused } = video; // it may have begun meanwhile
  for (const source of others) source.remove();
  video.load();
  if (currentTime > 0) video.addEventListener('loadedmetadata', () => { video.currentTime = currentTime; }, { once: true });
  if (!paused) video.play().catch(() => {}); // the player says what is wrong
}

if (box) offer();
if (box && keepsSomething() && canKeep()) playKept().catch(() => {});
const door = isTelevision ? null : document.querySelector('[data-kept-door]');
if (door && keepsSomething()) door.hidden = false;
if (keepsSomething() && canKeep()) window.addEventListener('load', () => load().catch(() => {}));
