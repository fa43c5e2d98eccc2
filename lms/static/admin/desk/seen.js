// What this person has been in or has listened to, so that nobody has to do it twice. The server is
// told within a second, and again until it answers.
import { ask } from "./saving.js";

const SOON_MS = 300;
const AGAIN_MS = 3000;
const EDGE_MS = 400; // of a line at either end that may be missed, of a short one a quarter

export class Seen {
  constructor({ url, needsEar, onChange }) {
    Object.assign(this, { url, needsEar, onChange });
    this.waiting = new Set();
    this.timer = 0;
  }

  note(line) {
    if (line.seen || !this.needsEar(line)) return;
    line.seen = true;
    this.waiting.add(line);
    this.soon(SOON_MS);
    this.onChange(line);
  }

  // A line that the film has played from end to end was listened to. `played` is what the browser's
  // player says, [from, to] each in ms: a page that draws late, or a film that plays fast, misses none.
  hear(lines, played) {
    for (const line of lines) {
      if (line.seen || !this.needsEar(line)) continue;
      const edge = Math.min(EDGE_MS, (line.end - line.start) / 4);
      if (played.some(([from, to]) => from <= line.start + edge && to >= line.end - edge)) this.note(line);
    }
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
