// Everything is saved by itself within a second; what another person does comes in; nothing is
// lost when the network is, or when two meet in one line.

import { alike, known, own } from "./lines.js";

const QUIET_MS = 350; // after the last key
const LATEST_MS = 800; // after the first one that is not saved
const AGAIN_MS = 3000;
const NEWS_MS = 3000;

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.message);
    this.status = status;
    this.answer = answer;
  }
}

// Signing in again, in another tab too, changes the token: the one that came with the page is then void.
function csrfToken(config) {
  const kept = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return kept ? kept[1] : config.CSRF_TOKEN;
}

export async function ask(url, body) {
  const config = JSON.parse(document.getElementById("wagtail-config").textContent);
  const isForm = body instanceof FormData;
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { [config.CSRF_HEADER_NAME]: csrfToken(config), ...(isForm ? {} : { "Content-Type": "application/json" }) },
    body: isForm ? body : JSON.stringify(body),
  });
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (!isJson) throw new Error(answer.redirected ? "signed out" : `status ${answer.status}`);
  const told = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, told);
  return told;
}

export class Saving {
  constructor({ start, lines, draft, isWriting, where, on }) {
    this.start = start;
    this.lines = lines;
    this.edit = start.edit;
    this.isWriting = isWriting; // whether an input method is in the middle of a word of that line
    this.where = where; // the id of the line that the person is in
    this.on = on;
    this.since = 0;
    this.timer = 0;
    this.busy = null;
    this.draft = draft;
    this.takeUp(draft.waiting);
    setInterval(() => { if (!document.hidden) this.news(); }, NEWS_MS);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.news(); });
    window.addEventListener("beforeunload", (event) => { if (this.ready().length || this.busy) event.preventDefault(); });
  }

  // Lines that can be sent now.
  ready() {
    return this.lines.dirty.filter((line) => !line.conflict && !line.refused && !this.isWriting(line) && (line.gone || line.text.trim()));
  }

  soon() {
    const now = Date.now();
    if (!this.since) this.since = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(QUIET_MS, this.since + LATEST_MS - now)));
    this.keepDraft();
    this.on.state("unsaved");
  }

  // Resolves when nothing is left to save; true if all of it is safe.
  async flush() {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
    if (this.ready().length) await this.save();
    while (this.busy) await this.busy;
    return !this.lines.dirty.length;
  }

  save() {
    if (this.busy) return this.busy;
    this.busy = this.send().finally(() => {
      this.busy = null;
      if (this.ready().length && !this.failed) this.soon();
    });
    return this.busy;
  }

  async send() {
    this.since = 0;
    try {
      if (this.failed) { // the server may have done what it could not answer
        this.hear(await this.askNews());
        for (const line of this.lines.all.values()) line.sent = null;
      }
      this.failed = false;
      await this.sendDirty();
    } catch (problem) {
      this.failed = true;
      this.on.state("failed", { signedOut: problem.message === "signed out" });
      setTimeout(() => this.save(), AGAIN_MS);
    }
  }

  async sendDirty() {
    const batch = this.ready().filter((line) => line.id !== null || !line.gone);
    for (const line of this.lines.dirty) if (line.gone && line.id === null) line.saved = null;
    if (!batch.length) {
      this.keepDraft();
      this.tell();
      return;
    }
    this.on.state("saving");
    const sent = batch.map((line) => ({
      id: line.id, base: line.revision, gone: line.gone, start: line.start, end: line.end, text: line.text, chapter: line.chapter,
    }));
    batch.forEach((line, i) => { line.sent = sent[i]; });
    this.keepDraft();
    try {
      const told = await ask(this.start.urls.change, { edits: sent });
      const fresh = batch.filter((line, i) => sent[i].id === null);
      fresh.forEach((line, i) => { line.id = told.made[i]; });
      batch.forEach((line, i) => { if (sent[i].gone) Object.assign(line, { id: null, saved: null, sent: null }); });
      this.edit = told.edit;
      for (const row of told.cues) this.accept(row, sent[batch.findIndex((line) => line.id === row.id)]);
      this.lines.sort();
      this.on.changed(batch);
      this.keepDraft();
      this.tell(told);
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 409) this.meet(problem.answer);
      else if (problem instanceof Refused && problem.status === 422) {
        const line = this.lines.byId(problem.answer.cue ?? null);
        for (const one of line ? [line] : batch) one.refused = problem.message;
        this.on.changed(line ? [line] : batch);
        this.on.state("refused", { message: problem.message });
      } else throw problem;
      for (const line of batch) line.sent = null;
      this.keepDraft();
    }
  }

  tell(told) {
    const { dirty } = this.lines;
    this.on.state(dirty.some((line) => line.conflict) ? "conflict" : dirty.length ? "unsaved" : "saved", told);
  }

  // A row comes back: what was typed while it was on its way stays.
  accept(row, sent) {
    const line = this.lines.byId(row.id);
    if (!line) return this.lines.take(row);
    const typed = sent && (line.text !== sent.text || line.start !== sent.start || line.end !== sent.end || line.chapter !== sent.chapter || line.gone);
    const mine = { ...own(line), ...known(line) };
    const kept = typed || (!sent && this.lines.isDirty(line));
    this.lines.take(row, line);
    if (kept) Object.assign(line, mine);
    else if (sent && mine.text !== row.text) line.text = line.saved.text = mine.text; // a new line's end, not filled yet
    return line;
  }

  meet({ theirs, gone }) {
    const met = [...theirs.map((row) => row.id), ...gone].map((id) => this.lines.byId(id));
    for (const row of theirs) this.meetRow(this.lines.byId(row.id), row);
    for (const id of gone) this.meetNone(this.lines.byId(id));
    this.lines.sort();
    this.on.changed(met);
    this.tell();
  }

  // The server has a newer row than the line was made from.
  meetRow(line, row) {
    const mine = [line.sent, line].find((one) => one && !one.gone && alike(one, row));
    if (mine) { // nobody else's: the answer was lost
      line.id = row.id;
      this.accept(row, mine);
    } else if (line.gone || !this.lines.isDirty(line)) { // removed here, changed there: it stays, to be looked at
      this.lines.take(row, line);
      Object.assign(line, { gone: false, byOther: true });
    } else line.conflict = row;
  }

  // The server has the line no more.
  meetNone(line) {
    const removed = line.sent && line.sent.gone; // by this desk, which did not hear the answer
    if (removed && !line.gone) Object.assign(line, { id: null, saved: null, sent: null }); // undone since
    else if (line.gone || !this.lines.isDirty(line)) Object.assign(line, { gone: true, id: null, saved: null, sent: null });
    else line.conflict = { gone: true };
  }

  settle(line, mine) {
    const theirs = line.conflict;
    line.conflict = null;
    if (theirs.gone) {
      Object.assign(line, { id: null, saved: null, gone: !mine });
      this.lines.sort();
    } else {
      const kept = { ...own(line), ...known(line) };
      this.lines.take(theirs, line);
      if (mine) Object.assign(line, kept);
    }
    this.on.changed([line]);
    this.soon();
  }

  askNews() { return ask(this.start.urls.news, { since: this.edit, cue: this.where() }); }

  async news() {
    if (this.busy || this.asking) return;
    this.asking = true;
    try {
      const told = await this.askNews();
      if (!this.busy && told.edit >= this.edit) this.hear(told);
    } catch (problem) { // the next round asks again
      this.on.others([]);
    } finally {
      this.asking = false;
    }
  }

  hear(told) {
    this.on.others(told.others);
    this.on.seen(told.seen);
    if (told.edit === this.edit && !told.cues) return;
    const changed = [];
    for (const row of told.cues || []) {
      const line = this.lines.byId(row.id) || this.unanswered(row);
      if (line && (this.lines.isDirty(line) || line.sent) && row.revision > line.revision) {
        this.meetRow(line, row);
        changed.push(line);
      } else {
        const isNew = !line || row.revision > line.revision;
        const heard = this.accept(row);
        heard.byOther = isNew;
        changed.push(heard);
      }
    }
    for (const line of [...this.lines.all.values()]) {
      if (line.id === null || !told.ids || told.ids.includes(line.id)) continue;
      this.meetNone(line);
      changed.push(line);
    }
    this.edit = told.edit;
    this.lines.sort();
    this.on.changed(changed);
    this.keepDraft();
    this.tell(told);
  }

  // The new line that the server has made `row` of without this desk hearing its id.
  unanswered(row) {
    return [...this.lines.all.values()].find((line) => line.id === null && (line.sent || !line.gone) && alike(line.sent || line, row));
  }

  // What could not be sent waits in this browser.
  keepDraft() {
    this.draft.keep(this.lines.dirty.map((line) => {
      const { id, revision, gone, sent } = line;
      return { id, revision, gone, sent, ...own(line), ...known(line) };
    }));
  }

  takeUp(waiting) {
    for (const mine of waiting) {
      const row = this.start.cues.find((one) => (mine.id === null ? alike(mine.sent || mine, one) : one.id === mine.id));
      if (!row && mine.gone) continue; // removed there too
      const line = row ? this.lines.byId(row.id) : this.lines.fresh();
      Object.assign(line, { ...mine, gone: Boolean(mine.gone), fresh: false });
      if (!row && mine.id !== null) this.meetNone(line);
      else if (row && (mine.id === null || row.revision > mine.revision)) this.meetRow(line, row);
    }
    this.lines.sort();
    if (waiting.length) this.soon();
  }
}
