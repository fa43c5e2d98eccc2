// One session: the names, one tap each. Rows are made once and then only change, so that neither
// the place on the page nor what is being typed is lost.
import { spaced } from "./numbers.js";
import { listNames, present, say, when, words } from "./words.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const template = document.querySelector("[data-template=learner]");

export const COMES = ["present", "late", "left_early"];
/** What a tap on the name makes of it. */
export const next = (status) => (status === "present" ? "absent" : "present");
/** A lecture, or a class without anybody yet: the number of heads is all that there is to say. */
export const countsHeads = (session) => session.counted || session.learners.length === 0;
export const isClosed = (session) => session.closing || session.state === "closed";
const OPENS_BEFORE_MS = 30 * 60 * 1000; // as the server has it
const opensAt = (session) => new Date(session.starts_at).getTime() - OPENS_BEFORE_MS;
/** Whether it is too long before the session: nothing can be marked yet. */
export const isEarly = (session) => !isClosed(session) && present() < opensAt(session);

let shown = ""; // which rows stand there
const rows = new Map(); // by learner's number
let headcountOf = 0; // whose number stands in the box

function drawRow(learner, mark) {
  const item = template.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(name);
  item.dataset.learner = learner.number;
  part(".learner__name").textContent = learner.name || spaced(learner.card);
  part(".learner__new").hidden = !learner.isNew;
  const more = part(".learner__more");
  more.setAttribute("aria-label", say("more_of", { name: learner.name }));
  const choices = part(".learner__choices");
  const open = (is) => {
    choices.hidden = !is;
    more.setAttribute("aria-expanded", String(is));
  };
  more.addEventListener("click", () => open(choices.hidden));
  part(".learner__mark").addEventListener("click", () => {
    if (item.dataset.closed === "true") open(choices.hidden);
    else mark(learner.number, null, "");
  });
  part(".learner__decide").addEventListener("click", (event) => {
    const status = event.target.closest("[data-status]")?.dataset.status;
    if (!status) return;
    if (item.dataset.closed === "true") open(true);
    else mark(learner.number, status, "");
  });
  choices.addEventListener("click", async (event) => {
    const status = event.target.closest("[data-status]")?.dataset.status;
    if (!status) return;
    const reason = part("input").value.trim();
    const missing = item.dataset.closed === "true" && !reason;
    part(".learner__ask").hidden = !missing;
    part(".learner__ask").textContent = missing ? say("needs_reason") : "";
    if (missing) {
      part("input").focus();
      return;
    }
    if (await mark(learner.number, status, item.dataset.closed === "true" ? reason : "")) {
      part("input").value = "";
      open(false);
    }
  });
  return item;
}

function updateRow(item, learner, closed, early) {
  item.querySelector(".learner__mark").disabled = item.querySelector(".learner__more").disabled = early;
  item.dataset.status = learner.status ?? "unmarked";
  item.dataset.closed = closed;
  item.querySelector(".learner__status").textContent = learner.status ? words.status[learner.status] : early ? "" : say("unmarked");
  item.querySelector(".field").hidden = !closed;
  const said = learner.said ?? [];
  item.querySelector(".learner__differs").hidden = said.length === 0;
  item.querySelector(".learner__said").textContent = said
    .map(({ by, status }) => say("said", { by: by || say("oneself"), status: words.status[status] }))
    .join("");
  item.querySelector(".learner__decide").replaceChildren(
    ...[...new Set(said.map(({ status }) => status))].map((status) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "button", textContent: words.status[status] });
      button.dataset.status = status;
      return button;
    }),
  );
  for (const button of item.querySelectorAll(".learner__choices [data-status]")) {
    button.setAttribute("aria-pressed", String(button.dataset.status === learner.status));
  }
}

function count(session) {
  const statuses = session.learners.map((learner) => learner.status);
  const unmarked = statuses.filter((status) => !status).length;
  const present = statuses.filter((status) => COMES.includes(status)).length;
  return { present, unmarked, away: statuses.length - present - unmarked };
}

/** What is being typed is left alone; what was stored stands there after a restart. */
function drawHeadcount(session, hidden) {
  const box = find("headcount-input");
  const alone = countsHeads(session);
  find("headcount").hidden = hidden;
  find("headcount-label").textContent = say(alone ? "headcount" : "headcount_beside");
  find("headcount-help").hidden = alone;
  if (headcountOf !== session.id || document.activeElement !== box) box.value = session.headcount ?? "";
  headcountOf = session.id;
}

/** `mark(number, status or null for the next, reason)` answers whether it was stored. */
export function drawLearners(session, mark) {
  const list = find("learners");
  const wanted = JSON.stringify([session.id, session.learners.map(({ number, name, isNew }) => [number, name, isNew])]);
  if (wanted !== shown) {
    rows.clear();
    for (const learner of session.learners) rows.set(learner.number, drawRow(learner, mark));
    list.replaceChildren(...rows.values());
    shown = wanted;
  }
  const [closed, early] = [isClosed(session), isEarly(session)];
  for (const learner of session.learners) updateRow(rows.get(learner.number), learner, closed, early);

  const counts = count(session);
  find("is-closed").hidden = !closed;
  drawHeadcount(session, closed || early);
  find("ways").hidden = Boolean(session.counted) || early;
  find("scan-open").hidden = closed;
  find("counts").textContent = session.learners.length > 0 && !early ? say("counts", counts) : "";
  find("dock-buttons").hidden = closed || early;
  const all = find("all-present");
  all.hidden = counts.unmarked === 0;
  all.textContent = counts.unmarked === session.learners.length ? say("all_present") : say("rest_present");
  find("early").hidden = !early;
  find("early").textContent = say("not_yet", { when: when(opensAt(session)) });
  if (counts.unmarked === 0) find("rest").hidden = true;
  return counts;
}

/** Ask what the rest are, whom nobody has marked. */
export function askAboutTheRest(session) {
  const names = session.learners.filter((learner) => !learner.status).map((learner) => learner.name || spaced(learner.card));
  find("rest-words").textContent = say("rest_unmarked", { count: names.length, names: listNames(names) });
  find("rest").hidden = false;
}
