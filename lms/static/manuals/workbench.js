// The editor of a manual: what is typed saves itself, parts are moved and pictures marked by hand. Without
// this script the page is one form with buttons.
import { bench, changed, choose, drawn, flush, form, isDirty, keyOf, offerSwaps, onDrawn, restore } from "./saving.js";
import { beginMarking } from "./marking.js";
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

const hasWords = (part) => [...part.querySelectorAll(".field__input")].some((box) => box.value) || part.querySelector(".shot__image");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const verb = event.submitter?.value || "";
  const sure = event.submitter?.dataset.sure;
  if (sure && hasWords(event.submitter.closest("[data-part]")) && !window.confirm(sure)) return;
  flush({ verb });
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

async function bring(part, file) {
  const picture = part.querySelector(".step__picture");
  picture.classList.add("is-bringing");
  picture.querySelector("[data-problem]").hidden = true;
  try {
    await flush({ file: { name: `${part.dataset.part}-file`, blob: file } });
  } finally {
    picture.classList.remove("is-bringing");
  }
}

bench.addEventListener("change", (event) => {
  const [file] = event.target.files || [];
  if (!file) return;
  bring(event.target.closest("[data-part]"), file);
  event.target.value = "";
});

const placeOf = (event) => event.target.closest?.(".step__picture");

bench.addEventListener("dragover", (event) => {
  const place = placeOf(event);
  if (!place || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  place.querySelector("[data-drop]")?.classList.add("bring--over");
});
bench.addEventListener("dragleave", (event) => placeOf(event)?.querySelector("[data-drop]")?.classList.remove("bring--over"));
bench.addEventListener("drop", (event) => {
  const place = placeOf(event);
  const [file] = event.dataTransfer.files;
  if (!place || !file) return;
  event.preventDefault();
  bring(place.closest("[data-part]"), file);
});

onDrawn(begin);
drawn();
restore();
