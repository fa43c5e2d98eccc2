// What each key does. By `code`, so that it is the same place on every keyboard, and with an input
// method on; F8 goes from one to the next as in programmers' editors.

const KEYS = [
  ["Ctrl+Enter", "play"], ["F4", "toggle"], ["F8", "nextToLookAt"], ["Shift+F8", "lastToLookAt"], ["F9", "takeSwap"],
  ["Alt+Enter", "split"], ["Alt+KeyJ", "merge"], ["Alt+Backspace", "remove"], ["Alt+KeyC", "chapter"],
  ["Alt+Comma", "earlier"], ["Alt+Period", "later"], ["Alt+Shift+Comma", "allEarlier"], ["Alt+Shift+Period", "allLater"],
  ["Alt+BracketLeft", "startHere"], ["Alt+BracketRight", "endHere"], ["Alt+KeyK", "confirm"], ["Alt+KeyW", "waive"],
  ["Ctrl+KeyZ", "undo"], ["Ctrl+Shift+KeyZ", "redo"], ["Ctrl+KeyY", "redo"], ["Ctrl+KeyS", "save"], ["Alt+KeyR", "remember"],
];

export function listen(commands) {
  const byKey = new Map(KEYS);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method has it
    if (document.querySelector("dialog[open]")) return;
    const keys = [];
    if (event.ctrlKey || event.metaKey) keys.push("Ctrl");
    if (event.altKey) keys.push("Alt");
    if (event.shiftKey) keys.push("Shift");
    const code = event.code === "NumpadEnter" ? "Enter" : event.code;
    const name = byKey.get([...keys, code].join("+"));
    if (!name || (/^(undo|redo)$/.test(name) && event.target.matches("input"))) return;
    event.preventDefault();
    event.stopPropagation();
    commands[name]();
  }, true);
}

// Up, down and Enter go from line to line; Backspace at the beginning and Delete at the end join two.
export function listenInLine(event, row, { go, merge }) {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
  const { field } = row;
  const { selectionStart, selectionEnd, value } = field;
  const isFirst = !value.slice(0, selectionStart).includes("\n");
  const isLast = !value.slice(selectionEnd).includes("\n");
  const isPoint = selectionStart === selectionEnd;
  let done = true;
  if (event.key === "Enter" && !event.shiftKey) go(1);
  else if (event.key === "ArrowUp" && isFirst && !event.shiftKey) go(-1, selectionStart);
  else if (event.key === "ArrowDown" && isLast && !event.shiftKey) go(1, selectionStart - (value.lastIndexOf("\n", selectionStart - 1) + 1));
  else if (event.key === "Backspace" && isPoint && selectionStart === 0) done = merge(-1);
  else if (event.key === "Delete" && isPoint && selectionEnd === value.length) done = merge(1);
  else done = false;
  if (done) event.preventDefault();
}
