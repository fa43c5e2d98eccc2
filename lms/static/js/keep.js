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

if (box) offer();
const door = isTelevision ? null : document.querySelector('[data-kept-door]');
if (door && keepsSomething()) door.hidden = false;
if (keepsSomething() && canKeep()) window.addEventListener('load', () => load().catch(() => {}));
