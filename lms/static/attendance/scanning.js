// Learners' cards before the camera, one after the other: each is heard, felt and seen in big words.
import { NoCamera, watch } from "./camera.js";
import { isLearnerNumber, spaced, withoutBlanks } from "./numbers.js";
import { say } from "./words.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const dialog = find("scan");
const AWAY_MS = 2500; // a card that was gone so long has been shown again

const TONES_HZ = { good: [880, 1320], already: [880], ask: [520, 520], bad: [220] };
let sound = null;

function tone(kind) {
  navigator.vibrate?.(kind === "good" ? 80 : [60, 60, 60]);
  TONES_HZ[kind].forEach((hertz, place) => {
    const start = sound.currentTime + place * 0.12;
    const beep = new OscillatorNode(sound, { frequency: hertz });
    const loudness = new GainNode(sound, { gain: 0.25 });
    beep.connect(loudness).connect(sound.destination);
    beep.start(start);
    beep.stop(start + 0.1);
  });
}

function tell(kind, name, words) {
  const result = find("scan-result");
  result.dataset.kind = kind;
  result.hidden = false;
  find("scan-name").textContent = name;
  find("scan-words").textContent = words;
  find("scan-question").hidden = kind !== "ask";
  tone(kind);
}

let asked = ""; // the number of which the teacher is asked whether to take it in
let lastText = "";
let lastAt = 0;
let looking = null;

/**
 * Open the scanner for what is the session at each moment. `arrive(number)` marks and answers
 * {kind, name, words}; `admit(number)` takes in who is not in the class, and answers alike.
 */
export function scan({ arrive, admit }) {
  sound ??= new AudioContext();
  sound.resume();
  asked = lastText = "";
  find("scan-result").hidden = find("scan-trouble").hidden = true;
  find("scan-number").value = "";
  dialog.showModal();
  looking = new AbortController();

  const take = async (text) => {
    const number = withoutBlanks(text);
    if (!isLearnerNumber(number)) {
      tell("bad", "", say("not_a_card"));
      return false;
    }
    const answer = await arrive(number);
    asked = answer.kind === "ask" ? number : "";
    tell(answer.kind, answer.name || spaced(number), answer.words);
    return true;
  };

  const found = (text) => {
    const again = text === lastText && Date.now() - lastAt < AWAY_MS;
    lastAt = Date.now();
    if (again || asked) return;
    lastText = text;
    take(text);
  };

  const { signal } = looking;
  watch(find("scan-video"), found, signal).catch((error) => {
    if (signal.aborted) return;
    const why = error instanceof NoCamera ? error.message : "broken";
    find("scan-trouble").textContent = say(`camera_${why}`);
    find("scan-trouble").hidden = false;
    find("scan-number").focus();
  });

  find("scan-typed").onsubmit = async (event) => {
    event.preventDefault();
    const box = find("scan-number");
    if (withoutBlanks(box.value) && (await take(box.value))) box.value = "";
  };
  find("scan-admit").onclick = async () => {
    const number = asked;
    asked = "";
    lastText = number;
    const answer = await admit(number);
    tell(answer.kind, answer.name || spaced(number), answer.words);
  };
  find("scan-dismiss").onclick = () => {
    asked = "";
    find("scan-result").hidden = true;
  };
}

export const closeScanner = () => dialog.close();

dialog.addEventListener("close", () => looking?.abort());
find("scan-close").addEventListener("click", closeScanner);
