// The storyboard of a lesson in its editor: which words go with which scene. The server draws it from
// the form as it stands; here borders are moved, and what was moved is written into the hidden field,
// which alone is the truth. Where borders stand is settled as media/films/borders.py does it.

const { Controller } = window.StimulusModule;
const QUIET_MS = 700; // after the last change, before the server is asked again
const TICK_MS = 60;
const within = (number, least, most) => Math.min(Math.max(number, least), most);

/** The first clause of each scene: what was moved holds, the machine's give way to it. */
function settled(machine, places, silent, count) {
  const moved = Object.keys(places).map(Number);
  const starts = machine.map((start, scene) => {
    const least = Math.max(0, ...moved.filter((other) => other <= scene).map((other) => places[other]));
    const most = Math.min(count, ...moved.filter((other) => other >= scene).map((other) => places[other]));
    return within(start, least, most);
  });
  for (let scene = starts.length - 1; scene > 0; scene -= 1) {
    if (silent[scene]) starts[scene] = scene + 1 < starts.length ? starts[scene + 1] : count;
  }
  starts[0] = 0;
  return starts;
}

class Storyboard extends Controller {
  static get targets() { return ['board', 'told', 'again', 'scenes', 'film']; }

  static get values() { return { url: String, drawing: String, failed: String }; }

  connect() {
    if (!this.hasUrlValue || !this.urlValue) return;
    this.input = this.element.querySelector('input[type=hidden]');
    this.form = this.element.closest('form');
    this.isStale = true;
    this.asked = 0;
    this.changed = () => this.wait();
    for (const name of ['input', 'change']) this.form.addEventListener(name, this.changed);
    this.observer = new IntersectionObserver(([entry]) => {
      this.isSeen = entry.isIntersecting;
      if (this.isSeen && this.isStale) this.refresh();
    });
    this.observer.observe(this.element);
  }

  disconnect() {
    if (!this.observer) return;
    this.observer.disconnect();
    for (const name of ['input', 'change']) this.form.removeEventListener(name, this.changed);
    window.clearTimeout(this.waiting);
    this.stop();
  }

  // What the server draws.

  wait() {
    this.isStale = true;
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => { if (this.isSeen) this.refresh(); }, QUIET_MS);
  }

  async refresh() {
    if (this.dragged || this.isWatching) return; // asked again afterwards
    this.isStale = false;
    this.asked += 1;
    const mine = this.asked;
    this.toldTarget.textContent = this.drawingValue;
    this.againTarget.hidden = true;
    try {
      const answer = await fetch(this.urlValue, { method: 'POST', body: new FormData(this.form), credentials: 'same-origin' });
      if (!answer.ok) throw new Error(`The storyboard answered ${answer.status}`);
      const drawn = await answer.text();
      if (mine !== this.asked) return; // a newer one is on its way
      if (this.dragged || this.isWatching) this.isStale = true;
      else this.show(drawn);
      this.toldTarget.textContent = '';
    } catch (error) {
      if (mine !== this.asked) return;
      this.toldTarget.textContent = this.failedValue;
      this.againTarget.hidden = false;
    }
  }

  show(drawn) {
    const focused = this.focused();
    this.boardTarget.innerHTML = drawn;
    const [scene, control] = focused;
    const again = this.hasScenesTarget && this.scenes[scene] && this.scenes[scene].querySelector(control);
    if (again) again.focus({ preventScroll: true });
  }

  /** The number of the scene whose border has the focus, and which of its controls. */
  focused() {
    const control = document.activeElement.closest('.storyboard__border > *');
    if (!control || !this.element.contains(control)) return [-1, ''];
    return [this.scenes.indexOf(control.closest('[data-scene]')), `.${control.classList[0]}`];
  }

  // What stands on the board.

  get scenes() { return Array.from(this.scenesTarget.querySelectorAll('[data-scene]')); }

  get clauses() { return Array.from(this.scenesTarget.querySelectorAll('[data-clause]')); }

  get machine() { return this.scenes.map((scene) => Number(scene.dataset.machine)); }

  get starts() {
    let count = 0;
    return this.scenes.map((scene) => {
      const start = count;
      count += scene.querySelectorAll('[data-clause]').length;
      return start;
    });
  }

  get places() {
    const { starts } = this;
    const places = {};
    this.scenes.forEach((scene, number) => { if (scene.dataset.moved === 'True') places[number] = starts[number]; });
    return places;
  }

  sceneOf(event) { return this.scenes.indexOf(event.target.closest('[data-scene]')); }

  // Moving.

  up(event) { this.moveBy(this.sceneOf(event), -1); }

  down(event) { this.moveBy(this.sceneOf(event), 1); }

  back(event) {
    const scene = this.sceneOf(event);
    this.moveTo(scene, this.machine[scene]);
    this.scenes[scene].querySelector('[data-handle]').focus(); // the button has gone
  }

  key(event) {
    const scene = this.sceneOf(event);
    const to = {
      ArrowUp: this.starts[scene] - 1,
      ArrowDown: this.starts[scene] + 1,
      Home: 0,
      End: this.clauses.length,
      Delete: this.machine[scene],
      Backspace: this.machine[scene],
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.moveTo(scene, to);
  }

  moveBy(scene, clauses) { this.moveTo(scene, this.starts[scene] + clauses); }

  /** As far as the next border that somebody moved; the machine's are taken along. */
  moveTo(scene, to) {
    const { places, machine } = this;
    delete places[scene];
    const others = Object.keys(places).map(Number);
    const least = Math.max(0, ...others.filter((other) => other < scene).map((other) => places[other]));
    const most = Math.min(this.clauses.length, ...others.filter((other) => other > scene).map((other) => places[other]));
    const place = within(to, least, most);
    if (place !== machine[scene]) places[scene] = place;
    this.lay(settled(machine, places, this.scenes.map((each) => each.dataset.silent === 'True'), this.clauses.length), places);
    this.write();
  }

  lay(starts, places) {
    const { clauses, scenes } = this;
    scenes.forEach((scene, number) => {
      const after = number + 1 < scenes.length ? starts[number + 1] : clauses.length;
      scene.querySelector('[data-clauses-here]').append(...clauses.slice(starts[number], after));
      scene.dataset.moved = number in places ? 'True' : 'False';
      const handle = scene.querySelector('[data-handle]');
      if (handle) this.mark(scene, handle, clauses[starts[number]], starts[number], after > starts[number]);
    });
  }

  mark(scene, handle, clause, start, speaks) {
    const isMoved = scene.dataset.moved === 'True';
    const words = this.scenesTarget.dataset;
    handle.setAttribute('aria-valuenow', start);
    handle.setAttribute('aria-valuetext', speaks ? clause.textContent : words.wordNothing);
    const border = scene.querySelector('.storyboard__border');
    border.classList.toggle('storyboard__border--moved', isMoved);
    if (isMoved) border.classList.remove('storyboard__border--unsure');
    handle.querySelector('[data-mark]').textContent = isMoved ? words.wordMoved : '';
    scene.querySelector('.storyboard__back').hidden = !isMoved;
  }

  forget() { this.write(); }

  /** What was moved, into the field, so that the form knows that it has changed. */
  write() {
    const { clauses, scenes, places } = this;
    const moved = Object.keys(places).map((number) => {
      const clause = clauses[places[number]];
      const { key, words } = scenes[number].dataset;
      return { scene: key, words, clause: clause ? clause.textContent : '', nth: clause ? Number(clause.dataset.nth) : 0 };
    });
    this.input.value = JSON.stringify(moved);
    for (const name of ['input', 'change']) this.input.dispatchEvent(new Event(name, { bubbles: true }));
  }

  // Dragging: a line shows where the border would stand, and nothing moves before the end.

  drag(event) {
    if (event.button !== 0) return;
    const handle = event.currentTarget;
    const scene = this.sceneOf(event);
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    this.dragged = { to: null };
    const moving = (next) => this.point(next.clientX, next.clientY);
    const ending = (last) => {
      for (const name of ['pointermove', 'pointerup', 'pointercancel']) {
        handle.removeEventListener(name, name === 'pointermove' ? moving : ending);
      }
      const { to } = this.dragged;
      this.dragged = null;
      this.line(null);
      if (last.type === 'pointerup' && to !== null) this.moveTo(scene, to);
      else if (this.isStale) this.wait();
    };
    handle.addEventListener('pointermove', moving);
    handle.addEventListener('pointerup', ending);
    handle.addEventListener('pointercancel', ending);
  }

  point(x, y) {
    const under = document.elementFromPoint(x, y);
    const scene = under && this.scenesTarget.contains(under) && under.closest('[data-scene]');
    if (!scene) return;
    const { clauses } = this;
    const first = this.starts[this.scenes.indexOf(scene)];
    const above = Array.from(scene.querySelectorAll('[data-clause]')).filter((clause) => {
      const box = clause.getBoundingClientRect();
      return y > box.top + box.height / 2;
    });
    this.dragged.to = first + above.length;
    this.line(clauses[this.dragged.to] || null, above[above.length - 1] || null);
  }

  line(before, after) {
    for (const clause of this.clauses) clause.classList.remove('storyboard__clause--here', 'storyboard__clause--ends');
    if (before) before.classList.add('storyboard__clause--here');
    else if (after) after.classList.add('storyboard__clause--ends');
  }

  // Watching: the stills one after the other, the subtitles under them, the sound where there is one.

  open() {
    this.isWatching = true;
    this.told = JSON.parse(this.filmTarget.querySelector('#storyboard-film').textContent);
    this.sound = this.filmTarget.querySelector('[data-sound]');
    this.at = 0;
    this.filmTarget.showModal();
    this.filmTarget.querySelector('[data-toggle]').focus();
    this.play();
  }

  close() { this.filmTarget.close(); }

  stop() {
    if (!this.isWatching) return;
    this.pause();
    this.isWatching = false;
    if (this.isStale) this.wait();
  }

  toggle() {
    if (this.timer) this.pause();
    else this.play();
  }

  play() {
    if (this.at >= this.told.ends[this.told.ends.length - 1]) this.at = 0;
    this.ticked = performance.now();
    this.timer = window.setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  pause() {
    window.clearInterval(this.timer);
    this.timer = null;
    if (this.sound) this.sound.pause();
    this.picture();
  }

  tick() {
    const now = performance.now();
    const passed = now - this.ticked;
    this.ticked = now;
    const heard = this.sound && this.told.heard.find(([start, end]) => start <= this.at && this.at < end);
    if (heard) this.follow(heard, passed);
    else {
      if (this.sound) this.sound.pause();
      this.at += passed;
    }
    if (this.at >= this.told.ends[this.told.ends.length - 1]) this.pause();
    else this.picture();
  }

  /** The sound says how far it is; where it does not come, the pictures go on without it. */
  follow([start, end, from], passed) {
    const wanted = from + this.at - start;
    if (this.sound.paused || Math.abs(this.sound.currentTime * 1000 - wanted) > 400) {
      this.sound.currentTime = wanted / 1000;
      this.sound.play().catch(() => { this.sound = null; });
      return;
    }
    if (this.sound.seeking || this.sound.readyState < 2) return;
    this.at = Math.min(Math.max(this.at, start + this.sound.currentTime * 1000 - from), end);
    if (this.sound.ended) this.at = Math.min(this.at + passed, end);
  }

  get scene() { return Math.max(0, this.told.ends.findIndex((end) => this.at < end)); }

  picture() {
    const { scene } = this;
    const still = this.scenes[scene].querySelector('.storyboard__still');
    const picture = this.filmTarget.querySelector('[data-picture]');
    if (picture.getAttribute('src') !== still.getAttribute('src')) {
      picture.src = still.src;
      picture.alt = still.alt;
    }
    const cue = this.told.cues.find(([start, end]) => start <= this.at && this.at < end);
    this.filmTarget.querySelector('[data-cue]').textContent = cue ? cue[2] : '';
    this.filmTarget.querySelector('[data-progress]').value = scene + 1;
    const toggle = this.filmTarget.querySelector('[data-toggle]');
    toggle.textContent = this.timer ? toggle.dataset.wordPause : toggle.dataset.wordPlay;
  }

  sceneBefore() { this.jump(this.scene - 1); }

  sceneAfter() { this.jump(this.scene + 1); }

  jump(scene) {
    if (scene >= this.told.ends.length) return;
    this.at = scene > 0 ? this.told.ends[scene - 1] : 0;
    if (this.sound) this.sound.pause();
    this.picture();
  }

  watchKey(event) {
    if (event.key === 'ArrowLeft') this.sceneBefore();
    else if (event.key === 'ArrowRight') this.sceneAfter();
  }
}

window.wagtail.app.register('storyboard', Storyboard);
