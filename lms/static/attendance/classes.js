// The list of sessions: today's, those to finish, those to come, those done; and one more today.
import { toRead } from "./read_outs.js";
import { isToday, present, say, span } from "./words.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const copy = (name) => document.querySelector(`[data-template=${name}]`).content.firstElementChild.cloneNode(true);

function groupOf(session) {
  if (isToday(session.starts_at)) return "today";
  if (new Date(session.starts_at) > present()) return "later";
  return session.state === "planned" && !session.closing ? "unfinished" : "finished";
}

function stateOf(session) {
  if (session.closing) return say("closing");
  if (session.state === "closed") return say("closed");
  if (session.state === "cancelled") return say("cancelled");
  const count = session.learners.filter((learner) => !learner.status).length;
  if (session.learners.length > 0 && count === 0) return say("marked");
  const begun = count < session.learners.length;
  return begun ? say("to_mark", { count }) : say("learners", { count });
}

function drawClass(session) {
  const item = copy("class");
  const link = item.querySelector(".class");
  link.dataset.session = session.id;
  link.dataset.over = session.closing || session.state !== "planned";
  if (session.state !== "cancelled") link.href = `#${session.id}`;
  item.querySelector(".class__title").textContent = session.title;
  item.querySelector(".class__when").textContent = [span(session), session.place].filter(Boolean).join("，");
  const unread = session.state === "cancelled" ? 0 : toRead(session).filter((alert) => !alert.isRead).length;
  item.querySelector(".class__state").textContent = [stateOf(session), unread && say("to_read", { count: unread })].filter(Boolean).join("，");
  return item;
}

export function drawClasses(sessions) {
  const groups = [];
  for (const name of ["today", "unfinished", "later", "finished"]) {
    const members = sessions.filter((session) => groupOf(session) === name);
    if (members.length === 0) continue;
    const group = copy("group");
    group.dataset.group = name;
    group.querySelector("h2").textContent = say(name);
    group.querySelector("ul").append(...members.map(drawClass));
    groups.push(group);
  }
  const today = groups.filter((group) => group.dataset.group === "today");
  const others = groups.filter((group) => group.dataset.group !== "today");
  find("groups").replaceChildren(...today, find("meet-open"), ...others);
}

const dialog = find("meet");

/** Ask which of the classes meets today without having been planned to; `add(it)` adds its session. */
export function askWhichMeets(classes, sessions, add) {
  find("meet-classes").replaceChildren(
    ...classes.map((one) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "button meet__class", textContent: one.title });
      button.dataset.class = one.id;
      const planned = sessions.find(
        (session) => session.title === one.title && session.state !== "cancelled" && isToday(session.starts_at),
      );
      if (planned) {
        const aside = document.createElement("span");
        aside.className = "meet__aside";
        aside.textContent = say("meets_already", { when: span(planned) });
        button.append(aside);
      }
      button.addEventListener("click", async () => {
        if (await add(one)) dialog.close();
      });
      return button;
    }),
  );
  dialog.showModal();
}

export const closeMeeting = () => dialog.close();
find("meet-close").addEventListener("click", closeMeeting);
