// When what stands in a line is said: the machine's times of its words, [from, to, start, end] each.

const SAID = /[\p{L}\p{N}]/u;

const STEP_MS = 100;

// Milliseconds at which the second half of a line begins that is split at the place `at`: as the
// machine heard it; where nobody knows, where the film stands (null: it plays), or in proportion.
export function splitTime(line, at, filmMs) {
  const { text, start, end } = line;
  const known = timeAt(line, at);
  if (known !== null) return Math.max(start + 1, Math.min(known, end - 1));
  if (filmMs !== null && filmMs > start + STEP_MS && filmMs < end - STEP_MS) return filmMs;
  const length = (part_) => part_.trim().length;
  const head = length(text.slice(0, at));
  return Math.round(start + ((end - start) * head) / (head + length(text.slice(at))));
}

// Milliseconds at which the words after the place `at` begin; null where no machine told the times.
// Between words that a person wrote it shares the time out by characters.
function timeAt({ text, times, start, end }, at) {
  if (!times.length) return null;
  const inside = times.find(([from, to]) => from < at && at < to);
  if (inside) return between(inside, at);
  const before = times.filter(([, to]) => to <= at).pop();
  const after = times.find(([from]) => from >= at);
  if (after && !SAID.test(text.slice(at, after[0]))) return after[2];
  if (before && !SAID.test(text.slice(before[1], at))) return before[3];
  return between([before ? before[1] : 0, after ? after[0] : text.length, before ? before[3] : start, after ? after[2] : end], at);
}

function between([from, to, start, end], at) {
  return Math.round(start + ((end - start) * (at - from)) / (to - from));
}

// Of `spans` those that lie from `from` to `to`, counted from there.
export function part(spans, from, to) {
  return spans.filter((span) => from <= span[0] && span[1] <= to).map(([start, end, ...known]) => [start - from, end - from, ...known]);
}
