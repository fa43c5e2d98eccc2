// The settings, kept on this machine. They hold at once, and on every page that is opened later.
import { keepHere, keptHere } from './memory.js';

const look = document.documentElement.dataset;
const buttons = Array.from(document.querySelectorAll('[data-look-choice]'));

function show() {
  for (const button of buttons) {
    const now = look[button.name] === button.value;
    button.setAttribute('aria-pressed', String(now));
    button.querySelector('.option__mark').hidden = !now;
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest ? event.target.closest('[data-look-choice]') : null;
  if (!button) return;
  look[button.name] = button.value;
  keepHere('look', Object.assign({}, keptHere('look'), { [button.name]: button.value }));
  show();
});

// A page that the browser kept as it was left looks as was chosen meanwhile.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) Object.assign(look, keptHere('look'));
});

show();
for (const part of document.querySelectorAll('[data-needs-script]')) part.hidden = false;
