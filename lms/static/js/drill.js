// Digits on the remote are the hands of the counter that is in focus: 1, then 2, is twelve.
import { inTurn } from './part.js';
import { changeInPlace } from './press.js';

const MOST = 999;
let typing = null; // the counter that digits went to last
let hands = null; // what was typed and the page does not have yet

function show() {
  for (const counter of document.querySelectorAll('[data-counter]')) {
    counter.querySelector('.hand__count').textContent = hands[counter.dataset.counter];
  }
}

async function bring(name) {
  const wanted = hands.join('.');
  const query = new URLSearchParams(window.location.search);
  query.set('hands', wanted);
  await changeInPlace('?' + query, name);
  if (hands.join('.') === wanted) hands = null;
  else show();
}

document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const active = document.activeElement;
  const counter = active && active.closest ? active.closest('[data-counter]') : null;
  const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : null;
  const place = counter ? counter.dataset.counter : null;
  if (digit === null || place === null) {
    typing = null; // whoever moves on begins a new number
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (!hands) hands = document.querySelector('[data-hands]').dataset.hands.split('.').map(Number);
  const number = typing === place ? hands[place] * 10 + digit : digit;
  hands[place] = number > MOST ? digit : number;
  typing = place;
  show();
  inTurn(() => hands && bring(active.dataset.name));
}, true);
