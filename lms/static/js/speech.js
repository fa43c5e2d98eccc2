// A button by which a phone hears what one looks for, where its browser can; elsewhere it is not
// there. The browser asks for the microphone itself, and on many phones sends what it hears to its
// maker to be written down; nothing of it comes to us but the words.
const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
const MARKS = /[\s，。！？、,.!?]+/g; // which recognition adds and nobody looks for

export function listen(form, take) {
  const button = form.querySelector('[data-speak]');
  const status = form.querySelector('[data-heard]');
  const isPhone = window.matchMedia('(pointer: coarse)').matches;
  if (!button || !Recognition || !isPhone || !window.isSecureContext) return;

  const say = (words) => { status.textContent = words || ''; status.hidden = !words; };
  let hearing = null;

  const stop = () => { hearing = null; button.removeAttribute('aria-pressed'); };
  const startHearing = () => {
    const now = new Recognition();
    now.lang = 'zh-CN';
    now.maxAlternatives = 1;
    let said = button.dataset.nothing;
    now.onaudiostart = () => say(button.dataset.listening);
    now.onresult = (event) => {
      const words = event.results[0][0].transcript.replace(MARKS, '');
      said = '';
      if (words) take(words);
    };
    now.onerror = (event) => {
      const refused = event.error === 'not-allowed';
      if (event.error === 'aborted') said = '';
      else if (event.error !== 'no-speech') said = refused ? button.dataset.refused : button.dataset.broken;
    };
    now.onend = () => { if (hearing === now) { stop(); say(said); } };
    hearing = now;
    button.setAttribute('aria-pressed', 'true');
    say(button.dataset.allow);
    now.start();
  };

  button.hidden = false;
  button.addEventListener('click', () => {
    if (hearing) hearing.abort();
    else startHearing();
  });
}
