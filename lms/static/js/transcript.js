// Every line of the transcript becomes a button that takes the video there.

function prepare(root) {
  const details = root.querySelector('[data-transcript]');
  if (!details) return;
  const list = details.querySelector('[data-lines]');
  for (const line of list.querySelectorAll('[data-line]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'transcript__line transcript__line--button';
    button.append(...line.childNodes);
    line.parentNode.replaceChild(button, line);
  }
  // Hidden for good while closed: engines differ in what a closed <details> still measures.
  const settle = () => { list.hidden = !details.open; };
  details.addEventListener('toggle', settle);
  details.querySelector('summary').addEventListener('click', () => { list.hidden = details.open; });
  settle();
  list.addEventListener('click', (event) => {
    const item = event.target.closest('[data-start]');
    if (item) document.dispatchEvent(new CustomEvent('player:jump', { detail: Number(item.dataset.start) / 1000 }));
  });
}

// The line that is being said is lit while the transcript is open.
let lit = null;

function light(item) {
  if (item === lit) return;
  for (const [one, now] of [[lit, false], [item, true]]) {
    if (!one) continue;
    one.firstElementChild.classList.toggle('transcript__line--now', now);
    if (now) one.firstElementChild.setAttribute('aria-current', 'true');
    else one.firstElementChild.removeAttribute('aria-current');
  }
  lit = item;
}

document.addEventListener('player:time', (event) => {
  const details = document.querySelector('[data-transcript]');
  if (!details || !details.open) return;
  const ms = event.detail * 1000;
  const items = Array.from(details.querySelectorAll('[data-start]'));
  light(items.find((item) => Number(item.dataset.start) <= ms && ms < Number(item.dataset.end)) || null);
});

document.addEventListener('transcript:new', (event) => prepare(event.detail));
prepare(document);
