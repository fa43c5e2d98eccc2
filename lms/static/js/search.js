// Letters of the pad and of the keyboard go into the field; what they find appears as they come.
import { fetchPage, replacePart } from './part.js';
import { listen } from './speech.js';

const FOUND = '[data-part="found"]';
const PAUSE_MS = 250; // after the last key of a keyboard, so that half a word asks for nothing
const IN_VAIN_MS = 4000; // so long in front of nothing: it was sought in vain

function focusFound() {
  const first = document.querySelector(FOUND + ' a');
  if (first) first.focus({ preventScroll: true });
}

function isInVain() {
  const found = document.querySelector(FOUND);
  return Boolean(found) && 'inVain' in found.dataset;
}

// Tells the server that somebody is done with a query, which it counts by words, for nobody's name.
function counting() {
  const form = document.querySelector('[data-sought]');
  let last = '';
  return (query) => {
    if (!form || !navigator.sendBeacon || !query || query === last) return;
    last = query;
    const told = new URLSearchParams(new FormData(form));
    told.append('q', query);
    navigator.sendBeacon(form.action, told);
  };
}

function start(form) {
  const field = form.querySelector('[data-typed]');
  const count = counting();
  let asked = 0;
  let waiting = 0;
  let inVain = 0;

  const watch = () => {
    window.clearTimeout(inVain);
    if (isInVain()) inVain = window.setTimeout(() => count(field.value), IN_VAIN_MS);
  };
  const show = async (url) => {
    asked += 1;
    const mine = asked;
    let page;
    try { page = await fetchPage(url); } catch (error) { window.location.assign(url); return; }
    if (mine !== asked) return; // a later letter has been pressed meanwhile
    replacePart(page, FOUND);
    window.history.replaceState(null, '', url);
    watch();
  };
  const ask = () => {
    window.clearTimeout(waiting);
    show('?q=' + encodeURIComponent(field.value));
  };
  const type = (typed) => {
    field.value = typed.slice(0, field.maxLength);
    ask();
  };
  const follow = (link) => {
    const url = new URL(link.href);
    field.value = url.searchParams.get('q') || '';
    show(url.search).then(focusFound);
  };

  document.addEventListener('click', (event) => {
    if (!event.target.closest) return;
    const key = event.target.closest('.letters__key');
    const link = event.target.closest('[data-search-link]');
    if (event.target.closest('.tile--found')) count(field.value);
    if (!key && !link) return;
    event.preventDefault();
    if (link) follow(link);
    else if ('letter' in key.dataset) type(field.value + key.dataset.letter);
    else if ('delete' in key.dataset) type(field.value.slice(0, -1));
    else type('');
  });

  // A real keyboard types without the field being chosen first.
  document.addEventListener('keydown', (event) => {
    if (event.target === field || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[a-z]$/i.test(event.key)) type(field.value + event.key.toLowerCase());
  });

  field.addEventListener('input', () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, PAUSE_MS);
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
    field.blur(); // a phone's keyboard makes room for what was found
    count(field.value);
  });

  listen(form, (heard) => { type(heard); count(field.value); });
  watch();

  // Coming back to the page, a browser may put back what was typed, but not what it found.
  if (field.value !== field.defaultValue) ask();
}

const form = document.querySelector('[data-search-form]');
if (form) start(form);
