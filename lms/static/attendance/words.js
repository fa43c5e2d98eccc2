// The page's sentences, which the server wrote into it.
export const words = JSON.parse(document.getElementById("words").textContent);

/** A sentence with its {names} filled in. */
export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const lang = document.documentElement.lang;
const timeZone = "Asia/Shanghai"; // classes are held by the clock on the wall, wherever the phone thinks it is
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone });
const day = new Intl.DateTimeFormat(lang, { month: "long", day: "numeric", weekday: "short", timeZone });

let ahead = 0; // what to add to the phone's clock, in milliseconds

/** Let it be known how wrong the phone's clock is. */
export const setClock = (milliseconds) => (ahead = milliseconds);
/** What time it is, whatever the phone's clock says. */
export const present = () => Date.now() + ahead;

export const isToday = (moment) => day.format(new Date(moment)) === day.format(new Date(present()));

/** The day and the time, never 今天. */
export const dayAndTime = (moment) => `${day.format(new Date(moment))} ${clock.format(new Date(moment))}`;

/** 今天 14:05, or the day and the time. */
export function when(moment) {
  const time = clock.format(new Date(moment));
  return isToday(moment) ? say("today_at", { time }) : `${day.format(new Date(moment))} ${time}`;
}

/** When a session is held: day, start and end. */
export const span = (session) => `${when(session.starts_at)}–${clock.format(new Date(session.ends_at))}`;

/** Up to five names, and whether there are more. */
export function listNames(all) {
  const first = all.slice(0, 5).join("、");
  return all.length > 5 ? say("and_more", { names: first }) : first;
}
