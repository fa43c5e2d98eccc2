// An answer is explained where it stands, so that a video goes on playing; without this the link
// loads the page anew and says the same.
import { fetchPage, inTurn, replacePart } from './part.js';
import { bringIntoView } from './scrolling.js';

document.addEventListener('click', (event) => {
  const link = event.target.closest ? event.target.closest('[data-answer]') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { href } = link;
  const { name } = link.dataset;
  const quiz = link.closest('[data-quiz]').id;
  inTurn(() => explain(href, name, quiz)).catch(() => window.location.assign(href));
});

async function explain(href, name, quiz) {
  const page = await fetchPage(href);
  const fresh = replacePart(page, '#' + quiz);
  replacePart(page, '[data-part="learnt"]');
  window.history.replaceState(window.history.state, '', href);
  const again = fresh.querySelector('[data-name="' + name + '"]');
  again.focus({ preventScroll: true });
  bringIntoView(again);
}
