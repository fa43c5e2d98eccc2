// The board above a screen's places: drag on empty ground for a new place, drag a place to move it,
// its corner to make it larger; by keyboard, arrows move a place and Shift with arrows sizes it. The
// four numbers of every place are the truth: the board writes them and follows them.
(() => {
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;
  const SIDES = ['x', 'y', 'w', 'h'];
  const LEAST = { w: 2, h: 2 }; // per cent; what is smaller was a slip of the hand

  const within = (number, least, most) => Math.max(least, Math.min(most, Math.round(number)));

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
      this.screen.addEventListener('pointerdown', (event) => this.grab(event));
      this.screen.addEventListener('keydown', (event) => this.key(event));
      this.screen.addEventListener('dblclick', (event) => this.choose(event));
      this.element.append(help, this.screen);
      const list = this.places.container[0].closest('[data-contentpath]') || this.places.container[0];
      list.before(this.element);
    }

    // What the form says now.

    children() {
      return this.places.children.filter((child) => child.deletedInput.val() !== '1').map((child) => child.block);
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
      while (this.boxes.length < places.length) this.boxes.push(this.newBox());
      places.forEach((place, index) => this.draw(place, this.boxes[index], index + 1));
      this.showPicture();
    }

    newBox() {
      const box = document.createElement('button');
      box.type = 'button';
      box.className = 'practice-board__box';
      const words = document.createElement('span');
      const corner = document.createElement('span');
      corner.className = 'practice-board__corner';
      box.append(words, corner);
      this.screen.append(box);
      return box;
    }

    draw(place, box, number) {
      const { x, y, w, h } = this.numbers(place);
      const value = place.getValue();
      Object.assign(box.style, { left: `${x}%`, top: `${y}%`, width: `${w}%`, height: `${h}%` });
      box.hidden = !w || !h;
      box.firstChild.textContent = value.text || number;
      box.title = `${number} ${value.text}`;
      box.setAttribute('aria-label', `${number} ${value.text} ${x} ${y} ${w} ${h}`);
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

    // Dragging.

    point(event) {
      const frame = this.screen.getBoundingClientRect();
      return {
        x: ((event.clientX - frame.left) / frame.width) * 100,
        y: ((event.clientY - frame.top) / frame.height) * 100,
      };
    }

    grab(event) {
      if (event.button !== 0) return;
      const box = event.target.closest('.practice-board__box');
      const from = this.point(event);
      if (!box) return this.drawNew(event, from);
      const place = this.children()[this.boxes.indexOf(box)];
      const start = this.numbers(place);
      const sizing = event.target.classList.contains('practice-board__corner');
      return this.follow(event, (to) => {
        const [right, down] = [to.x - from.x, to.y - from.y];
        this.write(place, sizing ? this.sized(start, right, down) : this.moved(start, right, down));
      });
    }

    drawNew(event, from) {
      const shadow = document.createElement('div');
      shadow.className = 'practice-board__new';
      this.screen.append(shadow);
      let drawn = null;
      this.follow(event, (to) => {
        const [left, top] = [Math.min(from.x, to.x), Math.min(from.y, to.y)].map((n) => within(n, 0, 100));
        const [right, bottom] = [Math.max(from.x, to.x), Math.max(from.y, to.y)].map((n) => within(n, 0, 100));
        drawn = { x: left, y: top, w: right - left, h: bottom - top };
        Object.assign(shadow.style, { left: `${drawn.x}%`, top: `${drawn.y}%`, width: `${drawn.w}%`, height: `${drawn.h}%` });
      }, () => {
        shadow.remove();
        if (drawn && drawn.w > LEAST.w && drawn.h > LEAST.h) this.add(drawn);
      });
    }

    follow(event, move, end = () => {}) {
      this.screen.setPointerCapture(event.pointerId);
      const moving = (next) => move(this.point(next));
      const ending = () => {
        this.screen.removeEventListener('pointermove', moving);
        this.screen.removeEventListener('pointerup', ending);
        this.screen.removeEventListener('pointercancel', ending);
        end();
      };
      this.screen.addEventListener('pointermove', moving);
      this.screen.addEventListener('pointerup', ending);
      this.screen.addEventListener('pointercancel', ending);
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
      const place = box && this.children()[this.boxes.indexOf(box)];
      if (!place) return;
      this.unfold(place);
      this.input(place, 'x').scrollIntoView({ block: 'center' });
    }

    // The form of a place, opened for its words.
    unfold(place) {
      const { toggleElement } = this.places.children.find((child) => child.block === place);
      if (toggleElement && toggleElement.getAttribute('aria-expanded') === 'false') toggleElement.click();
    }

    moved({ x, y, w, h }, right, down) {
      return { x: within(x + right, 0, 100 - w), y: within(y + down, 0, 100 - h), w, h };
    }

    sized({ x, y, w, h }, right, down) {
      return { x, y, w: within(w + right, LEAST.w, 100 - x), h: within(h + down, LEAST.h, 100 - y) };
    }

    key(event) {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const place = this.children()[this.boxes.indexOf(event.target)];
      if (!step || !place) return;
      event.preventDefault();
      const change = event.shiftKey ? 'sized' : 'moved';
      this.write(place, this[change](this.numbers(place), ...step));
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
})();
