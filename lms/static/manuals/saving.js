// What is typed is sent when the hands rest, only the parts that changed, one letter after another.
// Until the server has it, it lies in this browser as well, so that nothing is lost with the network.
import { Autosave } from "../autosave/autosave.js";
import { openDraft } from "../autosave/draft.js";
import { CONFLICT, OFFLINE, SAVED, SIGNED_OUT, post } from "../autosave/protocol.js";

export const form = document.querySelector("[data-draft]");
export const bench = form.querySelector("[data-bench]");
export const word = (name) => form.dataset[`word${name[0].toUpperCase()}${name.slice(1)}`];
export const partOf = (key) => bench.querySelector(`[data-part="${CSS.escape(key)}"]`);

const REST_MS = 500; // after the last key
const PLACE = `workbench:${form.dataset.who}:${form.dataset.draft}:`;

const dirty = new Set(); // keys of parts whose words the server has not got
const wrong = new Set(); // keys of parts of which it refused something
const listeners = []; // called when the page was drawn anew
let draft = { keep() {} }; // until what waits in this browser has been looked at
let sealed = false;
const autosave = new Autosave({ restMs: REST_MS, send, hasMore: () => isDirty() && !sealed });

export const onDrawn = (listener) => listeners.push(listener);
export const drawn = () => listeners.forEach((listener) => listener());
export const keyOf = (name) => name.slice(0, name.lastIndexOf("-"));

// --- What the page says ---

const boxesOf = (key) => [...form.elements].filter((box) => box.name && keyOf(box.name) === key && box.type !== "file");

function valuesOf(key) {
  return Object.fromEntries(boxesOf(key).map((box) => [box.name, box.value]));
}

function setValues(values) {
  for (const [name, value] of Object.entries(values)) {
    const box = form.elements[name];
    if (box) box.value = value;
  }
}

const sameWords = (one, other) => Object.keys(one).every((name) => name.endsWith("-seen") || one[name] === other[name]);

function say(name) {
  const state = form.querySelector("[data-state]");
  state.textContent = name ? word(name) : "";
  state.classList.toggle("writing__state--wrong", ["offline", "wrong", "out", "broken", "sealed"].includes(name));
}

export function notice(words, { link = "", more = "" } = {}) {
  const place = form.querySelector("[data-notices]");
  if ([...place.children].some((old) => old.firstChild.textContent === words + more)) return;
  const line = document.createElement("div");
  line.className = "notice";
  line.setAttribute("role", "status");
  const told = document.createElement("span");
  told.className = "notice__words";
  told.textContent = words + more;
  line.append(told);
  if (link) {
    const way = document.createElement("a");
    way.href = location.pathname;
    way.textContent = link;
    line.append(way);
  }
  place.append(line);
}

// --- What lies in this browser ---

function stash() {
  draft.keep([...dirty].map((key) => ({ id: key, values: valuesOf(key) })));
}

export async function restore() {
  draft = await openDraft(PLACE);
  const found = dirty.size;
  for (const { id: key, values } of draft.waiting) {
    if (!partOf(key)) {
      notice(word("gone"), { more: Object.entries(values).filter(([name]) => !name.endsWith("-seen")).map(([, value]) => value).filter(Boolean).join("；") });
    } else if (!dirty.has(key) && !sameWords(values, valuesOf(key))) {
      setValues(values); // with the mark of what he had before his eyes then
      dirty.add(key);
    }
  }
  stash();
  if (dirty.size === found) return;
  notice(word("found"));
  flush();
}

// --- Sending ---

export function changed(key) {
  if (sealed) return;
  dirty.add(key);
  stash();
  say("waiting");
  autosave.soon();
}

export function isDirty() {
  return dirty.size > 0;
}

// Sends what is unsaved, with one thing to do (a button's value) or files, if there are any.
export function flush(what = {}) {
  return autosave.flush(what);
}

async function send({ verb = "", files = [], leaving = false }) {
  if (sealed || (dirty.size === 0 && !verb && files.length === 0)) return { is: SAVED };
  const sent = Object.fromEntries([...dirty].map((key) => [key, valuesOf(key)]));
  const body = new FormData();
  for (const values of Object.values(sent)) for (const [name, value] of Object.entries(values)) body.append(name, value);
  if (verb) body.append("do", verb);
  for (const file of files) body.append(file.name, file.blob);
  say("saving");
  const outcome = await post(location.pathname, body, { leaving });
  if (outcome.is === SAVED) apply(outcome.told, sent, verb);
  else if (outcome.is === CONFLICT) seal();
  else if (outcome.is === SIGNED_OUT) say("out");
  // The words are sent again by and by; a button is for the hand to press again.
  else say(outcome.is === OFFLINE && dirty.size > 0 ? "offline" : "broken");
  return outcome;
}

function seal() {
  sealed = true;
  say("sealed");
  notice(word("sealed"), { link: word("look") });
}

// --- What the server answers ---

function apply(told, sent, verb) {
  const refused = new Set(Object.keys(told.refused).map(keyOf));
  for (const [key, values] of Object.entries(sent)) {
    wrong.delete(key);
    if (sameWords(values, valuesOf(key)) && !refused.has(key) && !(key in told.conflicts)) dirty.delete(key);
  }
  if (told.draft !== null) draw(told, sent, verb);
  else if (!settle(told, sent)) notice(word("changed"), { link: word("look") });
  showComplaints(told, sent);
  showAdvice(told);
  if (/^(undo|remove):/.test(verb)) form.querySelector("[data-undo] button")?.focus({ preventScroll: true });
  for (const key of told.gone) if (sent[key]) notice(word("gone"), { more: Object.values(sent[key]).slice(1).join("；") });
  if (told.message) notice(told.message);
  stash();
  say(wrong.size > 0 ? "wrong" : dirty.size > 0 ? "waiting" : "saved");
}

// Notes the new marks. False when a colleague was here: a part that was not sent says otherwise now,
// or there are others.
function settle(told, sent) {
  const shown = [...bench.querySelectorAll("[data-part]")].map((part) => part.dataset.part);
  let same = shown.join() === Object.keys(told.versions).join();
  for (const [key, mark] of Object.entries(told.versions)) {
    const seen = form.elements[`${key}-seen`];
    if (!seen || key in told.conflicts) continue;
    if (key in sent) seen.value = mark;
    else if (seen.value !== mark) same = false;
  }
  return same;
}

function showComplaints(told, sent) {
  for (const key of Object.keys(sent)) {
    for (const place of bench.querySelectorAll(`[data-error^="${CSS.escape(key)}-"]`)) {
      place.textContent = told.refused[place.dataset.error] || "";
      place.hidden = !place.textContent;
      place.closest(".box-field").classList.toggle("box-field--wrong", !place.hidden);
    }
    const theirs = bench.querySelector(`[data-theirs="${CSS.escape(key)}"]`);
    if (theirs && !(key in told.conflicts)) {
      const place = document.createElement("div");
      place.dataset.theirsPlace = key;
      theirs.replaceWith(place);
    }
  }
  for (const name of Object.keys(told.refused)) wrong.add(keyOf(name));
  for (const [key, html] of Object.entries(told.conflicts)) {
    wrong.add(key);
    const place = bench.querySelector(`[data-theirs-place="${CSS.escape(key)}"], [data-theirs="${CSS.escape(key)}"]`);
    if (!place) continue;
    place.outerHTML = html;
    bench.querySelector(`[data-theirs="${CSS.escape(key)}"]`).dataset.mark = told.versions[key];
  }
  for (const place of bench.querySelectorAll("[data-problem]")) {
    const words = told.problems[place.dataset.problem];
    if (words) {
      place.textContent = words;
      place.hidden = false;
    }
  }
}

function showAdvice(told) {
  for (const [key, html] of Object.entries(told.advice)) {
    const place = bench.querySelector(`[data-advice="${CSS.escape(key)}"]`);
    if (place && place.dataset.told !== html) {
      place.innerHTML = html.trim();
      place.dataset.told = html;
    }
    const stops = html.includes("hint-item--stops");
    partOf(key)?.classList.toggle("step--stops", stops && partOf(key).classList.contains("step"));
    bench.querySelector(`[data-step-of="${CSS.escape(key)}"]`)?.classList.toggle("outline__step--stops", stops);
  }
  form.querySelector("[data-tally]").innerHTML = told.tally;
  form.querySelector("[data-undo]").innerHTML = told.undo;
  offerSwaps();
}

// The page as it is now, with what was typed while it was on its way. What was not sent, or met a
// colleague's words, keeps the mark of what he had before his eyes.
function draw(told, sent, verb) {
  const typed = [...dirty].map((key) => {
    const values = valuesOf(key);
    if (key in sent && !(key in told.conflicts)) delete values[`${key}-seen`];
    return values;
  });
  const at = document.activeElement?.name;
  bench.innerHTML = told.draft;
  typed.forEach(setValues);
  drawn();
  const part = told.focus && partOf(told.focus);
  if (part && /^(add-|copy-|split|lines)/.test(verb)) {
    part.querySelector(".field__input").focus({ preventScroll: true });
    part.scrollIntoView({ block: "center", behavior: "smooth" });
  } else if (part && /^(up|down|to|into|join|join-task|picture):/.test(verb)) {
    part.querySelector("[data-handle]").focus({ preventScroll: true });
    part.scrollIntoView({ block: "nearest" });
  } else if (at && form.elements[at] instanceof HTMLElement) {
    form.elements[at].focus({ preventScroll: true });
  }
}

// A word can be put right by a press only while it stands where it was found.
export function offerSwaps() {
  for (const button of bench.querySelectorAll("[data-swap]")) {
    const box = form.elements[button.dataset.swap];
    const { found, start } = button.dataset;
    button.hidden = !box || !box.value.startsWith(found, Number(start));
  }
}

// One's own words, or the colleague's.
export function choose(button) {
  const theirs = button.closest("[data-theirs]");
  const key = theirs.dataset.theirs;
  form.elements[`${key}-seen`].value = theirs.dataset.mark;
  if (button.dataset.keep === "theirs") {
    for (const pair of theirs.querySelectorAll("[data-their-field]")) {
      const box = form.elements[pair.dataset.theirField];
      if (box) box.value = pair.dataset.theirWords;
    }
    drawn();
  }
  dirty.add(key);
  return flush();
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && isDirty()) flush({ leaving: true });
});
