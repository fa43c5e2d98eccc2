// Who is not on the list: taken in by number or by name; and the server's question who has the same
// name, which the teacher answers.
import { isClosed } from "./learners.js";
import { isLearnerNumber, spaced, withoutBlanks } from "./numbers.js";
import { say } from "./words.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const dialog = find("walk-in");
const copy = (name) => document.querySelector(`[data-template=${name}]`).content.firstElementChild.cloneNode(true);

function complain(words) {
  find("walk-in-trouble").textContent = words;
  find("walk-in-trouble").hidden = !words;
}

/** As the server writes names: without blanks, but 阿依古丽 A. keeps hers. */
function plainName(typed) {
  const parts = typed.split(/\s+/).filter(Boolean);
  return parts.join(parts.some((part) => /^[\x20-\x7e]+$/.test(part)) ? " " : "");
}

/**
 * Ask who it is. `mark(key)` marks somebody of the list, `admit(person, reason)` takes in {number}
 * or {name, not_these}; both answer whether it was stored. Resolves when somebody was taken in.
 */
export function askWho(session, { mark, admit }) {
  let taken = () => {};
  const form = find("walk-in-form");
  form.reset();
  complain("");
  find("walk-in-same").hidden = true;
  find("walk-in-reason").hidden = !isClosed(session);
  dialog.showModal();

  const end = (stored, isNew) => {
    if (stored) dialog.close();
    else complain(say("not_stored"));
    if (stored && isNew) taken();
  };

  form.onsubmit = async (event) => {
    event.preventDefault();
    complain("");
    const number = withoutBlanks(form.elements.number.value);
    const name = plainName(form.elements.name.value);
    const reason = isClosed(session) ? form.elements.reason.value.trim() : "";
    if (number && !isLearnerNumber(number)) return complain(say("wrong_number"));
    if (!number && !name) return complain(say("number_or_name"));
    if (isClosed(session) && !reason) return complain(say("needs_reason"));
    if (number) {
      const known = session.learners.some((learner) => learner.number === number);
      return end(await (known ? mark(number, reason) : admit({ number }, reason)), !known);
    }
    const same = session.learners.filter((learner) => learner.name === name);
    if (same.length === 0) return end(await admit({ name }, reason), true);
    find("walk-in-same").hidden = false;
    find("walk-in-same-words").textContent = say("same_in_class", { name });
    find("walk-in-buttons").replaceChildren(
      ...same.map((learner) => choice(label(learner), async () => end(await mark(learner.number, reason)))),
      choice(say("another_person"), async () => {
        const not_these = same.map((learner) => learner.number).filter((one) => !one.startsWith("+"));
        end(await admit({ name, not_these }, reason), true);
      }),
    );
    find("walk-in-same").scrollIntoView({ block: "nearest" });
  };
  return new Promise((good) => {
    taken = good;
  });
}

const label = ({ number }) => (number.startsWith("+") ? say("the_new_one") : say("this_one", { number: spaced(number) }));

function choice(words, chosen) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words;
  button.addEventListener("click", chosen);
  return button;
}

/** The walk-ins of whom the server asks. `answer(seq, number or null for none of them)`. */
export function drawQuestions(questions, answer) {
  find("questions").hidden = questions.length === 0;
  find("questions").replaceChildren(
    ...questions.map(({ seq, name, title, same }) => {
      const item = copy("question");
      item.querySelector(".question__words").textContent = say("same_in_village", { name, title });
      item.querySelector(".question__choices").append(
        ...same.map(({ number, birth_year: year }) => {
          const who = say("this_one", { number: spaced(number) });
          return choice(year ? `${who}，${say("born", { year })}` : who, () => answer(seq, number));
        }),
        choice(say("another_person"), () => answer(seq, null)),
      );
      return item;
    }),
  );
}

export const closeWalkIn = () => dialog.close();
find("walk-in-close").addEventListener("click", closeWalkIn);
