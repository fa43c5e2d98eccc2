// Parts are put in order by dragging their handles, or by the arrow keys on them; steps go from task to
// task as well.
import { bench, flush } from "./saving.js";

const EDGE = 90; // pixels from the window's edge where it begins to scroll

const like = (part) => [...part.parentElement.children].filter((other) => other.dataset.sorts === part.dataset.sorts);

// A step that is held over another task stands in it.
function carryOver(part, middle) {
  if (!part.matches(".step")) return;
  for (const list of bench.querySelectorAll(".steps")) {
    const { top, bottom } = list.closest(".task").getBoundingClientRect();
    if (list === part.parentElement || middle < top || middle > bottom) continue;
    if (part.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING) list.prepend(part);
    else list.append(part);
    part.dataset.sorts = list.dataset.sortable;
    return;
  }
}

function drag(event) {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  handle.focus();
  const part = handle.closest("[data-sorts]");
  const from = part.parentElement;
  const before = like(part).indexOf(part);
  const grip = event.clientY - part.getBoundingClientRect().top; // where the hand holds it
  let hand = event.clientY;
  let frame = 0;
  part.classList.add("is-dragged");
  bench.classList.add("is-sorting");

  function follow() {
    if (hand < EDGE) window.scrollBy(0, (hand - EDGE) / 6);
    if (hand > innerHeight - EDGE) window.scrollBy(0, (hand - innerHeight + EDGE) / 6);
    part.style.transform = "";
    const top = hand - grip;
    const middle = top + part.offsetHeight / 2;
    carryOver(part, middle);
    for (const other of like(part)) {
      if (other === part) continue;
      const { top: begins, height } = other.getBoundingClientRect();
      const isAfter = part.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isAfter && middle > begins + height / 2) other.after(part);
      else if (!isAfter && middle < begins + height / 2) {
        other.before(part);
        break;
      }
    }
    part.style.transform = `translateY(${top - part.getBoundingClientRect().top}px)`;
    frame = requestAnimationFrame(follow);
  }

  const moving = (next) => { hand = next.clientY; };
  function end(next) {
    cancelAnimationFrame(frame);
    handle.removeEventListener("pointermove", moving);
    handle.removeEventListener("pointerup", end);
    handle.removeEventListener("pointercancel", end);
    part.style.transform = "";
    part.classList.remove("is-dragged");
    bench.classList.remove("is-sorting");
    const after = like(part).indexOf(part);
    const list = part.parentElement;
    if (next.type === "pointercancel" || (list === from && after === before)) return;
    const place = list === from ? after : `${list.dataset.sortable}:${after}`;
    flush({ verb: `${list === from ? "to" : "into"}:${part.dataset.part}:${place}` });
  }

  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", moving);
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
  follow();
}

bench.addEventListener("pointerdown", drag);
bench.addEventListener("keydown", (event) => {
  const handle = event.target.closest("[data-handle]");
  const verb = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!handle || !verb) return;
  event.preventDefault();
  flush({ verb: `${verb}:${handle.closest("[data-part]").dataset.part}` });
});
