// The review desk: the film on one side, its lines on the other, every command by key and by button.
import { openDraft } from "../../autosave/draft.js";
import { CONFLICT } from "../../autosave/protocol.js";
import { startFiles, toldBefore } from "./files.js";
import { Film } from "./film.js";
import { listen, listenInLine } from "./keys.js";
import { Lines } from "./lines.js";
import { Look } from "./look.js";
import { parseClock } from "./measures.js";
import { Now } from "./now.js";
import { Row } from "./row.js";
import { Refused, Saving, ask } from "./saving.js";
import { Seen } from "./seen.js";
import { part, splitTime } from "./times.js";

const STEP_MS = 100;
const MOST = 120; // characters in a cue
const FLASH_MS = 1600;

const root = document.querySelector("[data-desk]");
const start = JSON.parse(document.getElementById("desk-start").textContent);
const { rules, words } = start;
const draft = await openDraft(`subtitle-desk:${start.track}:`);
const find = (name) => root.querySelector(`[data-${name}]`);
const list = find("lines-list");
const rows = new Map(); // by key
const look = new Look({ rules, words });
let current = null; // the line that the person is in, or was last

const lines = new Lines(start.cues, (changed) => { drawLines(changed); saving.soon(); });
const rowOf = (line) => line && rows.get(line.key);
const isTyping = () => document.activeElement.matches(".line__field, .line__chapter");

// --- Drawing

function drawLines(changed = lines.order) {
  let at = list.firstElementChild;
  for (const line of lines.order) {
    if (!rows.has(line.key)) rows.set(line.key, new Row(line, { rules, words, on }));
    const { element } = rows.get(line.key);
    if (element === at) at = at.nextElementSibling;
    else list.insertBefore(element, at);
  }
  while (at) {
    const next = at.nextElementSibling;
    rows.delete(Number(at.dataset.key));
    at.remove();
    at = next;
  }
  for (const line of changed) {
    const row = rowOf(line);
    if (!row || line.gone) continue;
    row.draw();
    if (line.byOther) {
      line.byOther = false;
      row.element.classList.add("line--flash");
      setTimeout(() => row.element.classList.remove("line--flash"), FLASH_MS);
    }
  }
  filter();
  drawLeft();
  now.draw(current && !current.gone ? current : null);
  film.tick();
}

function filter() {
  const only = find("only").checked;
  for (const line of lines.order) rowOf(line).element.hidden = only && line !== current && !look.isNeeded(line);
}

function drawLeft() { find("left").textContent = look.left(lines.order); }

function say(message) {
  const box = find("message");
  box.textContent = message;
  box.hidden = !message;
  clearTimeout(say.timer);
  if (message) say.timer = setTimeout(say, 8000, "");
}

// --- What the lines tell

function enter(line) {
  if (current && current !== line) rowOf(current)?.element.classList.remove("line--current");
  current = line;
  rowOf(line).element.classList.add("line--current");
  seen.note(line);
  if (!film.playing) film.goTo(line.start);
  now.draw(line);
}

const on = {
  type(row) {
    if (row.composing) { // shown at once, kept when the word is chosen
      row.line.text = row.field.value;
      row.drawMirror();
      return;
    }
    if (row.composedFrom !== null) row.line.text = row.composedFrom;
    row.composedFrom = null;
    lines.change([[row.line, { text: row.field.value }]], `text-${row.line.key}`);
  },
  name(row) { lines.change([[row.line, { chapter: row.chapter.value }]], `chapter-${row.line.key}`); },
  enter: (row) => enter(row.line),
  leave(row) { if (row.line.text.trim()) saving.soon(); },
  play(row) { film.playLine(row.line); enter(row.line); },
  settle(row, mine) { saving.settle(row.line, mine); row.focus(); },
  remember: (row) => remember(row.line),
  swap: (row, swap) => takeSwap(row.line, swap),
};

function go(by, column = null) {
  let line = lines.next(current, by);
  while (line && rowOf(line).element.hidden) line = lines.next(line, by);
  if (!line) return;
  const text = line.text;
  const first = by < 0 ? text.lastIndexOf("\n") + 1 : 0;
  const at = column === null ? text.length : Math.min(first + column, text.length);
  rowOf(line).focus([at, at]);
}

list.addEventListener("keydown", (event) => {
  const row = event.target.matches(".line__field") && rows.get(Number(event.target.closest(".line").dataset.key));
  if (row) listenInLine(event, row, { go, merge: (by) => joined(by < 0 ? lines.next(current, -1) : current) });
  else if (event.target.matches(".line__chapter") && event.key === "Enter") rowOf(current)?.focus();
});

// --- Commands

function split() {
  const { field } = rowOf(current);
  const { text, start: begins, end } = current;
  const at = field.selectionStart;
  const [head, tail] = [text.slice(0, at).trim(), text.slice(at).trim()];
  if (!head || !tail) return say(words.cannotSplit);
  const middle = splitTime(current, at, film.playing ? null : film.now);
  const fresh = lines.fresh();
  const tailFrom = text.indexOf(tail, at);
  lines.change([
    [current, { text: head, end: Math.max(begins + 1, middle - rules.gap) }],
    [fresh, {
      start: middle, end, text: tail, chapter: "",
      doubts: part(current.doubts, tailFrom, text.length), times: part(current.times, tailFrom, text.length),
    }],
  ], `split-${fresh.key}`);
  fresh.seen = current.seen;
  return rowOf(current).focus(); // where merging takes it back
}

// `line` takes the next one in; true unless there is none.
function joined(line) {
  const after = line && lines.next(line);
  if (!after) {
    if (line) say(words.lastLine);
    return false;
  }
  if (lines.isSplit(line, after)) {
    const at = line.text.length;
    lines.undo();
    rowOf(line).focus([at, at]);
    return true;
  }
  const [a, b] = [line.text.trim(), after.text.trim()];
  const one = a.replace(/\n/g, "") + b.replace(/\n/g, "");
  const half = a.replace(/\n/g, "").length;
  const text = one.length <= rules.lineWidth ? one : `${one.slice(0, half)}\n${one.slice(half)}`;
  if (text.length > MOST) {
    say(words.tooLong);
    return true;
  }
  lines.change([[line, { text, end: Math.max(line.end, after.end), chapter: line.chapter || after.chapter }], [after, null]]);
  rowOf(line).focus([half, half]);
  return true;
}

function shift(from, by) {
  const first = from === "all" ? lines.place(current) : null;
  const moved = first === null ? [current] : lines.order.slice(first);
  const least = Math.min(...moved.map((line) => line.start));
  const step = Math.max(by, -least);
  lines.change(moved.map((line) => [line, { start: line.start + step, end: line.end + step }]), `shift-${from}-${current.key}`);
}

function lookAt(by) {
  const place = current ? lines.place(current) : by > 0 ? -1 : lines.order.length;
  const field = current && rowOf(current).field;
  if (by > 0 && field === document.activeElement) {
    const next = look.places(current).find(([begins]) => begins >= field.selectionEnd);
    if (next) return rowOf(current).focus(next);
  }
  const rest = by > 0 ? lines.order.slice(place + 1) : lines.order.slice(0, Math.max(0, place)).reverse();
  const line = rest.find((one) => look.isNeeded(one));
  if (!line) return say(words.noneLeft);
  rowOf(line).element.hidden = false;
  lookInto(line);
  return film.playLine(line);
}

function lookInto(line) { rowOf(line).focus(look.places(line)[0] || null); }

// The lesson's own word takes the place of one that sounds alike.
function takeSwap(line, swap) {
  if (!swap) return say(words.noSwap);
  const [begins, end, word] = swap;
  lines.change([[line, { text: line.text.slice(0, begins) + word + line.text.slice(end) }]]);
  return rowOf(line).focus([begins + word.length, begins + word.length]);
}

function swapOfCurrent() {
  const { selectionStart } = rowOf(current).field;
  return current.swaps.find(([begins, end]) => begins <= selectionStart && selectionStart <= end) || current.swaps[0];
}

async function sign(what) {
  const line = current;
  await saving.flush();
  if (line.id === null) return;
  try {
    const told = await ask(start.urls.sign, { id: line.id, base: line.revision, what });
    saving.edit = told.edit;
    drawLines(told.cues.map((row) => saving.accept(row)));
  } catch (problem) {
    if (problem instanceof Refused && problem.is === CONFLICT) saving.meet(problem.told);
    else say(problem instanceof Refused ? problem.message : words.failed);
  }
}

async function remember(line) {
  if (!line.offer) return;
  const { word, heard } = line.offer;
  try {
    await ask(start.urls.word, { word, heard });
    for (const one of lines.order) if (one.offer?.word === word) one.offer = null;
    say(words.remembered.replace("{word}", word));
    drawLines();
  } catch (problem) {
    say(problem instanceof Refused ? problem.message : words.failed);
  }
}

function turn(line) {
  if (line) rowOf(line)?.focus();
}

function openChapter() {
  const row = rowOf(current);
  row.chapter.hidden = false;
  row.chapter.focus();
}

const onCurrent = (act) => () => { if (current && !current.gone) act(); };
const commands = {
  play: onCurrent(() => film.playLine(current)),
  toggle: () => film.toggle(),
  nextToLookAt: () => lookAt(1),
  lastToLookAt: () => lookAt(-1),
  split: onCurrent(split),
  merge: onCurrent(() => joined(current)),
  remove: onCurrent(() => {
    const next = lines.next(current) || lines.next(current, -1);
    lines.change([[current, null]]);
    if (next) rowOf(next).focus();
  }),
  chapter: onCurrent(openChapter),
  earlier: onCurrent(() => shift("one", -STEP_MS)),
  later: onCurrent(() => shift("one", STEP_MS)),
  allEarlier: onCurrent(() => shift("all", -STEP_MS)),
  allLater: onCurrent(() => shift("all", STEP_MS)),
  startHere: onCurrent(() => lines.change([[current, { start: film.now }]])),
  endHere: onCurrent(() => lines.change([[current, { end: film.now }]])),
  confirm: onCurrent(() => sign("words")),
  waive: onCurrent(() => sign("rules")),
  undo: () => turn(lines.undo()),
  redo: () => turn(lines.redo()),
  save: () => saving.flush(),
  remember: onCurrent(() => remember(current)),
  takeSwap: onCurrent(() => takeSwap(current, swapOfCurrent())),
};

// --- Beside the lines

const film = new Film(root, {
  lineAt: (ms) => lines.at(ms),
  onTime(line) {
    seen.hear(lines.order, film.played);
    const row = rowOf(line);
    const before = list.querySelector(".line--playing");
    if (before === (row ? row.element : null)) return;
    before?.classList.remove("line--playing");
    row?.element.classList.add("line--playing");
    if (row && film.playing && !isTyping()) row.show();
  },
});

const now = new Now(find("now"), { rules, words, on: { confirm: commands.confirm, waive: commands.waive, takeSwap: commands.takeSwap } });
for (const input of root.querySelectorAll("[data-time]")) {
  const set = () => {
    const ms = parseClock(input.value);
    if (current && Number.isFinite(ms)) lines.change([[current, { [input.dataset.time]: ms }]]);
    now.draw(current);
  };
  input.addEventListener("change", set);
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: STEP_MS, ArrowDown: -STEP_MS }[event.key];
    if (event.key === "Enter") rowOf(current)?.focus();
    if (!by || !current) return;
    event.preventDefault();
    const side = input.dataset.time;
    lines.change([[current, { [side]: Math.max(0, current[side] + by) }]], `${side}-${current.key}`);
  });
}

const seen = new Seen({
  url: start.urls.seen,
  needsEar: (line) => look.needsEar(line),
  onChange(line) {
    rowOf(line)?.draw();
    drawLeft();
  },
});

const saving = new Saving({
  start,
  lines,
  draft,
  isWriting: (line) => Boolean(rowOf(line)?.composing),
  where: () => (isTyping() && current ? current.id : null),
  on: {
    changed: drawLines,
    state(name, told = {}) {
      const box = find("saved");
      box.dataset.is = name;
      box.textContent = told.signedOut ? words.signedOut : told.message && name === "refused" ? told.message : words[name];
      if (told.stateWords) find("state").textContent = told.stateWords;
      if (told.state) find("state").dataset.is = told.state;
    },
    seen: (ids) => seen.learn(ids, lines),
    others(people) {
      find("others").textContent = people.length ? words.others.replace("{names}", people.map((one) => one.name).join("、")) : "";
      for (const row of rows.values()) {
        const here = people.find((one) => one.cue !== null && one.cue === row.line.id);
        row.element.classList.toggle("line--other", Boolean(here));
        if (here) row.element.dataset.other = words.otherHere.replace("{name}", here.name);
      }
    },
  },
});

find("state").dataset.is = start.state;
listen(commands);
for (const button of root.querySelectorAll("[data-act]")) {
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the line keeps its cursor
  button.addEventListener("click", () => commands[button.dataset.act]());
}
find("only").addEventListener("change", filter);

find("finish").addEventListener("click", async () => {
  if (!await saving.flush()) return say(words.conflict);
  await seen.send();
  try {
    const told = await ask(start.urls.finish, {});
    find("state").textContent = told.stateWords;
    find("state").dataset.is = told.state;
    return say(words.finished);
  } catch (problem) {
    say(problem instanceof Refused ? problem.message : words.failed);
    const first = problem instanceof Refused && lines.order.find((line) => String(line.id) in (problem.told.refused || {}));
    if (first) lookInto(first);
    return null;
  }
});

startFiles({ find, saving, words, url: start.urls.import });

drawLines();
say(toldBefore());
const hole = window.location.hash === "#hole" && lines.order.find((line) => look.isHole(line));
if (hole) lookInto(hole);
saving.news();
