// The editor of a manual: what is typed saves itself, parts are moved and pictures marked by hand. Without
// this script the page is one form with buttons.
import { bench, changed, choose, drawn, flush, form, isDirty, keyOf, offerSwaps, onDrawn, restore, word } from "./saving.js";
import { beginMarking } from "./marking.js";
import "./many.js";
import "./sorting.js";

const GOOD = 25; // characters of a step, as in lms/manuals/readability/rules.py
const MOST = 40;

document.documentElement.classList.add("has-script");

// --- Boxes ---

function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

function count(box) {
  const field = box.closest(".box-field--main");
  if (!field) return;
  const place = field.querySelector(".count") || field.appendChild(document.createElement("span"));
  const length = [...box.value.replace(/\s/g, "")].length;
  place.className = `count${length > MOST ? " count--most" : length > GOOD ? " count--more" : ""}`;
  place.textContent = length > 0 ? `${length}/${length > MOST ? MOST : GOOD}` : "";
}

function begin() {
  bench.querySelectorAll("textarea").forEach(grow);
  bench.querySelectorAll(".box-field--main textarea").forEach(count);
  beginMarking();
  offerSwaps();
}

form.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.name || box.type === "file") return;
  if (box.tagName === "TEXTAREA") grow(box);
  count(box);
  const [key, field] = [keyOf(box.name), box.name.slice(box.name.lastIndexOf("-") + 1)];
  if (field === "title") form.querySelectorAll(`[data-title-of="${CSS.escape(key)}"]`).forEach((place) => { place.textContent = box.value; });
  changed(key);
});

// A sentence has no lines: Enter goes on to the next box.
bench.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches(".field__input")) return;
  event.preventDefault();
  const boxes = [...bench.querySelectorAll(".field__input")].filter((box) => box.offsetParent);
  boxes[boxes.indexOf(event.target) + 1]?.focus();
});

// --- Buttons ---

// A step is cut where the caret last was in its words.
const carets = {};
bench.addEventListener("focusout", (event) => {
  if (event.target.matches(".box-field--main textarea")) carets[keyOf(event.target.name)] = event.target.selectionStart;
});

function verbOf(button) {
  const key = button?.dataset.split;
  const words = key && form.elements[`${key}-words`].value;
  const at = carets[key];
  if (!key || !at || at >= words.length) return button?.value || "";
  return `${button.value}:${[...words.slice(0, at).replace(/\s+/g, " ").trimStart()].length}`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  button?.closest("details.more")?.removeAttribute("open");
  const verb = verbOf(button);
  const [name, key] = verb.split(":");
  if (name === "lines") changed(key); // what stands in its box has to go along
  flush({ verb });
});

document.addEventListener("click", (event) => {
  for (const menu of form.querySelectorAll("details.more[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && form.querySelector("details.more[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

form.addEventListener("click", async (event) => {
  const swap = event.target.closest("[data-swap]");
  const keep = event.target.closest("[data-keep]");
  const link = event.target.closest("a[href]");
  if (swap) {
    const box = form.elements[swap.dataset.swap];
    const { found, instead } = swap.dataset;
    const start = Number(swap.dataset.start);
    box.value = box.value.slice(0, start) + instead + box.value.slice(start + found.length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    flush();
  } else if (keep) {
    choose(keep);
  } else if (link && isDirty() && !link.getAttribute("href").startsWith("#") && !event.ctrlKey && !event.metaKey) {
    event.preventDefault(); // the next page is to show what was just typed
    await flush();
    window.location.assign(link.href);
  }
});

// --- Pictures ---

async function bring(place, files) {
  place.classList.add("is-bringing");
  try {
    await flush({ files });
  } finally {
    place.classList.remove("is-bringing");
  }
}

function bringOne(part, blob) {
  part.querySelector("[data-problem]").hidden = true;
  bring(part.querySelector(".step__picture"), [{ name: `${part.dataset.part}-file`, blob }]);
}

function bringMany(task, blobs) {
  form.querySelector("[data-state]").textContent = word("bringing").replace("%s", blobs.length);
  bring(task.querySelector(".many"), blobs.map((blob) => ({ name: `${task.dataset.part}-files`, blob })));
}

bench.addEventListener("change", (event) => {
  const files = [...(event.target.files || [])];
  if (files.length === 0) return;
  if ("bringsMany" in event.target.dataset) bringMany(event.target.closest(".task"), files);
  else bringOne(event.target.closest("[data-part]"), files[0]);
  event.target.value = "";
});

// Several dropped at once go to the steps of the task that have none.
const placeOf = (event) => event.target.closest?.(".step__picture, .many");

bench.addEventListener("dragover", (event) => {
  const place = placeOf(event);
  if (!place || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  place.querySelector("[data-drop]")?.classList.add("bring--over");
});
bench.addEventListener("dragleave", (event) => placeOf(event)?.querySelector("[data-drop]")?.classList.remove("bring--over"));
bench.addEventListener("drop", (event) => {
  const place = placeOf(event);
  const files = [...event.dataTransfer.files];
  if (!place || files.length === 0) return;
  event.preventDefault();
  place.querySelector("[data-drop]")?.classList.remove("bring--over");
  if (files.length === 1 && place.matches(".step__picture")) bringOne(place.closest("[data-part]"), files[0]);
  else bringMany(place.closest(".task"), files);
});

onDrawn(begin);
drawn();
restore();
