// Letters of the pad and of the keyboard go into the field; what they find appears as they come.
const { fetchPage, replacePart } = window.yinling;

const FOUND = '[data-part="found"]';
const PAUSE_MS = 250; // after the last key of a keyboard, so that half a word asks for nothing
const field = document.querySelector('[data-typed]');
let asked = 0;
let waiting = 0;

async function show(url) {
  asked += 1;
  const mine = asked;
  let page;
  try { page = await fetchPage(url); } catch (error) { window.location.assign(url); return; }
  if (mine !== asked) return; // a later letter has been pressed meanwhile
  replacePart(page, FOUND);
  window.history.replaceState(null, '', url);
}

function ask() {
  window.clearTimeout(waiting);
  show('?q=' + encodeURIComponent(field.value));
}

function type(typed) {
  field.value = typed.slice(0, field.maxLength);
  ask();
}

document.addEventListener('click', (event) => {
  if (!event.target.closest) return;
  const key = event.target.closest('.pad__key');
  const link = event.target.closest('[data-search-link]');
  if (!key && !link) return;
  event.preventDefault();
  if (link) show(link.getAttribute('href')).then(() => focusFound());
  else if ('letter' in key.dataset) type(field.value + key.dataset.letter);
  else if ('delete' in key.dataset) type(field.value.slice(0, -1));
  else type('');
});

function focusFound() {
  const first = document.querySelector(FOUND + ' a');
  if (first) first.focus({ preventScroll: true });
}

// A real keyboard types without the field being chosen first.
document.addEventListener('keydown', (event) => {
  if (event.target === field || event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^[a-z]$/i.test(event.key)) type(field.value + event.key.toLowerCase());
});

field.addEventListener('input', () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(ask, PAUSE_MS);
});

document.querySelector('[data-search-form]').addEventListener('submit', (event) => {
  event.preventDefault();
  ask();
  field.blur(); // a phone's keyboard makes room for what was found
});

// Coming back to the page, a browser may put back what was typed, but not what it found.
if (field.value !== field.defaultValue) ask();
