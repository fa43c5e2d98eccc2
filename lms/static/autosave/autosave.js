// When what was typed is sent: once the hands rest, one request after another, and again while the
// network is away or the person signed out. What is sent, and what an answer changes, the page says.
import { isPassing } from "./protocol.js";

const AGAIN_MS = 3000;

export class Autosave {
  // restMs after the last key, but no later than latestMs after the first one that is not saved.
  // send(what) resolves to an outcome of protocol.js; hasMore() says whether something could be sent.
  constructor({ restMs, latestMs = Infinity, send, hasMore }) {
    Object.assign(this, { restMs, latestMs, send, hasMore });
    this.since = 0; // when the first key was pressed that is not on its way yet
    this.timer = 0;
    this.busy = false;
    this.turn = Promise.resolve();
    window.addEventListener("online", () => { if (this.hasMore()) this.flush(); });
  }

  soon() {
    const now = Date.now();
    if (!this.since) this.since = now;
    this.plan(Math.max(0, Math.min(this.restMs, this.since + this.latestMs - now)));
  }

  plan(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), ms);
  }

  // Sends at once, after what is on its way; resolves to whether the server answered. `what` goes to
  // send: a button that was pressed too, a file that was chosen.
  flush(what = {}) {
    clearTimeout(this.timer);
    const sent = this.turn.then(() => this.sendOnce(what));
    this.turn = sent.catch((error) => console.error(error));
    return sent;
  }

  async sendOnce(what) {
    this.since = 0;
    this.busy = true;
    let outcome;
    try {
      outcome = await this.send(what);
    } finally {
      this.busy = false;
    }
    if (!isPassing(outcome)) return true;
    if (this.hasMore()) this.plan(AGAIN_MS);
    return false;
  }
}
