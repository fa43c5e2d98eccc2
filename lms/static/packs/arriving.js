// A page that is opened with a question in its address (a round of the drill, a practice that was
// loaded anew) shows what that asks for.
import { partAt } from '../js/part.js';
import { drillAt, startRounds } from './drill-round.js';

const query = new URLSearchParams(window.location.search);
const round = drillAt(query);

if (round) {
  document.querySelector('main').innerHTML = round.html;
  document.querySelector('.masthead__line').textContent = round.line;
} else if (window.location.search) {
  const html = partAt(window.location.href);
  const [part] = html === null ? [] : new DOMParser().parseFromString(html, 'text/html').body.children;
  const old = part && part.id && document.getElementById(part.id);
  if (old) old.parentNode.replaceChild(document.adoptNode(part), old);
}
startRounds();
