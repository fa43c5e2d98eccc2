// The roll's page: reads what the phone keeps, draws it, adds events, and sees to their sending.
import { askWhichMeets, closeMeeting, drawClasses } from "./classes.js";
import { COMES, askAboutTheRest, countsHeads, drawLearners, isClosed, isEarly, next } from "./learners.js";
import { drawReadOuts } from "./read_outs.js";
import { closeScanner, scan } from "./scanning.js";
import * as store from "./store.js";
import { NoAnswer, SignInNeeded, greet, signOut, sync } from "./sync.js";
import { addTick } from "./ticks.js";
import { askWho, closeWalkIn, drawQuestions } from "./walk_ins.js";
import { dayAndTime, present, say, setClock, span, when, words } from "./words.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const LONGEST_WAIT_S = 60;
const TAPS_SETTLE_MS = 1500; // a teacher's taps go up together
const DAY_MS = 24 * 60 * 60 * 1000;
const REFRESH_MS = 15 * 60 * 1000;
const WRONG_CLOCK_MS = 5 * 60 * 1000; // a clock that is wrong by more is told
const GREETING_MS = 1500; // what is today is asked of the server first, but no longer than this

const channel = new BroadcastChannel("roll");
let now = { sessions: [], classes: [], ahead: 0, waiting: 0, refusals: [], questions: [], others: { count: 0 } }; // what is drawn
let connection = navigator.onLine ? "" : "offline"; // or sending, no_answer
let left = false; // signed out from here
let kept = true; // whether the browser promised not to clear what it stores

function session() {
  const name = location.hash.slice(1);
  return now.sessions.find((one) => store.namesOf(one).map(String).includes(name) && one.state !== "cancelled");
}

// --- Drawing

function show(name, text) {
  find(name).hidden = !text;
  find(name).textContent = text;
}

function drawSaved() {
  find("saved").dataset.unsent = now.waiting > 0;
  find("waiting").textContent = now.waiting > 0 ? say("waiting", { count: now.waiting }) : say("all_sent");
  const last = now.sentAt ? say("last_sent", { when: when(now.sentAt) }) : now.waiting > 0 ? say("never_sent") : "";
  const network = { sending: now.waiting > 0 ? say("sending") : "", offline: say("no_network") }[connection];
  find("sent").textContent = [network, last].filter(Boolean).join(" · ");
  find("send").hidden = now.waiting === 0 || connection === "sending" || connection === "offline";
  const failing = connection === "offline" || connection === "no_answer";
  show("connection", failing && !session() ? say(connection) : "");
  const { count, name } = now.others;
  show("advice", count > 0 ? say("of_another", { count, name }) : !kept && Date.now() - now.oldest > DAY_MS ? say("not_kept") : "");
}

/** What was refused, by class and by the server's words: one thing to read each. */
function groupRefusals() {
  const groups = new Map();
  for (const refusal of now.refusals) {
    const why = refusal.words || say(refusal.status || refusal.added ? "malformed" : "no_class");
    const whole = refusal.added ? say("added") : say("closed");
    const what = refusal.status ? `${refusal.name} ${words.status[refusal.status]}` : whole;
    const group = groups.get(refusal.title + why) ?? { title: refusal.title, why, what: [], ids: [] };
    group.what.push(what);
    group.ids.push(refusal.id);
    groups.set(refusal.title + why, group);
  }
  return [...groups.values()];
}

function drawRefusals() {
  find("refusals").hidden = now.refusals.length === 0;
  const template = document.querySelector("[data-template=refusal]");
  find("refusal-list").replaceChildren(
    ...groupRefusals().map(({ title, why, what, ids }) => {
      const item = template.content.firstElementChild.cloneNode(true);
      item.querySelector(".refusal__words").textContent = [title, why].filter(Boolean).join(" · ");
      item.querySelector(".refusal__what").textContent = what.join("、");
      item.querySelector("button").addEventListener("click", () => store.dismiss(ids).then(redraw));
      return item;
    }),
  );
}

function drawList() {
  find("title").textContent = now.owner?.name ? `${words.page} · ${now.owner.name}` : words.page;
  find("when").textContent = "";
  drawClasses(now.sessions);
  const nothing = now.heldAt ? "no_classes" : connection === "sending" ? "loading" : "never_held";
  show("empty", now.sessions.length === 0 ? say(nothing) : "");
  show("held", now.heldAt ? say("held", { when: when(now.heldAt) }) : "");
  find("leave").hidden = !now.owner;
  find("meet-open").hidden = now.classes.length === 0;
}

function drawSession(one) {
  find("title").textContent = one.title;
  find("when").textContent = span(one);
  drawReadOuts(one, tick);
  drawLearners(one, mark);
}

function draw() {
  const one = session();
  find("saved").hidden = left;
  find("left").hidden = !left;
  find("classes").hidden = left || Boolean(one);
  find("class").hidden = find("dock").hidden = find("back").hidden = left || !one;
  const wrong = Math.abs(now.ahead) > WRONG_CLOCK_MS;
  show("clock", wrong ? say("wrong_clock", { phone: dayAndTime(Date.now()), real: dayAndTime(present()) }) : "");
  drawSaved();
  drawRefusals();
  drawQuestions(now.questions, answer);
  if (one) drawSession(one);
  else drawList();
}

let reading = Promise.resolve();

/** One after the other, so that what was read earlier is never drawn later. */
function redraw() {
  reading = reading.catch(() => {}).then(async () => {
    now = await store.read();
    setClock(now.ahead);
    draw();
  });
  return reading;
}

// --- Marking

function tellTrouble(error) {
  console.error(error);
  const full = error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";
  show("trouble", say(full ? "full" : "not_stored"));
  find("trouble").scrollIntoView({ block: "center" });
}

let queue = Promise.resolve(true); // taps are stored one after the other, each seeing the one before

/** Does it after what is already queued; answers whether it was stored. */
function put(write) {
  queue = queue.then(async () => {
    try {
      await write();
    } catch (error) {
      await redraw().catch(() => {});
      tellTrouble(error);
      return false;
    }
    show("trouble", "");
    await redraw();
    channel.postMessage("changed");
    sendSoon();
    return true;
  });
  return queue;
}

function mark(number, status, reason) {
  return put(() => {
    const one = session();
    if (isEarly(one)) return;
    const learner = one.learners.find((some) => some.number === number);
    return store.addMarks(one.id, [{ learner: number, status: status ?? next(learner.status) }], reason);
  });
}

function tick(alert, read) {
  return put(() => addTick(alert, session().id, read, present()));
}

function markRest(status) {
  return put(() => {
    const one = session();
    const rest = one.learners.filter((learner) => !learner.status);
    return store.addMarks(one.id, rest.map((learner) => ({ learner: learner.number, status })));
  });
}

/** Those of the list are marked as by a tap; who is not in the class is asked about. */
async function arrive(number) {
  await queue;
  const learner = session().learners.find((one) => one.number === number || one.card === number);
  if (!learner) return { kind: "ask", name: "", words: say("not_in_class") };
  const { name, status } = learner;
  if (COMES.includes(status)) return { kind: "already", name, words: say("already", { status: words.status[status] }) };
  const stored = await mark(learner.number, "present", "");
  return stored ? { kind: "good", name, words: words.status.present } : { kind: "bad", name, words: say("not_stored") };
}

function admit(person, reason = "") {
  return put(() => store.addWalkIn(session().id, person, reason));
}

/** 今天临时加一次课: the second of its two taps. */
async function meet(one) {
  let uid = "";
  const stored = await put(async () => {
    uid = await store.addSession(one, now.ahead);
  });
  if (stored) location.hash = uid;
  return stored;
}

async function admitCard(number) {
  const stored = await admit({ number });
  return stored
    ? { kind: "good", name: "", words: say("taken_in") }
    : { kind: "bad", name: "", words: say("not_stored") };
}

function answer(seq, number) {
  return put(() => store.answerQuestion(seq, number));
}

/** What stands in the box; null where it is blank or no number of heads. */
function typedHeadcount() {
  const box = find("headcount-input");
  return box.value && box.checkValidity() ? box.valueAsNumber : null;
}

/** Whoever was taken in last stands at the end of the list. */
function showLast() {
  find("learners").lastElementChild?.scrollIntoView({ block: "center" });
}

async function done() {
  await queue;
  const one = session();
  if (one.learners.some((learner) => !learner.status)) {
    askAboutTheRest(one);
    return;
  }
  const headcount = typedHeadcount();
  const box = find("headcount-input");
  if (countsHeads(one) ? headcount === null : !box.checkValidity()) {
    box.reportValidity();
    box.focus();
    return;
  }
  if (await put(() => store.addClose(one.id, headcount))) window.scrollTo({ top: 0 });
}

// --- Sending

let timer = 0;
let soon = false; // a tap is about to be sent
let failures = 0;
let sending = null;
let onceMore = false; // asked for while one was under way, which may have looked before the last tap

function sendIn(milliseconds) {
  clearTimeout(timer);
  soon = false;
  timer = setTimeout(() => {
    soon = false;
    send();
  }, milliseconds);
}

/** Unless a tap is about to be sent, which came while the last ones were on their way. */
function sendLater(milliseconds) {
  if (!soon) sendIn(milliseconds);
}

function sendSoon() {
  failures = 0;
  if (soon) return; // taps without pause do not put it off for ever
  sendIn(TAPS_SETTLE_MS);
  soon = true;
}

/** Let the service worker send when there is network, should the page be gone by then. */
async function sendInBackground() {
  if (now.waiting === 0) return;
  try {
    const registration = await navigator.serviceWorker.ready;
    await registration.sync?.register("roll");
  } catch {
    // The browser may refuse; the page sends when it is next opened.
  }
}

function send() {
  onceMore = sending !== null;
  sending ??= attempt().finally(() => {
    sending = null;
    if (onceMore) sendSoon();
  });
  return sending;
}

/** Whether everything is with the server; if not, it is tried again by itself. */
async function attempt() {
  clearTimeout(timer);
  soon = false;
  if (left) return false;
  connection = "sending";
  draw();
  try {
    await sync({ changed: redraw });
    failures = 0;
    connection = "";
    find("sign-in").hidden = true;
    sendLater(REFRESH_MS);
  } catch (error) {
    connection = navigator.onLine ? "no_answer" : "offline";
    if (error instanceof SignInNeeded) {
      connection = "";
      find("sign-in").hidden = false;
    } else if (error instanceof NoAnswer) {
      failures += 1;
      const wait = error.wait || Math.min(LONGEST_WAIT_S, 2 ** failures) * (0.5 + Math.random() / 2);
      sendLater(wait * 1000);
      sendInBackground();
    } else {
      tellTrouble(error);
      sendLater(LONGEST_WAIT_S * 1000);
    }
  }
  await redraw();
  return now.waiting === 0 && connection === "";
}

async function leave() {
  await queue;
  await send(); // one that is under way may have started before the last tap
  await send();
  if (now.waiting > 0) {
    show("trouble", say(now.questions.length > 0 ? "sign_out_asked" : "sign_out_waiting", { count: now.waiting }));
    return;
  }
  try {
    await signOut(document.body.dataset.signOut);
  } catch (error) {
    if (!(error instanceof SignInNeeded)) {
      show("trouble", say("sign_out_failed"));
      return;
    }
  }
  left = true;
  clearTimeout(timer);
  await store.wipe();
  show("trouble", "");
  channel.postMessage("changed");
  location.hash = "";
  await redraw();
}

/** Nobody is signed in, perhaps since somebody signed out on another page: the names may go. */
async function forget() {
  await queue;
  await store.wipe({ keepUnsent: true });
  channel.postMessage("changed");
  location.hash = "";
  await redraw();
}

// --- Starting

function listen() {
  window.addEventListener("hashchange", () => {
    find("rest").hidden = true;
    closeMeeting();
    closeScanner();
    closeWalkIn();
    draw();
    window.scrollTo({ top: 0 });
  });
  window.addEventListener("online", () => send());
  window.addEventListener("offline", () => {
    connection = "offline";
    draw();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) sendInBackground();
    else send();
  });
  channel.addEventListener("message", () => redraw());
  find("send").addEventListener("click", () => send());
  find("all-present").addEventListener("click", () => markRest("present"));
  find("rest-present").addEventListener("click", () => markRest("present").then((stored) => stored && done()));
  find("rest-absent").addEventListener("click", () => markRest("absent").then((stored) => stored && done()));
  find("done").addEventListener("click", () => done());
  find("leave").addEventListener("click", () => leave());
  find("forget").addEventListener("click", () => forget());
  find("meet-open").addEventListener("click", () => askWhichMeets(now.classes, now.sessions, meet));
  find("scan-open").addEventListener("click", () => scan({ arrive, admit: admitCard }));
  find("walk-in-open").addEventListener("click", () => {
    const markPresent = (number, reason) => mark(number, "present", reason);
    askWho(session(), { mark: markPresent, admit }).then(showLast);
  });
  find("headcount-input").addEventListener("change", () => {
    const [one, headcount] = [session(), typedHeadcount()];
    if (one && !isClosed(one)) put(() => store.setHeadcount(one.id, headcount));
  });
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    find("install").hidden = false;
    find("install").onclick = () => event.prompt().then(() => (find("install").hidden = true));
  });
}

async function start() {
  if (!window.isSecureContext) return show("trouble", say("insecure"));
  if (!navigator.locks || !navigator.serviceWorker || !AbortSignal.timeout) return show("trouble", say("old_browser"));
  listen();
  const registering = navigator.serviceWorker.register(document.body.dataset.worker, {
    type: "module",
    updateViaCache: "none",
  });
  registering.catch(() => show("trouble", say("old_browser")));
  await store.expire();
  if (navigator.onLine) {
    const patience = new Promise((done) => setTimeout(done, GREETING_MS));
    await Promise.race([greet().catch(() => {}), patience]); // sending says what is wrong
  }
  await redraw();
  await send();
  kept = await (navigator.storage?.persist?.() ?? false);
  draw();
}

start().catch(tellTrouble);
