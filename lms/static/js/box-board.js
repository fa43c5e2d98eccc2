// Boxes drawn on a screen by hand: drag on empty ground for a new one, drag a box to move it, its
// corner to make it larger; by keyboard, arrows move a box and Shift with arrows sizes it. Numbers
// are per cent of the screen. Where they are kept is for the owner of the board to say.

const LEAST = { w: 2, h: 2 }; // per cent; what is smaller was a slip of the hand

const within = (number, least, most) => Math.max(least, Math.min(most, Math.round(number)));

export class BoxBoard {
  // `screen` holds the boxes; class names begin with `name`. The owner has read(box), which gives
  // the numbers of a box or null, write(box, numbers) and add(numbers) for one newly drawn.
  constructor(screen, name, owner) {
    Object.assign(this, { screen, name, owner });
    screen.addEventListener('pointerdown', (event) => this.grab(event));
    screen.addEventListener('keydown', (event) => this.key(event));
  }

  newBox() {
    const box = document.createElement('button');
    box.type = 'button';
    box.className = `${this.name}__box`;
    const words = document.createElement('span');
    const corner = document.createElement('span');
    corner.className = `${this.name}__corner`;
    box.append(words, corner);
    this.screen.append(box);
    return box;
  }

  place(box, { x, y, w, h }) {
    Object.assign(box.style, { left: `${x}%`, top: `${y}%`, width: `${w}%`, height: `${h}%` });
    box.hidden = !w || !h;
  }

  point(event) {
    const frame = this.screen.getBoundingClientRect();
    return {
      x: ((event.clientX - frame.left) / frame.width) * 100,
      y: ((event.clientY - frame.top) / frame.height) * 100,
    };
  }

  grab(event) {
    if (event.button !== 0) return;
    const box = event.target.closest(`.${this.name}__box`);
    const from = this.point(event);
    if (!box) {
      this.drawNew(event, from);
      return;
    }
    const start = this.owner.read(box);
    const sizing = event.target.classList.contains(`${this.name}__corner`);
    this.follow(event, (to) => {
      const [right, down] = [to.x - from.x, to.y - from.y];
      this.owner.write(box, sizing ? this.sized(start, right, down) : this.moved(start, right, down));
    });
  }

  drawNew(event, from) {
    const shadow = document.createElement('div');
    shadow.className = `${this.name}__new`;
    this.screen.append(shadow);
    let drawn = null;
    this.follow(event, (to) => {
      const [left, top] = [Math.min(from.x, to.x), Math.min(from.y, to.y)].map((n) => within(n, 0, 100));
      const [right, bottom] = [Math.max(from.x, to.x), Math.max(from.y, to.y)].map((n) => within(n, 0, 100));
      drawn = { x: left, y: top, w: right - left, h: bottom - top };
      this.place(shadow, drawn);
    }, () => {
      shadow.remove();
      if (drawn && drawn.w > LEAST.w && drawn.h > LEAST.h) this.owner.add(drawn);
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

  moved({ x, y, w, h }, right, down) {
    return { x: within(x + right, 0, 100 - w), y: within(y + down, 0, 100 - h), w, h };
  }

  sized({ x, y, w, h }, right, down) {
    return { x, y, w: within(w + right, LEAST.w, 100 - x), h: within(h + down, LEAST.h, 100 - y) };
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const start = step && event.target.classList.contains(`${this.name}__box`) && this.owner.read(event.target);
    if (!start) return;
    event.preventDefault();
    this.owner.write(event.target, this[event.shiftKey ? 'sized' : 'moved'](start, ...step));
  }
}
