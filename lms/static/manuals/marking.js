// The frame that marks a place on a step's picture, drawn by hand. Its four numbers are the truth.
import { BoxBoard } from "../js/box-board.js";
import { bench, form } from "./saving.js";

const SIDES = ["x", "y", "w", "h"];

function boxesOf(screen) {
  return SIDES.map((side) => form.elements[`${screen.dataset.board}-marker_${side}`]);
}

function read(screen) {
  const values = boxesOf(screen).map((box) => box.value);
  return Object.fromEntries(SIDES.map((side, index) => [side, Number(values[index]) || 0]));
}

function write(screen, numbers) {
  boxesOf(screen).forEach((box, index) => {
    box.value = numbers ? numbers[SIDES[index]] : "";
  });
  boxesOf(screen)[0].dispatchEvent(new Event("input", { bubbles: true }));
}

function show(screen) {
  const numbers = read(screen);
  screen.board.place(screen.marker, numbers);
  screen.marker.setAttribute("aria-label", SIDES.map((side) => numbers[side]).join(" "));
}

function begin(screen) {
  const owner = {
    read: () => read(screen),
    write: (_box, numbers) => write(screen, numbers),
    add: (numbers) => write(screen, numbers),
  };
  screen.board = new BoxBoard(screen, "shot", owner);
  screen.marker = screen.board.newBox();
  screen.marker.addEventListener("keydown", (event) => {
    if (event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    write(screen, null);
  });
  show(screen);
}

export function beginMarking() {
  bench.querySelectorAll("[data-board]").forEach(begin);
}

bench.addEventListener("input", (event) => {
  const key = event.target.name?.match(/^(.*)-marker_[xywh]$/)?.[1];
  const screen = key && bench.querySelector(`[data-board="${CSS.escape(key)}"]`);
  if (screen) show(screen);
});
