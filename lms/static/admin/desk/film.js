// The film beside the lines: plays one line, shows the line as a viewer sees it, says where it is.

const BEFORE_MS = 150; // of a line that is played, so that its first sound is not cut
const AFTER_MS = 200;

export class Film {
  constructor(root, { lineAt, onTime }) {
    this.video = root.querySelector("[data-film]");
    this.caption = root.querySelector("[data-caption]");
    this.lineAt = lineAt;
    this.onTime = onTime;
    this.stopAt = null;
    this.wanted = null;
    if (!this.video) return;
    for (const name of ["timeupdate", "seeking", "seeked", "pause"]) {
      this.video.addEventListener(name, () => this.tick());
    }
    this.video.addEventListener("play", () => this.watch());
    this.video.addEventListener("loadedmetadata", () => {
      if (this.wanted !== null) this.video.currentTime = this.wanted;
      this.tick();
    });
  }

  get now() { return this.video ? Math.round(this.video.currentTime * 1000) : 0; }

  // What was played of it so far, [from, to] each in ms.
  get played() {
    const { played } = this.video || { played: { length: 0 } };
    return Array.from(played, (_, i) => [played.start(i) * 1000, played.end(i) * 1000]);
  }

  get playing() { return Boolean(this.video) && !this.video.paused; }

  // Every frame while it plays, so that a line ends where it should.
  watch() {
    if (!this.playing) return;
    this.tick();
    if (this.stopAt !== null && this.now >= this.stopAt) {
      this.stopAt = null;
      this.video.pause();
      return;
    }
    requestAnimationFrame(() => this.watch());
  }

  tick() {
    const line = this.lineAt(this.now);
    this.draw(line);
    this.onTime(line);
  }

  draw(line) {
    const text = line ? line.text : "";
    if (this.drawn === text) return;
    this.drawn = text;
    this.caption.replaceChildren(
      ...text.split("\n").filter(Boolean).map((words) => {
        const span = document.createElement("span");
        span.textContent = words;
        return span;
      }),
    );
  }

  goTo(ms) {
    if (!this.video) return;
    this.wanted = Math.max(0, ms) / 1000;
    if (this.video.readyState > 0) this.video.currentTime = this.wanted;
  }

  playLine(line) {
    if (!this.video) return;
    this.goTo(line.start - BEFORE_MS);
    this.stopAt = line.end + AFTER_MS;
    this.play();
  }

  play() {
    const promise = this.video.play();
    if (promise) promise.catch(() => {}); // a browser may want a click first; the button is there
  }

  toggle() {
    if (!this.video) return;
    this.stopAt = null;
    if (this.video.paused) this.play();
    else this.video.pause();
  }
}
