// What the film says: a chapter or a line takes the film there, the line that is being said is lit,
// and a word that is pressed or typed leaves only the lines that hold it.

function spoken(text) {
  return text.replace(/[\s，。！？；：、…“”‘’（）《》,.!?;:()"'-]/g, '').toLowerCase();
}

function search(part, wanted) {
  const found = part.querySelector('[data-found]');
  let count = 0;
  for (const item of part.querySelectorAll('.transcript__item')) {
    const holds = spoken(item.querySelector('[data-words]').textContent).includes(spoken(wanted));
    item.hidden = !holds;
    if (holds) count += 1;
  }
  found.textContent = !wanted ? '' : count ? found.dataset.word.replace('{count}', count) : found.dataset.wordNone;
  part.querySelector('[data-said=""]').hidden = !wanted;
  part.querySelector('[name=words]').value = wanted;
  if (wanted) found.scrollIntoView({ block: 'nearest' }); // large letters may have it below the screen
}

function prepare(root) {
  const details = root.querySelector('[data-transcript]');
  if (!details) return;
  const part = details.closest('[data-part]') || details.parentNode;
  const inside = details.querySelector('[data-lines]');
  // Hidden for good while closed: engines differ in what a closed <details> still measures.
  const settle = () => { inside.hidden = !details.open; };
  details.addEventListener('toggle', settle);
  details.querySelector('summary').addEventListener('click', () => { inside.hidden = details.open; });
  settle();
  part.addEventListener('click', (event) => {
    const jump = event.target.closest('[data-jump]');
    const word = event.target.closest('[data-said]');
    if (jump && document.querySelector('[data-player]')) {
      event.preventDefault();
      const start = Number(jump.closest('[data-start]').dataset.start) / 1000;
      document.dispatchEvent(new CustomEvent('player:jump', { detail: start }));
    } else if (word && !part.querySelector('[data-searched]')) {
      event.preventDefault();
      search(part, word.dataset.said);
      if (!word.dataset.said) details.querySelector('summary').focus();
    }
  });
  if (part.querySelector('[data-searched]')) return; // the server left the other lines out
  const form = part.querySelector('[data-line-search]');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    search(part, form.elements.words.value.trim());
  });
  form.elements.words.addEventListener('search', () => search(part, form.elements.words.value.trim()));
}

// What is being said now is lit: the line while the transcript is open, and the chapter.
const lit = new Map();

function light(kind, item) {
  const before = lit.get(kind) || null;
  if (item === before) return;
  if (before) before.removeAttribute('aria-current');
  if (item) item.setAttribute('aria-current', 'true');
  lit.set(kind, item);
}

document.addEventListener('player:time', (event) => {
  const ms = event.detail * 1000;
  const chapters = Array.from(document.querySelectorAll('.chapter')).filter((one) => Number(one.dataset.start) <= ms);
  light('chapter', ms > 0 ? chapters[chapters.length - 1] || null : null);
  const details = document.querySelector('[data-transcript]');
  if (!details || !details.open) return;
  const items = Array.from(details.querySelectorAll('.transcript__item'));
  const item = items.find((one) => Number(one.dataset.start) <= ms && ms < Number(one.dataset.end));
  light('line', item ? item.querySelector('[data-line]') : null);
});

document.addEventListener('transcript:new', (event) => prepare(event.detail));
prepare(document);
