// What the phone keeps: the teacher's sessions with their rosters, the events that the server has
// not acknowledged, and what it refused. Events are only ever added; they go once each is answered.
// Who walks in is called "+" and the event's seq until the server has given a number; marks that were
// made before say "+5" to the server too, which knows this phone's walk-ins by their seq.
import { openDB } from "../vendor/idb-8.0.4/index.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const HELD_MS = 14 * DAY_MS;
// A clock set back by less than this is nudged on, so that a later tap is never the earlier one.
const CLOCK_STEP_MS = 60 * 1000;
const CLOCK_TOLERANCE_MS = 2 * 60 * 1000; // as the server has it
const START_ON_MS = 5 * 60 * 1000; // a class that meets by itself began at 9:35, not at 9:37:12
// What was promised on the screen is on the disk, even if the battery falls out a moment later.
export const STRICT = { durability: "strict" };

let opening = null;

export function database() {
  opening ??= openDB("roll", 3, {
    upgrade(db, before) {
      if (before < 2) db.createObjectStore("classes", { keyPath: "id" });
      if (before < 3) db.createObjectStore("alerts", { keyPath: "id" });
      if (before < 3) db.createObjectStore("ticks", { keyPath: "key" });
      if (before > 0) return;
      db.createObjectStore("meta"); // device, seq, at, owner, sentAt, heldAt, numbers, heads, clock
      db.createObjectStore("sessions", { keyPath: "id" });
      db.createObjectStore("events", { keyPath: "seq" });
      db.createObjectStore("closes", { keyPath: "session" });
      db.createObjectStore("refusals", { keyPath: "id", autoIncrement: true });
    },
    blocking() {
      opening?.then((db) => db.close());
      opening = null;
    },
    terminated() {
      opening = null;
    },
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

const ALL = ["meta", "sessions", "classes", "alerts", "ticks", "events", "closes", "refusals"];
/** What the server has told; it goes when the phone lets go. */
const HELD = ["sessions", "classes", "alerts"];
/** What a session is called: its id and, if a phone added it, that phone's uid; two may have added it. */
export const namesOf = ({ id, uid, also = [] }) => [id, uid, ...also].filter((name) => name !== undefined);
const isCalled = (session, name) => namesOf(session).includes(name);
const find = async (sessions, name) => (await sessions.getAll()).find((one) => isCalled(one, name));

/** Everything that a screen shows, as of one moment; sessions in the order of their start. */
export async function read() {
  const db = await database();
  const tx = db.transaction(ALL);
  const [sessions, classes, alerts, ticks, events, closes, refusals, owner, sentAt, heldAt, numbers = {}, heads = {}, clock] = await Promise.all([
    tx.objectStore("sessions").getAll(),
    tx.objectStore("classes").getAll(),
    tx.objectStore("alerts").getAll(),
    tx.objectStore("ticks").getAll(),
    tx.objectStore("events").getAll(),
    tx.objectStore("closes").getAll(),
    tx.objectStore("refusals").getAll(),
    ...["owner", "sentAt", "heldAt", "numbers", "heads", "clock"].map((key) => tx.objectStore("meta").get(key)),
  ]);
  const mine = (item) => item.who === owner?.id;
  const closing = new Set(closes.filter(mine).map((close) => close.session));
  const byId = new Map(sessions.flatMap((session) => namesOf(session).map((name) => [name, session])));
  for (const session of sessions) {
    const names = namesOf(session);
    const ticked = new Map(ticks.filter((tick) => mine(tick) && names.includes(tick.session)).map((tick) => [tick.alert, tick.read]));
    const isRead = ({ id, read }) => ticked.get(id) ?? names.some((name) => read.includes(name));
    session.closing = names.some((name) => closing.has(name));
    session.alerts = alerts.filter((alert) => alert.classes.includes(session.class)).map((alert) => ({ ...alert, isRead: isRead(alert) }));
    session.headcount = names.map((name) => heads[name]).find((count) => count !== undefined) ?? session.headcount;
  }
  for (const event of events.filter(mine)) lay(event, byId.get(event.session)?.learners, numbers);
  sessions.sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at) || String(a.id).localeCompare(b.id));
  const others = [...events, ...closes, ...ticks].filter((item) => !mine(item));
  return {
    sessions,
    classes,
    ahead: aheadOf(clock),
    owner,
    sentAt,
    heldAt,
    waiting: events.filter(mine).length + closing.size + ticks.filter(mine).length,
    oldest: Date.parse(events.find(mine)?.at), // NaN where none waits
    others: { count: others.length, name: others[0]?.whoName ?? "" },
    refusals: refusals.filter(mine),
    questions: events
      .filter((event) => mine(event) && event.same)
      .map(({ seq, name, same, session }) => ({ seq, name, same, title: byId.get(session)?.title ?? "" })),
  };
}

const isNewSession = (event) => event.class !== undefined;
const isWalkIn = (event) => event.status === undefined && !isNewSession(event);

/**
 * What to add to this phone's clock, in milliseconds; 0 while it is right, as far as one can know: a
 * clock that has gone back since the server was last heard was put right, or else it is wrong now.
 */
function aheadOf(clock) {
  if (!clock) return 0;
  const wrong = Math.abs(clock.ahead) > CLOCK_TOLERANCE_MS;
  const back = clock.at - Date.now();
  if (back > CLOCK_TOLERANCE_MS) return wrong ? 0 : back;
  return wrong ? clock.ahead : 0;
}
/** What a walk-in is called; `numbers` has those that the server has given. */
const keyOf = (seq) => `+${seq}`;

/** Draw a waiting event over what the server said. `numbers` learns which walk-in is on the list. */
function lay(event, learners, numbers) {
  if (!learners) return;
  const key = isWalkIn(event) ? event.number : (numbers[event.learner] ?? event.learner);
  const learner = learners.find((one) => one.number === key);
  if (learner) {
    learner.status = event.status ?? "present";
    delete learner.said; // this teacher has just decided
    if (isWalkIn(event)) numbers[keyOf(event.seq)] = learner.number;
  } else if (isWalkIn(event)) {
    const name = event.name ?? "";
    learners.push({ number: keyOf(event.seq), card: event.number, name, status: "present", isNew: true });
  }
}

/** Add events, all or none, and the session that they make. Rejects when they are not on the disk. */
async function add(session, bodies, reason, made) {
  const db = await database();
  const tx = db.transaction(["meta", "events", "sessions"], "readwrite", STRICT);
  const meta = tx.objectStore("meta");
  const [owner, last, lastSeq] = await Promise.all(["owner", "at", "seq"].map((key) => meta.get(key)));
  let at = Date.now();
  if (last !== undefined && at <= last && last - at < CLOCK_STEP_MS) at = last + 1;
  let seq = lastSeq ?? 0;
  const writes = [];
  for (const body of bodies) {
    seq += 1;
    const event = { seq, session, ...body, at: new Date(at).toISOString() };
    if (reason) event.reason = reason;
    writes.push(tx.objectStore("events").add({ ...event, who: owner.id, whoName: owner.name }));
  }
  if (made) writes.push(tx.objectStore("sessions").put(made));
  writes.push(meta.put(seq, "seq"), meta.put(at, "at"));
  await Promise.all([...writes, tx.done]);
}

/** Add one event a mark ({learner, status}); `learner` is a number, or "+5" for the walk-in of seq 5. */
export const addMarks = (session, marks, reason = "") => add(session, marks, reason);

/**
 * Let a class meet today that was not planned to: a session with a name of its own, which the server
 * takes once. `ahead` puts this phone's clock right. Answers the name.
 */
export async function addSession(one, ahead) {
  const uid = crypto.randomUUID();
  const starts = Math.floor((Date.now() + ahead) / START_ON_MS) * START_ON_MS;
  const hours = (wrong) => ({
    starts_at: new Date(starts - wrong).toISOString(),
    ends_at: new Date(starts - wrong + one.minutes * 60 * 1000).toISOString(),
  });
  const { title, place, counted, learners } = one;
  await add(undefined, [{ uid, class: one.id, ...hours(ahead) }], "", {
    id: uid, uid, class: one.id, title, place, counted, learners, ...hours(0), state: "planned", headcount: null, heldAt: Date.now(),
  });
  return uid;
}

/** Take in who is not on the list: {number} or {name, not_these}. */
export const addWalkIn = (session, person, reason = "") => add(session, [person], reason);

/** The teacher says who the server's namesakes are to a walk-in: one of them, or (null) none. */
export async function answerQuestion(seq, number) {
  const db = await database();
  const tx = db.transaction("events", "readwrite", STRICT);
  const event = await tx.store.get(seq);
  if (event?.same) {
    if (number) event.number = number;
    else event.not_these = [...(event.not_these ?? []), ...event.same.map((one) => one.number)];
    delete event.same;
    tx.store.put(event);
  }
  await tx.done;
}

/** How many heads the teacher has counted; null: none were. It goes up with the end of the roll. */
export async function setHeadcount(session, headcount) {
  const db = await database();
  const tx = db.transaction("meta", "readwrite", STRICT);
  const heads = (await tx.store.get("heads")) ?? {};
  if (headcount === null) delete heads[session];
  else heads[session] = headcount;
  await Promise.all([tx.store.put(heads, "heads"), tx.done]);
}

/** Queue the end of a session's roll; it goes up after the session's events. */
export async function addClose(session, headcount) {
  const db = await database();
  const tx = db.transaction(["meta", "closes"], "readwrite", STRICT);
  const owner = await tx.objectStore("meta").get("owner");
  const close = { session, headcount, who: owner.id, whoName: owner.name };
  await Promise.all([tx.objectStore("closes").put(close), tx.done]);
}

/** This phone's own id, made once. */
export async function deviceId() {
  const db = await database();
  const tx = db.transaction("meta", "readwrite", STRICT);
  const device = (await tx.store.get("device")) ?? crypto.randomUUID();
  await Promise.all([tx.store.put(device, "device"), tx.done]);
  return device;
}

/** Note who is signed in. Another teacher's rosters go; another's events stay until that one is back. */
export async function setOwner(owner) {
  const db = await database();
  const tx = db.transaction(["meta", ...HELD], "readwrite");
  const meta = tx.objectStore("meta");
  const before = await meta.get("owner");
  if (before && before.id !== owner.id) {
    for (const name of HELD) tx.objectStore(name).clear();
    for (const key of ["heldAt", "sentAt", "heads"]) meta.delete(key);
  }
  meta.put({ id: owner.id, name: owner.name }, "owner");
  if (owner.now) meta.put({ ahead: Date.parse(owner.now) - Date.now(), at: Date.now() }, "clock");
  await tx.done;
}

/** The first events that the server can take: not those about whom it waits for an answer. */
export async function waitingEvents(who, most) {
  const db = await database();
  const events = (await db.getAll("events")).filter((event) => event.who === who);
  const asked = new Set(events.filter((event) => event.same).map((event) => keyOf(event.seq)));
  return events.filter((event) => !event.same && !asked.has(event.learner)).slice(0, most);
}

/** Ends of rolls all of whose events are with the server. */
export async function waitingCloses(who) {
  const db = await database();
  const tx = db.transaction(["events", "closes", "sessions"]);
  const [events, closes, sessions] = await Promise.all(
    ["events", "closes", "sessions"].map((name) => tx.objectStore(name).getAll()),
  );
  const one = (name) => sessions.find((session) => isCalled(session, name))?.id ?? name;
  const mine = events.filter((event) => event.who === who);
  const unsent = new Set(mine.map((event) => one(event.session ?? event.uid)));
  return closes.filter((close) => close.who === who && !unsent.has(one(close.session)));
}

/**
 * Let go of the events that were answered; what was not taken is kept for the teacher to read, and
 * what the server asks for the teacher to answer. Says how many did not stay as they were.
 */
export async function settle(answers) {
  const db = await database();
  const tx = db.transaction(ALL, "readwrite", STRICT);
  const [meta, sessions, events, refusals] = ["meta", "sessions", "events", "refusals"].map((name) => tx.objectStore(name));
  const now = Date.now();
  const numbers = (await meta.get("numbers")) ?? {};
  let settled = 0;

  const refuse = async (event, words) => {
    const session = await find(sessions, event.session ?? event.uid);
    if (isNewSession(event)) {
      refusals.add({ title: session?.title ?? "", name: "", status: "", added: true, who: event.who, words, at: now });
      events.delete(event.seq);
      return;
    }
    const key = numbers[event.learner] ?? event.learner;
    const listed = session?.learners.find((one) => one.number === key)?.name;
    const [title, name] = [session?.title ?? "", listed ?? event.name ?? event.number ?? key];
    const { status = "present", who } = event;
    refusals.add({ title, name, status, who, words, at: now });
    events.delete(event.seq);
    if (!isWalkIn(event)) return;
    for (const mark of await events.getAll()) {
      if (mark.learner !== keyOf(event.seq)) continue;
      refusals.add({ title, name, status: mark.status, who, words, at: now });
      events.delete(mark.seq);
    }
  };

  for (const answer of answers) {
    const event = await events.get(answer.seq);
    if (!event) continue;
    // Its walk-in has not arrived: not to be forgotten, unless there is none any more.
    if (answer.outcome === "wait" && (await events.get(Number(event.learner)))) continue;
    settled += 1;
    if (answer.outcome === "same_name") {
      event.same = answer.same ?? [];
      events.put(event);
    } else if (answer.outcome === "stored" || answer.outcome === "known") {
      if (isWalkIn(event)) numbers[keyOf(event.seq)] = answer.number;
      const session = isNewSession(event) ? null : await find(sessions, event.session);
      if (session) {
        const number = isWalkIn(event) ? answer.number : (numbers[event.learner] ?? event.learner);
        const learner = session.learners.find((one) => one.number === number);
        const status = event.status ?? "present";
        if (learner) learner.status = status;
        else if (isWalkIn(event)) session.learners.push({ number, name: answer.name, status });
        sessions.put(session);
      }
      events.delete(event.seq);
    } else {
      await refuse(event, answer.words);
    }
  }
  meta.put(numbers, "numbers");
  meta.put(now, "sentAt");
  await tx.done;
  return settled;
}

/** A close was answered: `words` tell why it was refused (blank: they are the page's), null that it was not. */
export async function settleClose(close, words = null) {
  const db = await database();
  const tx = db.transaction(["meta", "sessions", "closes", "refusals"], "readwrite", STRICT);
  const session = await find(tx.objectStore("sessions"), close.session);
  if (words !== null) {
    const names = { title: session?.title ?? "", name: "" };
    tx.objectStore("refusals").add({ ...names, status: "", who: close.who, words, at: Date.now() });
  } else if (session) {
    session.state = "closed";
    tx.objectStore("sessions").put(session);
  }
  tx.objectStore("closes").delete(close.session);
  tx.objectStore("meta").put(Date.now(), "sentAt");
  await tx.done;
}

/** Put these in place of all sessions and classes that were held, but for what is not sent yet. */
export async function hold(sessions, classes) {
  const db = await database();
  const tx = db.transaction(["meta", "sessions", "classes", "events"], "readwrite");
  const [store, meta] = [tx.objectStore("sessions"), tx.objectStore("meta")];
  const unsent = new Set((await tx.objectStore("events").getAll()).filter(isNewSession).map(({ uid }) => uid));
  const own = (await store.getAll()).filter(({ id }) => unsent.has(id));
  store.clear();
  tx.objectStore("classes").clear();
  for (const session of [...sessions, ...own]) store.put({ ...session, heldAt: Date.now() });
  for (const one of classes) tx.objectStore("classes").put(one);
  const open = [...sessions, ...own].filter(({ state }) => state === "planned");
  const planned = new Set(open.flatMap(namesOf).map(String));
  const heads = Object.entries((await meta.get("heads")) ?? {}).filter(([id]) => planned.has(id));
  meta.put(Object.fromEntries(heads), "heads");
  if ((await tx.objectStore("events").count()) === 0) meta.delete("numbers");
  meta.put(Date.now(), "heldAt");
  await tx.done;
}

export async function dismiss(refusals) {
  const db = await database();
  const tx = db.transaction("refusals", "readwrite");
  for (const id of refusals) tx.store.delete(id);
  await tx.done;
}

/** Rosters and refusals leave the phone after two weeks without the server; unsent events stay. */
export async function expire() {
  const db = await database();
  const tx = db.transaction(["meta", ...HELD, "refusals"], "readwrite");
  const before = Date.now() - HELD_MS;
  if ((await tx.objectStore("meta").get("heldAt")) < before) {
    for (const name of ["classes", "alerts"]) tx.objectStore(name).clear();
  }
  for (const session of await tx.objectStore("sessions").getAll()) {
    if (session.heldAt < before) tx.objectStore("sessions").delete(session.id);
  }
  for (const refusal of await tx.objectStore("refusals").getAll()) {
    if (refusal.at < before) tx.objectStore("refusals").delete(refusal.id);
  }
  await tx.done;
}

/**
 * Remove all that is the teacher's own, but with `keepUnsent` what the server does not have yet.
 * Another's unsent events stay, as do the device's id and count.
 */
export async function wipe({ keepUnsent = false } = {}) {
  const db = await database();
  const tx = db.transaction(ALL, "readwrite", STRICT);
  const meta = tx.objectStore("meta");
  const owner = await meta.get("owner");
  let left = 0;
  for (const name of ["events", "closes", "ticks", "refusals"]) {
    const store = tx.objectStore(name);
    for (const item of await store.getAll()) {
      if (owner && item.who !== owner.id) continue;
      if (keepUnsent && name !== "refusals") left += 1;
      else store.delete(item[store.keyPath]);
    }
  }
  for (const name of HELD) tx.objectStore(name).clear();
  for (const key of ["sentAt", "heldAt"]) meta.delete(key);
  // Whose the unsent events are has to be known until they are sent.
  if (left === 0) for (const key of ["owner", "numbers", "heads"]) meta.delete(key);
  await tx.done;
}
