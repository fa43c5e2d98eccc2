// Handing over: events in batches, each kept until it is answered; then what was closed; then the
// rosters anew. The page and the service worker both call it, one at a time. Sending again is harmless.
import * as store from "./store.js";
import { holdAlerts, settleTicks, waitingTicks } from "./ticks.js";

const API = "/roll/api/";
const ALERTS = "/roll/alerts/"; // of another room
const BATCH = 100;
const PATIENCE_MS = 20 * 1000;

/** Nobody is signed in, or not so that the server believes it. Nothing is lost. */
export class SignInNeeded extends Error {}

/** Besides, whoever's roll the phone holds keeps none any more. */
class RoleOver extends SignInNeeded {}

/** No answer, or none that can be trusted; `wait` says how many seconds to leave it, 0 for "as usual". */
export class NoAnswer extends Error {
  constructor(message, wait = 0) {
    super(message);
    this.wait = wait;
  }
}

/** The answer's status and body. A network that answers with a page of its own counts as no answer. */
async function ask(path, { body, csrf } = {}) {
  const options = {
    credentials: "same-origin",
    redirect: "error",
    cache: "no-store",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  };
  if (body !== undefined) {
    options.method = "POST";
    options.body = JSON.stringify(body);
    Object.assign(options.headers, { "Content-Type": "application/json", "X-CSRFToken": csrf });
  }
  let answer, content;
  try {
    answer = await fetch(path === ALERTS ? path : API + path, options);
    content = await answer.json();
  } catch (error) {
    if (answer?.status !== 401 && answer?.status !== 403) throw new NoAnswer(String(error));
  }
  if (answer.status === 403 && content?.over) throw new RoleOver(path);
  if (answer.status === 401 || answer.status === 403) throw new SignInNeeded(path);
  if (answer.status === 429) throw new NoAnswer("too many", Number(answer.headers.get("Retry-After")) || 30);
  if (answer.status >= 500) throw new NoAnswer(`status ${answer.status}`);
  return { status: answer.status, content };
}

/** A mark has `learner` and `status`, a new session `class`, a walk-in the others; what is not there is not sent. */
function forTheServer(event) {
  const { seq, session, learner, status, number, name, not_these, at, reason } = event;
  if (event.class) return { seq, uid: event.uid, class: event.class, starts_at: event.starts_at, ends_at: event.ends_at };
  return number
    ? { seq, session, number, at, reason }
    : { seq, session, learner, status, name, not_these, at, reason };
}

async function sendEvents(me, changed) {
  const device = await store.deviceId();
  let most = BATCH;
  for (;;) {
    const events = await store.waitingEvents(me.id, most);
    if (events.length === 0) return;
    const body = { now: new Date().toISOString(), events: events.map(forTheServer) };
    const { status, content } = await ask(`devices/${device}/events`, { body, csrf: me.csrf });
    const sent = new Set(events.map((event) => event.seq));
    if (status === 200 && Array.isArray(content)) {
      const answers = content.filter(({ seq, outcome }) => sent.has(seq) && typeof outcome === "string");
      if (answers.length === 0) throw new NoAnswer("nothing acknowledged");
      if ((await store.settle(answers)) === 0) throw new NoAnswer("nothing settled");
    } else if (most > 1) {
      most = 1; // one of them is not understood: find which
      continue;
    } else if (status === 400 || status === 422) {
      await store.settle([{ seq: events[0].seq, outcome: "malformed", words: "" }]);
    } else {
      throw new NoAnswer(`status ${status}`);
    }
    changed();
  }
}

async function sendCloses(me, changed) {
  for (const close of await store.waitingCloses(me.id)) {
    const body = { headcount: close.headcount };
    const { status, content } = await ask(`sessions/${close.session}/close`, { body, csrf: me.csrf });
    if (status === 200) {
      await store.settleClose(close);
    } else if (status === 409 && (await isClosed(close.session))) {
      await store.settleClose(close); // our own request, whose answer was lost
    } else if (status === 404 || status === 409 || status === 422) {
      await store.settleClose(close, content?.words ?? "");
    } else {
      throw new NoAnswer(`status ${status}`);
    }
    changed();
  }
}

/** What was ticked as read out. The server keeps what holds, and answers for all. */
async function sendTicks(me, changed) {
  for (;;) {
    const ticks = await waitingTicks(me.id, BATCH);
    if (ticks.length === 0) return;
    const body = { ticks: ticks.map(({ alert, session, read, at }) => ({ alert, session, read, at })) };
    const { status } = await ask(ALERTS, { body, csrf: me.csrf });
    if (status !== 200) throw new NoAnswer(`status ${status}`);
    await settleTicks(ticks);
    changed();
  }
}

/** The alerts to read out. A roll is called without them. */
async function refreshAlerts() {
  const { status, content } = await ask(ALERTS);
  if (status === 200 && Array.isArray(content?.alerts)) await holdAlerts(content.alerts);
}

/** What the phone is to hold: the server tells every name once, the store has them with each session. */
async function held() {
  const { status, content } = await ask("held");
  if (status !== 200 || !Array.isArray(content?.sessions)) throw new NoAnswer(`status ${status}`);
  const { people, classes } = content;
  const rolls = new Map(classes.map(({ id, roll }) => [id, roll]));
  const listed = (roll, marks = {}, said = {}) =>
    roll.map((place) => {
      const [number, name] = people[place];
      const learner = { number, name, status: marks[place] ?? null };
      return said[place] ? { ...learner, said: said[place] } : learner;
    });
  return {
    sessions: content.sessions.map(({ roll, marks, said, ...one }) => ({
      ...one,
      headcount: one.headcount ?? null,
      learners: listed(roll ?? rolls.get(one.class), marks, said),
    })),
    classes: classes.map(({ roll, ...one }) => ({ ...one, learners: listed(roll) })),
  };
}

async function isClosed(id) {
  const { sessions } = await held();
  return sessions.some((session) => store.namesOf(session).includes(id) && session.state === "closed");
}

/** Learn who is signed in and what time it is. Raises as `sync`. */
export async function greet() {
  const { status, content: me } = await askWhoIsSignedIn();
  if (status !== 200 || !Number.isInteger(me?.id)) throw new NoAnswer(`status ${status}`);
  await store.setOwner(me);
  return me;
}

/** Lets the names go when the role is over; what is unsent stays, for whoever signs in and sends it. */
async function askWhoIsSignedIn() {
  try {
    return await ask("me");
  } catch (error) {
    if (error instanceof RoleOver) await store.hold([], []);
    throw error;
  }
}

/**
 * Hand everything over and, with `refresh`, hold the next two weeks anew. Raises SignInNeeded or
 * NoAnswer; whatever was acknowledged by then is settled.
 */
export function sync({ refresh = true, changed = () => {} } = {}) {
  return navigator.locks.request("roll-sync", async () => {
    const me = await greet();
    await sendEvents(me, changed);
    await sendCloses(me, changed);
    await sendTicks(me, changed);
    if (refresh) {
      const { sessions, classes } = await held();
      await store.hold(sessions, classes);
      await refreshAlerts();
    }
    changed();
    return me;
  });
}

/** End the session at the server. The caller has handed everything over. */
export async function signOut(address) {
  const { content: me } = await ask("me");
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": me.csrf },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new NoAnswer(`status ${answer.status}`);
}
