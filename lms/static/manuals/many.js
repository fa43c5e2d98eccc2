// Many steps at once: lines that were written elsewhere, and pictures of the organisation's library.
import { bench, changed, flush, form, word } from "./saving.js";

const linesOf = (text) => text.split(/\r?\n/).filter((line) => line.trim() !== "");

// --- Pasted lines ---

function button(words, className) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button button--small ${className}`;
  made.textContent = words;
  return made;
}

// What was pasted is not put into the box, which holds one sentence, before one says how.
function offer(box, text) {
  const key = box.name.slice(0, box.name.lastIndexOf("-"));
  const place = bench.querySelector(`[data-paste-place="${CSS.escape(key)}"]`);
  const lines = linesOf(text);
  const told = document.createElement("div");
  told.className = "pasted";
  told.setAttribute("role", "group");
  const words = document.createElement("p");
  words.className = "pasted__words";
  words.textContent = word("pasted").replace("%s", lines.length);
  const shown = document.createElement("p");
  shown.className = "pasted__lines";
  shown.textContent = lines.join("\n");
  const kept = document.createElement("textarea");
  kept.className = "pasted__text";
  kept.name = `${key}-lines`;
  kept.value = text;
  const [start, end] = [box.selectionStart, box.selectionEnd];
  const many = button(word("steps").replace("%s", lines.length), "button--main");
  const one = button(word("one"), "");
  many.addEventListener("click", () => {
    changed(key);
    flush({ verb: `lines:${key}` });
  });
  one.addEventListener("click", () => {
    box.setRangeText(lines.join(""), start, end, "end");
    told.remove();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
  told.append(words, shown, kept, many, one);
  place.replaceChildren(told);
  many.focus();
}

bench.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") || "";
  if (!event.target.matches(".box-field--main textarea") || linesOf(text).length < 2) return;
  event.preventDefault();
  offer(event.target, text);
});

bench.addEventListener("input", (event) => {
  if (!event.target.matches("[data-lines]")) return;
  const way = event.target.parentElement.querySelector("[data-lines-button]");
  way.dataset.empty = way.dataset.empty || way.textContent;
  const count = linesOf(event.target.value).length;
  way.textContent = count > 0 ? way.dataset.wordSteps.replace("%s", count) : way.dataset.empty;
});

// --- The library ---

let room = null; // the dialog, once it was opened

async function show(url) {
  const answer = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok || answer.redirected) return window.location.assign(url);
  room.replaceChildren(button(word("close"), "library-room__close"));
  room.insertAdjacentHTML("beforeend", await answer.text());
  if (!room.open) room.showModal();
  return undefined;
}

function openRoom(link) {
  if (!room) {
    room = document.createElement("dialog");
    room.className = "library-room";
    document.body.append(room);
    room.addEventListener("submit", (event) => {
      event.preventDefault();
      room.close();
      flush({ verb: event.submitter.value });
    });
    room.addEventListener("click", (event) => {
      const page = event.target.closest("a[data-library]");
      if (event.target.closest(".library-room__close") || event.target === room) room.close();
      if (!page) return;
      event.preventDefault();
      show(new URL(page.getAttribute("href"), room.dataset.at).href);
    });
  }
  room.dataset.at = link.href;
  show(link.href);
}

form.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-library]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // the desk's own way of following links
  openRoom(link);
});
