// What a teacher reads out at a session of today, with a tick.
import { isToday, present, say } from "./words.js";

const place = document.querySelector("[data-read-outs]");
const template = document.querySelector("[data-template=read-out]");

/** What holds now where the session is; nothing for one of another day. */
export function toRead(session) {
  if (!isToday(session.starts_at)) return [];
  const holds = ({ starts_at: from, ends_at: until }) => Date.parse(from) <= present() && present() < Date.parse(until);
  return session.alerts.filter(holds);
}

/** `tick(alert, read)` keeps it. */
export function drawReadOuts(session, tick) {
  const alerts = toRead(session);
  place.hidden = alerts.length === 0;
  const list = place.querySelector("[data-read-out-list]");
  const pressed = document.activeElement.closest(".read-out")?.dataset.alert;
  list.replaceChildren(
    ...alerts.map((alert) => {
      const item = template.content.firstElementChild.cloneNode(true);
      item.dataset.alert = alert.id;
      for (const name of ["title", "says", "todo", "calls"]) item.querySelector(`.read-out__${name}`).textContent = alert[name];
      const button = item.querySelector("button");
      button.classList.toggle("button--main", !alert.isRead);
      button.textContent = say(alert.isRead ? "not_read" : "read");
      button.addEventListener("click", () => tick(alert.id, !alert.isRead));
      item.querySelector(".read-out__done").hidden = !alert.isRead;
      return item;
    }),
  );
  if (pressed) list.querySelector(`[data-alert="${pressed}"] button`)?.focus();
}
