// One line of the list: its time, its words in a field, what is wrong with it.
import { clock, speed } from "./measures.js";

export function make(tag, name, properties = {}) {
  const element = document.createElement(tag);
  element.className = name;
  return Object.assign(element, properties);
}

export class Row {
  constructor(line, { rules, words, icon, on }) {
    Object.assign(this, { line, rules, words, icon, on });
    this.composedFrom = null; // the words before an input method began
    this.element = make("li", "line");
    this.element.dataset.key = line.key;
    this.chapter = make("input", "line__chapter", { type: "text", maxLength: 20, ariaLabel: words.chapter, placeholder: words.chapter });
    this.time = make("button", "line__time", { type: "button", tabIndex: -1, title: words.play });
    this.mirror = make("div", "line__mirror", { ariaHidden: "true" });
    this.field = make("textarea", "line__field", { rows: 1, maxLength: 120, spellcheck: false, autocomplete: "off" });
    const words_ = make("div", "line__words");
    words_.append(this.mirror, this.field);
    this.speed = make("span", "line__speed");
    this.marks = make("span", "line__marks");
    this.side = make("div", "line__side");
    this.side.append(this.marks, this.speed);
    this.below = make("div", "line__below");
    this.element.append(this.chapter, this.time, words_, this.side, this.below);

    this.field.addEventListener("input", () => on.type(this));
    this.field.addEventListener("focus", () => {
      if (this.isHole) this.field.select(); // what is typed takes the mark's place
      on.enter(this);
    });
    this.field.addEventListener("blur", () => on.leave(this));
    this.field.addEventListener("mousedown", (event) => {
      this.wasFocused = document.activeElement === this.field;
      if (!this.isHole) return;
      event.preventDefault(); // or a click on what is chosen unchooses it
      this.field.focus({ preventScroll: true });
      this.field.select();
    });
    this.field.addEventListener("click", (event) => { if (!this.wasFocused) this.chooseAt(event); });
    this.field.addEventListener("compositionstart", () => { this.composing = true; this.composedFrom = this.line.text; });
    this.field.addEventListener("compositionend", () => { this.composing = false; on.type(this); });
    this.chapter.addEventListener("input", () => on.name(this));
    this.time.addEventListener("click", () => on.play(this));
    this.draw();
  }

  // Somebody speaks there, and the machine has no words for it.
  get isHole() { return this.line.text === this.rules.unheard; }

  draw() {
    const { line } = this;
    this.element.classList.toggle("line--hole", this.isHole);
    if (this.field.value !== line.text) {
      const { selectionStart } = this.field;
      this.field.value = line.text;
      if (document.activeElement === this.field) this.field.setSelectionRange(selectionStart, selectionStart);
    }
    this.field.setAttribute("aria-label", this.words.line.replace("{time}", clock(line.start)));
    this.chapter.hidden = !line.chapter && document.activeElement !== this.chapter;
    if (this.chapter.value !== line.chapter) this.chapter.value = line.chapter;
    this.time.textContent = clock(line.start).slice(0, -1);
    this.drawMirror();
    this.drawSide();
    this.drawBelow();
  }

  // The same words under the field, so that doubtful ones are lit and the field grows with them.
  drawMirror() {
    const { text, doubts, swaps } = this.line;
    const parts = [];
    let at = 0;
    const isUnlit = ([start, end]) => !doubts.some((span) => span[0] < end && start < span[1]);
    const lit = [...doubts.map((span) => ["doubt", ...span]), ...swaps.filter(isUnlit).map((span) => ["swap", ...span])];
    for (const [kind, start, end, told] of lit.sort((a, b) => a[1] - b[1])) {
      if (start < at || end > text.length) continue;
      parts.push(text.slice(at, start));
      const mark = make("mark", `line__${kind}`, { textContent: text.slice(start, end) });
      if (kind === "doubt") mark.dataset.sure = Math.round(told * 100);
      parts.push(mark);
      at = end;
    }
    parts.push(text.slice(at) + "\u200b");
    this.mirror.replaceChildren(...parts);
  }

  drawSide() {
    const { line, rules } = this;
    const fast = speed(line.text.replace(/\n/g, ""), line.end - line.start);
    this.speed.textContent = fast.toFixed(1);
    this.speed.title = this.words.speed;
    this.speed.classList.toggle("line__speed--bad", fast > rules.refused);
    this.speed.classList.toggle("line__speed--poor", fast > rules.warned && fast <= rules.refused);
    const open = line.problems.filter((code) => !(code in line.waived));
    this.element.classList.toggle("line--broken", open.some((code) => rules.reasons[code].rule));
    this.element.classList.toggle("line--waived", !open.length && line.problems.length > 0);
    const marks = open.filter((code) => code !== "rather_fast").map((code) => {
      const mark = make("span", rules.reasons[code].rule ? "flag flag--rule" : "flag", { textContent: rules.reasons[code].short });
      mark.title = rules.reasons[code].words;
      return mark;
    });
    if (line.doubts.length && !open.includes("doubtful")) marks.push(make("span", "flag", { textContent: rules.reasons.doubtful.short }));
    if (line.seen && line.doubts.length) marks.push(make("span", "flag flag--seen", { textContent: this.words.seen }));
    if (!open.length && line.problems.some((code) => rules.reasons[code].rule)) marks.push(make("span", "flag flag--waived", { textContent: this.words.waived }));
    this.marks.replaceChildren(...marks);
  }

  // A conflict, a refusal, the offer of a new word: each with its own answers.
  drawBelow() {
    const { line, words, on } = this;
    const parts = [];
    if (line.conflict) {
      const box = make("div", "line__note line__note--conflict");
      const said = line.conflict.gone ? words.removedByOther : `${words.changedByOther}「${line.conflict.text.replace(/\n/g, " ")}」`;
      box.append(make("span", "", { textContent: said }));
      for (const [mine, word] of [[true, words.useMine], [false, words.useTheirs]]) {
        box.append(this.button(word, () => on.settle(this, mine)));
      }
      parts.push(box);
    }
    for (const swap of line.swaps) {
      const box = make("div", "line__note line__note--swap");
      const heard = line.text.slice(swap[0], swap[1]);
      box.append(make("span", "", { textContent: words.swap.replace("{heard}", heard).replace("{word}", swap[2]) }));
      box.append(this.button(words.take, () => on.swap(this, swap)));
      parts.push(box);
    }
    if (line.refused) parts.push(make("div", "line__note line__note--refused", { textContent: line.refused }));
    if (line.offer && !line.offer.answered) {
      const box = make("div", "line__note line__note--offer");
      const [before, after] = words.offer.split("{word}");
      box.append(make("span", "", { textContent: before }), make("b", "", { textContent: line.offer.word }), make("span", "", { textContent: after }));
      box.append(this.button(words.remember, () => on.remember(this)), this.button(words.notNow, () => { line.offer.answered = true; this.drawBelow(); }));
      parts.push(box);
    }
    this.below.replaceChildren(...parts);
    this.below.hidden = !parts.length;
  }

  button(word, press) {
    const button = make("button", "line__answer", { type: "button", textContent: word });
    button.addEventListener("click", press);
    return button;
  }

  // The first click into a line takes the character under it (or the doubtful word), so that the
  // right one is simply typed; a second click puts the cursor as ever.
  chooseAt(event) {
    const { field } = this;
    if (field.selectionStart !== field.selectionEnd) return;
    const at = field.selectionStart;
    const doubt = this.line.doubts.find(([start, end]) => start <= at && at <= end && this.isOver(event, start, end));
    if (doubt) {
      field.setSelectionRange(doubt[0], doubt[1]);
      return;
    }
    if (event.pointerType && event.pointerType !== "mouse") return;
    for (const start of [at - 1, at]) {
      const isOne = start >= 0 && start < field.value.length && /[\p{L}\p{N}\p{P}]/u.test(field.value[start]);
      if (isOne && this.isOver(event, start, start + 1)) {
        field.setSelectionRange(start, start + 1);
        return;
      }
    }
  }

  isOver({ clientX, clientY }, start, end) {
    const range = document.createRange();
    let from = 0;
    const walker = document.createTreeWalker(this.mirror, NodeFilter.SHOW_TEXT);
    let isSet = false;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const to = from + node.length;
      if (!isSet && start < to) { range.setStart(node, start - from); isSet = true; }
      if (isSet && end <= to) { range.setEnd(node, end - from); break; }
      from = to;
    }
    return isSet && [...range.getClientRects()].some((box) => box.left <= clientX && clientX <= box.right && box.top <= clientY && clientY <= box.bottom);
  }

  focus(select = null) {
    this.field.focus({ preventScroll: true });
    const end = this.field.value.length;
    this.field.setSelectionRange(...(this.isHole ? [0, end] : select || [end, end]));
    this.show();
  }

  // In the middle third, so that one sees what comes.
  show() {
    const list = this.element.parentElement;
    const scroller = list.closest("[data-scroller]");
    if (scroller.scrollHeight <= scroller.clientHeight + 1) { // a phone: the page itself scrolls
      this.element.scrollIntoView({ block: "center" });
      return;
    }
    const box = this.element.getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    const top = frame.top + frame.height / 4;
    if (box.top < top || box.bottom > frame.bottom - frame.height / 4) scroller.scrollTop += box.top - top;
  }
}
