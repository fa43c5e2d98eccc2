// 今天读给大家听: the alerts that the phone holds, and the ticks that the server does not have yet. They
// wait as marks do; the last tick of an alert at a session is the one that holds.
import { STRICT, database } from "./store.js";

/** Put these in place of all alerts that were held. */
export async function holdAlerts(alerts) {
  const db = await database();
  const tx = db.transaction("alerts", "readwrite");
  tx.store.clear();
  for (const alert of alerts) tx.store.put(alert);
  await tx.done;
}

/** Rejects when it is not on the disk. `at` is a moment by the right clock, in milliseconds. */
export async function addTick(alert, session, read, at) {
  const db = await database();
  const tx = db.transaction(["meta", "ticks"], "readwrite", STRICT);
  const { id: who, name: whoName } = await tx.objectStore("meta").get("owner");
  const tick = { key: `${who}:${alert}:${session}`, alert, session, read, at: new Date(at).toISOString(), who, whoName };
  await Promise.all([tx.objectStore("ticks").put(tick), tx.done]);
}

export async function waitingTicks(who, most) {
  const db = await database();
  return (await db.getAll("ticks")).filter((tick) => tick.who === who).slice(0, most);
}

/** Let go of what was handed over, but for what was ticked otherwise meanwhile. */
export async function settleTicks(ticks) {
  const db = await database();
  const tx = db.transaction(["ticks", "alerts"], "readwrite", STRICT);
  const [waiting, alerts] = [tx.objectStore("ticks"), tx.objectStore("alerts")];
  for (const { key, at, alert, session, read } of ticks) {
    if ((await waiting.get(key))?.at === at) waiting.delete(key);
    const held = await alerts.get(alert);
    if (!held) continue;
    held.read = held.read.filter((one) => one !== session);
    if (read) held.read.push(session);
    alerts.put(held);
  }
  await tx.done;
}
