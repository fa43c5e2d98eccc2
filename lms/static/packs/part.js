// In place of js/part.js, which asks the server what a part of the page is like after a press. Here
// every answer lies in the page already: they were asked for when the stick was made.
import { drillAt } from '../packs/drill-round.js';

const box = document.querySelector('[data-answers]');
const { answers, parts } = box ? JSON.parse(box.textContent) : { answers: {}, parts: [] };

function keyOf(query) {
  return Array.from(query, (pair) => pair.join('=')).sort().join('&');
}

// A part is its lines, or what it changes of another's: [which, [[from, to, lines], …]].
function linesOf(place) {
  const [like, changes] = parts[place];
  if (like === null) return changes;
  const lines = linesOf(like).slice();
  for (const [from, to, fresh] of changes.slice().reverse()) lines.splice(from, to - from, ...fresh);
  return lines;
}

// The HTML that an address of this page asks for; null where that is the page as it lies.
export function partAt(url) {
  const query = new URL(url, window.location.href).searchParams;
  const round = drillAt(query);
  if (round) return round.html;
  const place = answers[keyOf(query)];
  return place === undefined ? null : linesOf(place).join('\n');
}

export async function fetchPage(url) {
  const html = partAt(url);
  if (html === null) throw new Error('nothing is kept for ' + url);
  return new DOMParser().parseFromString(html, 'text/html');
}

// The new part, now in this page; null when either page lacks it.
export function replacePart(page, selector) {
  const old = document.querySelector(selector);
  const fresh = page.querySelector(selector);
  if (!old || !fresh) return null;
  const adopted = document.adoptNode(fresh);
  old.parentNode.replaceChild(adopted, old);
  return adopted;
}

// One after the other, as on the site.
let last = Promise.resolve();

export function inTurn(work) {
  last = last.then(work, work);
  return last;
}
