// What this person has been in or has listened to, so that nobody has to do it twice. The server is
// told within a second, and again until it answers.
import { ask } from "./saving.js";

const SOON_MS = 300;
const AGAIN_MS = 3000;
const EDGE_MS = 400; // of a line at either end that may be missed
const JUMP_MS = 1000; // between two looks at a film that simply plays

export class Seen {
  constructor({ url, needsEar, onChange }) {
    Object.assign(this, { url, needsEar, onChange });
    this.waiting = new Set();
    this.timer = 0;
    this.playing = { line: null, from: 0, at: 0 };
  }

  note(line) {
    if (line.seen || !this.needsEar(line)) return;
    line.seen = true;
    this.waiting.add(line);
    this.soon(SOON_MS);
    this.onChange(line);
  }

  // The film stands at `at`: a line that it has played from end to end was listened to.
  hear(line, at, isPlaying) {
    const last = this.playing;
    const goesOn = line === last.line && at >= last.at && at - last.at < JUMP_MS;
    this.playing = { line, from: goesOn ? last.from : at, at };
    const isWhole = line && this.playing.from <= line.start + EDGE_MS && at >= line.end - EDGE_MS;
    if (isPlaying && isWhole) this.note(line);
  }

  // What the server knows, from others too.
  learn(ids, lines) {
    for (const id of ids) {
      const line = lines.byId(id);
      if (line && !line.seen) {
        line.seen = true;
        this.onChange(line);
      }
    }
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  async send() {
    clearTimeout(this.timer);
    for (const line of this.waiting) if (line.gone) this.waiting.delete(line);
    const sent = [...this.waiting].filter((line) => line.id !== null);
    try {
      if (sent.length) await ask(this.url, { cues: sent.map((line) => line.id) });
      for (const line of sent) {
        line.seen = true; // a row that came meanwhile did not say so yet
        this.waiting.delete(line);
        this.onChange(line);
      }
    } catch (problem) { // it is sent again below
    }
    if (this.waiting.size) this.soon(AGAIN_MS);
  }
}
