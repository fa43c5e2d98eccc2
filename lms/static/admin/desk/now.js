// What is known of the line that one is in: its times, how fast and how wide it is, what is wrong.
import { clock, speed, tenth, width } from "./measures.js";
import { make } from "./row.js";

const FASTEST_SHOWN = 12; // characters a second, at the meter's end

export class Now {
  constructor(root, { rules, words, on }) {
    Object.assign(this, { root, rules, words, on });
    this.find = (name) => root.querySelector(`[data-${name}]`);
    const bar = this.find("fill").parentNode;
    for (const limit of [rules.aimed, rules.refused]) {
      const mark = make("span", "now__limit");
      mark.style.left = `${(limit / FASTEST_SHOWN) * 100}%`;
      mark.title = String(limit);
      bar.append(mark);
    }
  }

  draw(line) {
    this.root.hidden = !line;
    if (!line) return;
    const { rules, words } = this;
    for (const side of ["start", "end"]) {
      const input = this.root.querySelector(`[data-time=${side}]`);
      const shown = `${line.key}:${line[side]}`;
      if (input.dataset.shown !== shown || document.activeElement !== input) input.value = clock(line[side]);
      input.dataset.shown = shown;
    }
    const ms = line.end - line.start;
    const isOff = ms < rules.shortest || ms > rules.longest;
    this.find("for").textContent = words.shownFor.replace("{seconds}", tenth(ms / 1000));
    this.find("for").classList.toggle("now__off", isOff);
    const fast = speed(line.text.replace(/\n/g, ""), ms);
    this.find("speed").textContent = words.perSecond.replace("{speed}", tenth(fast));
    const fill = this.find("fill");
    fill.style.width = `${Math.min(1, fast / FASTEST_SHOWN) * 100}%`;
    fill.dataset.is = fast > rules.refused ? "bad" : fast > rules.warned ? "poor" : "good";
    this.find("lines").replaceChildren(...line.text.split("\n").map((text, i) => {
      const wide = width(text);
      const part = make("span", wide > rules.lineWidth || i >= rules.lines ? "now__off" : "", {
        textContent: words.lines.replace("{number}", i + 1).replace("{width}", tenth(wide)).replace("{most}", rules.lineWidth),
      });
      return part;
    }));
    this.drawProblems(line);
  }

  drawProblems(line) {
    const { rules, words, on } = this;
    const items = line.doubts.map(([start, end, probability]) => this.item(
      words.sure.replace("{word}", line.text.slice(start, end)).replace("{percent}", Math.round(probability * 100)), "doubt", words.confirm, on.confirm,
    ));
    for (const [start, end, word] of line.swaps) {
      const said = words.swap.replace("{heard}", line.text.slice(start, end)).replace("{word}", word);
      items.push(this.item(said, "doubt", words.take, on.takeSwap));
    }
    if (line.swaps.length && !line.doubts.length) items.push(this.item(words.swapOrConfirm, "none", words.confirm, on.confirm));
    for (const code of line.problems) {
      const signed = line.waived[code];
      const { words: said, rule } = rules.reasons[code];
      if (code === "doubtful" && line.doubts.length) continue;
      if (signed) items.push(this.item(`${said} ${words.waivedBy.replace("{name}", signed.by)}`, "waived"));
      else items.push(this.item(said, rule ? "rule" : "advice", rule ? words.waive : code === "doubtful" ? words.confirm : "", rule ? on.waive : on.confirm));
    }
    if (line.waived.doubtful) items.push(this.item(words.confirmedBy.replace("{name}", line.waived.doubtful.by), "waived"));
    if (!items.length) items.push(this.item(words.nothingWrong, "fine"));
    this.find("problems").replaceChildren(...items);
  }

  item(text, kind, word = "", press = null) {
    const item = make("li", `problem problem--${kind}`);
    item.append(make("span", "problem__words", { textContent: text }));
    if (word) {
      const button = make("button", "problem__answer", { type: "button", textContent: word });
      button.addEventListener("click", press);
      item.append(button);
    }
    return item;
  }
}
