// Whether what stands in a page's form is easy to read for elders, asked again while it is written:
// the server judges the fields (courses/plain_pages.py) and sends the list for the panel 检查. Beside
// the field that is written in stands how many characters it has, of how many.

const QUIET_MS = 700; // after the last change, before the server is asked again
const WORDS = 'input:not([type=hidden]), textarea, select, button';

/** The field of a `data-contentpath`, also in a panel that is closed; null: it is gone. */
function placeOf(path) {
  const names = path.split('.').map((name) => `[data-contentpath="${CSS.escape(name)}"]`);
  return document.querySelector(names.join(' '));
}

function show(place) {
  const sheet = place.closest('[role=tabpanel]');
  if (sheet && sheet.hidden) document.querySelector(`[role=tab][href="#${sheet.id}"]`).click();
  place.dispatchEvent(new CustomEvent('beforematch', { bubbles: true })); // opens Wagtail's panels
  place.scrollIntoView({ block: 'center' });
  // On a phone the panel lies over the form.
  if (window.matchMedia('(max-width: 50rem)').matches) document.querySelector('[data-form-side-close-button]').click();
  const field = place.matches(WORDS) ? place : place.querySelector(WORDS);
  if (field) field.focus({ preventScroll: true });
}

class PlainWords {
  constructor(panel, form) {
    this.form = form;
    this.url = panel.dataset.url;
    this.failed = panel.dataset.wordFailed;
    this.told = panel.querySelector('[data-plain-told]');
    this.list = panel.querySelector('[data-plain-findings]');
    const side = panel.closest('[data-side-panel]');
    this.counter = side && document.querySelector(
      `[data-side-panel-toggle="${side.dataset.sidePanel}"] [data-side-panel-toggle-counter]`,
    );
    this.asked = 0;
    this.judged = this.written();
    this.count();
    // A press moves, adds or removes blocks; what did not change is not asked again.
    for (const name of ['input', 'change', 'click']) document.addEventListener(name, () => this.wait());
    panel.addEventListener('click', (event) => this.go(event));
  }

  written() {
    const data = new FormData(this.form);
    return new URLSearchParams([...data].filter(([, value]) => typeof value === 'string')).toString();
  }

  wait() {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.judge(), QUIET_MS);
  }

  async judge() {
    const written = this.written();
    if (written === this.judged) return;
    this.judged = written;
    this.asked += 1;
    const mine = this.asked;
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        body: written,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        credentials: 'same-origin',
      });
      if (!answer.ok) throw new Error(`The check answered ${answer.status}`);
      const found = await answer.text();
      if (mine !== this.asked) return; // a newer one is on its way
      this.list.innerHTML = found;
      this.told.hidden = true;
      this.count();
    } catch (error) {
      if (mine !== this.asked) return;
      this.judged = ''; // the next change asks again, and so does the next press
      this.told.textContent = this.failed;
      this.told.hidden = false;
    }
  }

  /** How many must be changed, beside the panel's sign. */
  count() {
    if (!this.counter) return;
    const stops = this.list.querySelectorAll('.plain__one--stops').length;
    this.counter.textContent = stops;
    this.counter.hidden = stops === 0;
  }

  go(event) {
    const link = event.target.closest('[data-plain-place]');
    const place = link && placeOf(link.dataset.plainPlace);
    if (!place) return;
    event.preventDefault();
    show(place);
  }
}

/** Beside the field that has the focus. */
function countCharacters(form) {
  const count = document.createElement('output');
  count.className = 'plain__count';
  const tell = (event) => {
    const field = event.target;
    if (!(field.maxLength > 0)) return;
    count.textContent = `${field.value.length} / ${field.maxLength}`;
    if (field.nextSibling !== count) field.after(count);
  };
  for (const name of ['focusin', 'input']) form.addEventListener(name, tell);
  form.addEventListener('focusout', () => count.remove());
}

const panel = document.querySelector('[data-plain]');
const form = document.querySelector('[data-edit-form]');
if (form) countCharacters(form);
if (panel && form) new PlainWords(panel, form);
