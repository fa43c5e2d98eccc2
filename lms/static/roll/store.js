// What the phone keeps: the teacher's sessions with their rosters, the events that the server has
// not acknowledged, and what it refused. Events are only ever added; they go once each is answered.
import { openDB } from "../vendor/idb-8.0.4/index.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const HELD_MS = 14 * DAY_MS;
// A clock set back by less than this is nudged on, so that a later tap is never the earlier one.
const CLOCK_STEP_MS = 60 * 1000;
// What was promised on the screen is on the disk, even if the battery falls out a moment later.
const STRICT = { durability: "strict" };

let opening = null;

function database() {
  opening ??= openDB("roll", 1, {
    upgrade(db) {
      db.createObjectStore("meta"); // device, seq, at, owner, sentAt, heldAt
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

const ALL = ["meta", "sessions", "events", "closes", "refusals"];

/** Everything that a screen shows, as of one moment; sessions in the order of their start. */
export async function read() {
  const db = await database();
  const tx = db.transaction(ALL);
  const [sessions, events, closes, refusals, owner, sentAt, heldAt] = await Promise.all([
    tx.objectStore("sessions").getAll(),
    tx.objectStore("events").getAll(),
    tx.objectStore("closes").getAll(),
    tx.objectStore("refusals").getAll(),
    ...["owner", "sentAt", "heldAt"].map((key) => tx.objectStore("meta").get(key)),
  ]);
  const mine = (item) => item.who === owner?.id;
  const marks = new Map(events.filter(mine).map((event) => [`${event.session} ${event.learner}`, event.status]));
  const closing = new Set(closes.filter(mine).map((close) => close.session));
  for (const session of sessions) {
    session.closing = closing.has(session.id);
    for (const learner of session.learners) {
      learner.status = marks.get(`${session.id} ${learner.number}`) ?? learner.status;
    }
  }
  sessions.sort((a, b) => a.starts_at.localeCompare(b.starts_at) || a.id - b.id);
  const others = [...events, ...closes].filter((item) => !mine(item));
  return {
    sessions,
    owner,
    sentAt,
    heldAt,
    waiting: events.filter(mine).length + closing.size,
    oldest: Date.parse(events.find(mine)?.at), // NaN where none waits
    others: { count: others.length, name: others[0]?.whoName ?? "" },
    refusals: refusals.filter(mine),
  };
}

/** Add one event a mark ({learner, status}), all or none. Rejects when they are not on the disk. */
export async function addMarks(session, marks, reason = "") {
  const db = await database();
  const tx = db.transaction(["meta", "events"], "readwrite", STRICT);
  const meta = tx.objectStore("meta");
  const [owner, last, lastSeq] = await Promise.all(["owner", "at", "seq"].map((key) => meta.get(key)));
  let at = Date.now();
  if (last !== undefined && at <= last && last - at < CLOCK_STEP_MS) at = last + 1;
  let seq = lastSeq ?? 0;
  const writes = [];
  for (const { learner, status } of marks) {
    seq += 1;
    const event = { seq, session, learner, status, at: new Date(at).toISOString() };
    if (reason) event.reason = reason;
    writes.push(tx.objectStore("events").add({ ...event, who: owner.id, whoName: owner.name }));
  }
  writes.push(meta.put(seq, "seq"), meta.put(at, "at"));
  await Promise.all([...writes, tx.done]);
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
  const tx = db.transaction(["meta", "sessions"], "readwrite");
  const meta = tx.objectStore("meta");
  const before = await meta.get("owner");
  if (before && before.id !== owner.id) {
    tx.objectStore("sessions").clear();
    meta.delete("heldAt");
    meta.delete("sentAt");
  }
  meta.put({ id: owner.id, name: owner.name }, "owner");
  await tx.done;
}

export async function waitingEvents(who, most) {
  const db = await database();
  const events = await db.getAll("events");
  return events.filter((event) => event.who === who).slice(0, most);
}

export async function waitingCloses(who) {
  const db = await database();
  return (await db.getAll("closes")).filter((close) => close.who === who);
}

/** Let go of the events that were answered; what was not taken is kept for the teacher to read. */
export async function settle(answers) {
  const db = await database();
  const tx = db.transaction(ALL, "readwrite", STRICT);
  const now = Date.now();
  for (const { seq, outcome, words } of answers) {
    const event = await tx.objectStore("events").get(seq);
    if (!event) continue;
    const session = await tx.objectStore("sessions").get(event.session);
    const learner = session?.learners.find((one) => one.number === event.learner);
    if (outcome === "stored" || outcome === "known") {
      if (learner) {
        learner.status = event.status;
        tx.objectStore("sessions").put(session);
      }
    } else {
      const { status, who } = event;
      const names = { title: session?.title ?? "", name: learner?.name ?? event.learner };
      tx.objectStore("refusals").add({ ...names, status, who, words, at: now });
    }
    tx.objectStore("events").delete(seq);
  }
  tx.objectStore("meta").put(now, "sentAt");
  await tx.done;
}

/** A close was answered: `words` tell why it was refused (blank: they are the page's), null that it was not. */
export async function settleClose(close, words = null) {
  const db = await database();
  const tx = db.transaction(["meta", "sessions", "closes", "refusals"], "readwrite", STRICT);
  const session = await tx.objectStore("sessions").get(close.session);
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

/** Put these in place of all sessions that were held. */
export async function hold(sessions) {
  const db = await database();
  const tx = db.transaction(["meta", "sessions"], "readwrite");
  const store = tx.objectStore("sessions");
  store.clear();
  for (const session of sessions) store.put({ ...session, heldAt: Date.now() });
  tx.objectStore("meta").put(Date.now(), "heldAt");
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
  const tx = db.transaction(["sessions", "refusals"], "readwrite");
  const before = Date.now() - HELD_MS;
  for (const session of await tx.objectStore("sessions").getAll()) {
    if (session.heldAt < before) tx.objectStore("sessions").delete(session.id);
  }
  for (const refusal of await tx.objectStore("refusals").getAll()) {
    if (refusal.at < before) tx.objectStore("refusals").delete(refusal.id);
  }
  await tx.done;
}

/** Remove all that is the teacher's own. Another's unsent events stay, as do the device's id and count. */
export async function wipe() {
  const db = await database();
  const tx = db.transaction(ALL, "readwrite", STRICT);
  const meta = tx.objectStore("meta");
  const owner = await meta.get("owner");
  for (const name of ["events", "closes", "refusals"]) {
    const store = tx.objectStore(name);
    for (const item of await store.getAll()) {
      if (!owner || item.who === owner.id) store.delete(item[store.keyPath]);
    }
  }
  tx.objectStore("sessions").clear();
  for (const key of ["owner", "sentAt", "heldAt"]) meta.delete(key);
  await tx.done;
}
