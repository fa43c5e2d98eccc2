// The lines as they stand in this browser, and every step back. A line has a key of its own here,
// which outlives its row on the server when it is removed and brought back.

const ONE_BURST_MS = 1500; // typing in one line without a longer break is undone at once

export const OWN = ["start", "end", "text", "chapter"];
// What is known of single words, [from, to, ...] each: it moves with them.
const OF_WORDS = ["doubts", "times", "swaps"];

export function own(line) {
  return line && Object.fromEntries(OWN.map((field) => [field, line[field]]));
}

export function known(line) {
  return Object.fromEntries(OF_WORDS.map((field) => [field, line[field]]));
}

export function same(a, b) {
  return a === b || Boolean(a && b && OWN.every((field) => a[field] === b[field]));
}

// Whether the server keeps `mine` as `row`: it takes the blanks off.
export function alike(mine, row) {
  const tidy = (text) => text.split("\n").map((part) => part.trim()).filter(Boolean).join("\n");
  return same({ ...own(mine), text: tidy(mine.text), chapter: mine.chapter.trim() }, own(row));
}

export class Lines {
  constructor(rows, onChange) {
    this.all = new Map();
    this.order = [];
    this.done = [];
    this.undone = [];
    this.nextKey = 1;
    this.onChange = onChange;
    for (const row of rows) this.take(row);
    this.sort();
  }

  // A row of the server becomes a line, or renews one.
  take(row, line = this.byId(row.id)) {
    const fresh = line || { key: this.nextKey++, gone: false };
    Object.assign(fresh, row, { saved: own(row), sent: null, conflict: null, refused: "" });
    this.all.set(fresh.key, fresh);
    return fresh;
  }

  byId(id) {
    if (id === null) return undefined;
    for (const line of this.all.values()) if (line.id === id) return line;
    return undefined;
  }

  sort() {
    this.order = [...this.all.values()].filter((line) => !line.gone).sort((a, b) => a.start - b.start || a.key - b.key);
  }

  at(ms) { return this.order.find((line) => line.start <= ms && ms < line.end) || null; }

  place(line) { return this.order.indexOf(line); }

  next(line, by = 1) { return this.order[this.place(line) + by] || null; }

  isDirty(line) { return !same(line.gone ? null : own(line), line.saved); }

  get dirty() { return [...this.all.values()].filter((line) => this.isDirty(line)); }

  // What a person does: [line, what it becomes (null: nothing)] each; a new line has no `saved`.
  change(steps, burst = "") {
    const made = steps.map(([line, after]) => ({
      key: line.key, before: line.gone || line.fresh ? null : { ...own(line), ...known(line) }, after: after && { ...own(line), ...after },
    })).filter((step) => !same(step.before, step.after));
    if (!made.length) return;
    const last = this.done[this.done.length - 1];
    const now = Date.now();
    if (burst && last && last.burst === burst && now - last.at < ONE_BURST_MS && last.steps.length === made.length) {
      last.steps.forEach((step, i) => { step.after = made[i].after; });
      last.at = now;
    } else this.done.push({ steps: made, burst, at: now });
    this.undone = [];
    this.apply(made, "after");
  }

  fresh() {
    const line = {
      key: this.nextKey++, id: null, revision: 0, start: 0, end: 0, text: "", chapter: "", doubts: [], times: [], swaps: [], problems: [],
      waived: {}, seen: false, offer: null, saved: null, sent: null, gone: true, fresh: true, conflict: null, refused: "",
    };
    this.all.set(line.key, line);
    return line;
  }

  apply(steps, side) {
    for (const step of steps) {
      const line = this.all.get(step.key);
      const to = step[side];
      line.gone = to === null;
      line.fresh = false;
      if (to) Object.assign(line, ...OF_WORDS.map((field) => ({ [field]: moved(line.text, to.text, line[field]) })), to);
      line.refused = "";
    }
    this.sort();
    this.onChange(steps.map((step) => this.all.get(step.key)));
  }

  undo() { return this.turn(this.done, this.undone, "before"); }

  // Whether the last thing done was to split `line` from `after`.
  isSplit(line, after) {
    const last = this.done[this.done.length - 1];
    return Boolean(last) && last.burst === `split-${after.key}` && last.steps[0].key === line.key;
  }

  redo() { return this.turn(this.undone, this.done, "after"); }

  // The line to look at afterwards; null when there was nothing to turn back.
  turn(from, to, side) {
    const entry = from.pop();
    if (!entry) return null;
    to.push({ ...entry, burst: "" });
    this.apply(entry.steps, side);
    const keys = entry.steps.map((step) => this.all.get(step.key));
    return keys.find((line) => !line.gone) || null;
  }
}

// The words that were not touched, where they are now, until the server says it.
function moved(before, after, spans) {
  if (before === after) return spans;
  let head = 0;
  while (head < Math.min(before.length, after.length) && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const by = after.length - before.length;
  return spans.flatMap(([start, end, ...told]) => {
    if (end <= head) return [[start, end, ...told]];
    if (start >= before.length - tail) return [[start + by, end + by, ...told]];
    return [];
  });
}
