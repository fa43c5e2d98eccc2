// The chooser of drawings: beside each list the drawing that it names, and a button that opens a board
// of all drawings. The list stays the truth: the board writes it, and what is shown follows it. The
// board's drawings are radio buttons, so that the arrow keys walk over them and Enter takes one.

let board = null; // of all choosers of the page; a promise, since it is fetched once

function fetchBoard(address) {
  board = board || fetch(address, { credentials: 'same-origin' }).then(async (answer) => {
    if (!answer.ok) throw new Error(`The drawings answered ${answer.status}`);
    const template = document.createElement('template');
    template.innerHTML = await answer.text();
    const dialog = template.content.querySelector('dialog');
    document.body.append(dialog);
    listen(dialog);
    return dialog;
  });
  board.catch(() => { board = null; }); // the list is there meanwhile, and the next press tries again
  return board;
}

function listen(dialog) {
  dialog.querySelector('[data-find]').addEventListener('input', (event) => narrow(dialog, event.target.value.trim()));
  dialog.addEventListener('dblclick', (event) => {
    if (event.target.closest('.drawing-board__one')) dialog.querySelector('[data-choose]').click();
  });
}

/** Only the drawings whose titles have these words; of them one is chosen, since Tab skips what is hidden. */
function narrow(dialog, words) {
  for (const set of dialog.querySelectorAll('.drawing-board__set')) {
    const all = [...set.querySelectorAll('.drawing-board__one')];
    for (const one of all) one.hidden = !one.dataset.title.includes(words);
    set.hidden = all.every((one) => one.hidden);
  }
  const chosen = dialog.querySelector('input[name="drawing"]:checked');
  if (chosen && !chosen.parentElement.hidden) return;
  if (chosen) chosen.checked = false;
  const first = dialog.querySelector('.drawing-board__one:not([hidden]) input');
  if (first) first.checked = true;
}

class Chooser {
  constructor(element) {
    this.element = element;
    this.list = element.querySelector('select');
    this.shown = element.querySelector('[data-shown]');
    const open = element.querySelector('[data-open]');
    open.hidden = false;
    open.addEventListener('click', () => this.open());
    this.list.addEventListener('change', () => this.show());
    this.list.classList.add('drawing-chooser__list');
    this.show();
  }

  async show() {
    const dialog = this.list.value && await fetchBoard(this.element.dataset.board);
    const drawn = dialog && dialog.querySelector(`input[value="${this.list.value}"] + .drawing-board__picture > svg`);
    this.shown.replaceChildren(drawn ? drawn.cloneNode(true) : this.element.dataset.wordNone);
  }

  async open() {
    const dialog = await fetchBoard(this.element.dataset.board);
    const find = dialog.querySelector('[data-find]');
    find.value = '';
    narrow(dialog, '');
    const chosen = dialog.querySelector(`input[name="drawing"][value="${this.list.value}"]`);
    chosen.checked = true;
    dialog.returnValue = '';
    dialog.addEventListener('close', () => this.take(dialog), { once: true });
    dialog.showModal();
    chosen.focus();
    chosen.closest('label').scrollIntoView({ block: 'center' });
  }

  take(dialog) {
    this.element.querySelector('[data-open]').focus();
    const chosen = dialog.querySelector('input[name="drawing"]:checked');
    if (dialog.returnValue !== 'choose' || !chosen) return;
    this.list.value = chosen.value;
    this.list.dispatchEvent(new Event('input', { bubbles: true }));
    this.list.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

const known = new WeakSet();

function adopt() {
  for (const element of document.querySelectorAll('[data-drawing-chooser]')) {
    if (known.has(element)) continue;
    known.add(element);
    new Chooser(element);
  }
}

adopt();
new MutationObserver(adopt).observe(document.body, { childList: true, subtree: true });
