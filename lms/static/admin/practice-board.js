// The board above a screen's places (js/box-board.js): a box for each. The four numbers of every place
// are the truth: the board writes them and follows them.
import { BoxBoard } from "../js/box-board.js";

const { StructBlockDefinition } = window.wagtailStreamField.blocks;
const SIDES = ['x', 'y', 'w', 'h'];

class Board {
  constructor(block, places) {
    this.block = block;
    this.places = places; // the ListBlock of widgets or areas
    this.picture = block.childBlocks.picture || null;
    this.boxes = [];
    this.build();
    this.refresh();
    const root = this.block.container[0];
    root.addEventListener('input', () => this.refresh());
    root.addEventListener('change', () => this.refresh());
    new MutationObserver(() => this.refresh()).observe(this.places.container[0], { childList: true, subtree: true });
  }

  build() {
    this.element = document.createElement('div');
    this.element.className = 'practice-board';
    const help = document.createElement('p');
    help.className = 'practice-board__help';
    help.textContent = this.block.blockDef.meta.boardHelp;
    this.screen = document.createElement('div');
    this.screen.className = 'practice-board__screen practice-board__screen--empty';
    this.board = new BoxBoard(this.screen, 'practice-board', {
      read: (box) => this.numbers(this.placeOf(box)),
      write: (box, numbers) => this.write(this.placeOf(box), numbers),
      add: (numbers) => this.add(numbers),
    });
    this.screen.addEventListener('dblclick', (event) => this.choose(event));
    this.element.append(help, this.screen);
    const list = this.places.container[0].closest('[data-contentpath]') || this.places.container[0];
    list.before(this.element);
  }

  // What the form says now.

  children() {
    return this.places.children.filter((child) => child.deletedInput.val() !== '1').map((child) => child.block);
  }

  placeOf(box) {
    return this.children()[this.boxes.indexOf(box)];
  }

  input(place, side) {
    return document.getElementById(place.childBlocks.box.childBlocks[side].idForLabel);
  }

  numbers(place) {
    const numbers = {};
    for (const side of SIDES) numbers[side] = Number(this.input(place, side).value) || 0;
    return numbers;
  }

  write(place, numbers) {
    for (const side of SIDES) {
      const input = this.input(place, side);
      if (input.value === String(numbers[side])) continue;
      input.value = numbers[side];
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }

  // What the board shows.

  refresh() {
    const places = this.children();
    while (this.boxes.length > places.length) this.boxes.pop().remove();
    while (this.boxes.length < places.length) this.boxes.push(this.board.newBox());
    places.forEach((place, index) => this.draw(place, this.boxes[index], index + 1));
    this.showPicture();
  }

  draw(place, box, number) {
    const numbers = this.numbers(place);
    const value = place.getValue();
    this.board.place(box, numbers);
    box.firstChild.textContent = value.text || number;
    box.title = `${number} ${value.text}`;
    box.setAttribute('aria-label', [number, value.text, ...SIDES.map((side) => numbers[side])].join(' '));
    box.classList.toggle('practice-board__box--right', value.press === 'right');
    box.classList.toggle('practice-board__box--decoy', value.press === 'decoy');
  }

  async showPicture() {
    const chosen = this.picture && this.picture.getState();
    const id = chosen ? String(chosen.id) : '';
    if (!this.picture || id === this.shownPicture) return;
    this.shownPicture = id;
    const old = this.screen.querySelector('.practice-board__picture');
    if (old) old.remove();
    this.screen.classList.toggle('practice-board__screen--empty', !id);
    if (!id) return;
    const image = document.createElement('img');
    image.className = 'practice-board__picture';
    image.alt = '';
    image.src = chosen.preview ? chosen.preview.url : '';
    this.screen.prepend(image);
    const config = JSON.parse(document.getElementById('wagtail-config').textContent);
    const answer = await fetch(`${config.ADMIN_API.IMAGES}${id}/`, { credentials: 'same-origin' });
    if (answer.ok) image.src = (await answer.json()).meta.download_url; // sharper than the preview
  }

  // A place in the form that stands nowhere yet is the one meant; else there is one more.
  add(numbers) {
    const homeless = this.children().find((place) => SIDES.every((side) => !this.input(place, side).value));
    if (homeless) {
      this.write(homeless, numbers);
      this.unfold(homeless);
    } else {
      const state = { ...this.places.blockDef.initialChildState, box: numbers };
      this.places.insert(state, this.places.children.length, { focus: true });
    }
    this.refresh();
  }

  choose(event) {
    const box = event.target.closest('.practice-board__box');
    const place = box && this.placeOf(box);
    if (!place) return;
    this.unfold(place);
    this.input(place, 'x').scrollIntoView({ block: 'center' });
  }

  // The form of a place, opened for its words.
  unfold(place) {
    const { toggleElement } = this.places.children.find((child) => child.block === place);
    if (toggleElement && toggleElement.getAttribute('aria-expanded') === 'false') toggleElement.click();
  }
}

class ScreenBlockDefinition extends StructBlockDefinition {
  render(...parts) {
    const block = super.render(...parts);
    block.board = new Board(block, block.childBlocks.areas || block.childBlocks.widgets);
    return block;
  }
}

window.telepath.register('yinling.practice.ScreenBlock', ScreenBlockDefinition);
