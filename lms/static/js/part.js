// A part of a page, fetched anew from the server and put in place of the old one.

export async function fetchPage(url) {
  const answer = await fetch(url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error('status ' + answer.status);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
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

// One after the other: a quick hand is ahead of the network, and what comes late must not stand
// where something newer does.
let last = Promise.resolve();

export function inTurn(work) {
  last = last.then(work, work);
  return last;
}
