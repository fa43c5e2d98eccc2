// Everything is saved by itself within a second; what another person does comes in; nothing is
// lost when the network is, or when two meet in one line.

import { Autosave } from "../../autosave/autosave.js";
import { CONFLICT, REFUSED, SAVED, SIGNED_OUT, isPassing, post } from "../../autosave/protocol.js";
import { alike, known, own } from "./lines.js";

const QUIET_MS = 350; // after the last key
const LATEST_MS = 800; // after the first one that is not saved
const NEWS_MS = 3000;

export class Refused extends Error {
  constructor({ is, told }) {
    super(told.message);
    Object.assign(this, { is, told });
  }
}

// What the server says to a button; throws Refused with its reason, Error when it did not say one.
export async function ask(url, body) {
  const outcome = await post(url, body);
  if (outcome.is === SAVED) return outcome.told;
  throw outcome.told.message ? new Refused(outcome) : new Error(outcome.is);
}

export class Saving {
  constructor({ start, lines, draft, isWriting, where, on }) {
    this.start = start;
    this.lines = lines;
    this.edit = start.edit;
    this.isWriting = isWriting; // whether an input method is in the middle of a word of that line
    this.where = where; // the id of the line that the person is in
    this.on = on;
    this.failed = false;
    this.draft = draft;
    this.autosave = new Autosave({
      restMs: QUIET_MS, latestMs: LATEST_MS, send: () => this.send(), hasMore: () => this.failed || this.ready().length > 0,
    });
    this.takeUp(draft.waiting);
    setInterval(() => { if (!document.hidden) this.news(); }, NEWS_MS);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.news(); });
    window.addEventListener("beforeunload", (event) => { if (this.ready().length || this.autosave.busy) event.preventDefault(); });
  }

  // Lines that can be sent now.
  ready() {
    return this.lines.dirty.filter((line) => !line.conflict && !line.refused && !this.isWriting(line) && (line.gone || line.text.trim()));
  }

  soon() {
    this.autosave.soon();
    this.keepDraft();
    this.on.state("unsaved");
  }

  // Resolves when all that can be sent was; true if all of it is safe.
  async flush() {
    do await this.autosave.flush(); while (this.ready().length && !this.failed);
    return !this.lines.dirty.length;
  }

  async send() {
    const outcome = await this.sendDirty();
    this.failed = ![SAVED, CONFLICT, REFUSED].includes(outcome.is);
    if (this.failed) this.on.state("failed", { signedOut: outcome.is === SIGNED_OUT });
    else if (this.ready().length) this.soon();
    return outcome;
  }

  async sendDirty() {
    if (this.failed) { // the server may have done what it could not answer
      const outcome = await this.askNews();
      if (outcome.is !== SAVED) return outcome;
      this.hear(outcome.told);
      for (const line of this.lines.all.values()) line.sent = null;
      this.failed = false;
    }
    const batch = this.ready().filter((line) => line.id !== null || !line.gone);
    for (const line of this.lines.dirty) if (line.gone && line.id === null) line.saved = null;
    if (!batch.length) {
      this.keepDraft();
      this.tell();
      return { is: SAVED };
    }
    this.on.state("saving");
    const sent = batch.map((line) => ({
      id: line.id, base: line.revision, gone: line.gone, start: line.start, end: line.end, text: line.text, chapter: line.chapter,
    }));
    batch.forEach((line, i) => { line.sent = sent[i]; });
    this.keepDraft();
    const outcome = await post(this.start.urls.change, { edits: sent });
    if (outcome.is === SAVED) this.take(outcome.told, batch, sent);
    else if (outcome.is === CONFLICT) this.meet(outcome.told);
    else if (outcome.is === REFUSED) this.refuse(outcome.told, batch);
    if (!isPassing(outcome)) for (const line of batch) line.sent = null;
    this.keepDraft();
    return outcome;
  }

  // All that was sent is kept.
  take(told, batch, sent) {
    const fresh = batch.filter((line, i) => sent[i].id === null);
    fresh.forEach((line, i) => { line.id = told.made[i]; });
    batch.forEach((line, i) => { if (sent[i].gone) Object.assign(line, { id: null, saved: null, sent: null }); });
    this.edit = told.edit;
    for (const row of told.cues) this.accept(row, sent[batch.findIndex((line) => line.id === row.id)]);
    this.lines.sort();
    this.on.changed(batch);
    this.tell(told);
  }

  // Nothing is kept; without a line's name it is true of all that were sent.
  refuse({ message, refused }, batch) {
    const named = batch.filter((line) => line.id !== null && String(line.id) in refused);
    const lines = named.length ? named : batch;
    for (const line of lines) line.refused = message;
    this.on.changed(lines);
    this.on.state("refused", { message });
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

  meet({ conflicts, gone }) {
    const theirs = Object.values(conflicts);
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

  askNews() { return post(this.start.urls.news, { since: this.edit, cue: this.where() }); }

  async news() {
    if (this.autosave.busy || this.asking) return;
    this.asking = true;
    const { is, told } = await this.askNews();
    this.asking = false;
    if (is !== SAVED) this.on.others([]); // the next round asks again
    else if (!this.autosave.busy && told.edit >= this.edit) this.hear(told);
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
