// What of the lines a person has to look at, and what is left of it in words.

export class Look {
  constructor({ rules, words }) { Object.assign(this, { rules, words }); }

  breaksRule(line) { return line.problems.some((code) => this.rules.reasons[code].rule && !(code in line.waived)); }

  isDoubtful(line) { return line.doubts.length > 0 || (line.problems.includes("doubtful") && !line.waived.doubtful); }

  // Somebody speaks there, and nobody has written the words or let it pass.
  isHole(line) { return line.text === this.rules.unheard && !line.waived.unheard; }

  needsEar(line) { return this.isDoubtful(line) || this.isHole(line); }

  isNeeded(line) { return Boolean(line.conflict) || line.swaps.length > 0 || this.isDoubtful(line) || this.breaksRule(line); }

  // The words of a line to look at, in their order.
  places(line) { return [...line.doubts, ...line.swaps].map((span) => span.slice(0, 2)).sort((a, b) => a[0] - b[0]); }

  left(lines) {
    const { words } = this;
    if (!lines.length) return words.empty;
    const count = (is) => lines.filter(is).length;
    const holes = count((line) => this.isHole(line));
    const broken = count((line) => this.breaksRule(line) && !this.isHole(line));
    const doubts = count((line) => line.doubts.length > 0);
    const unseen = count((line) => this.isDoubtful(line) && !line.seen);
    const waived = count((line) => Object.keys(line.waived).some((code) => this.rules.reasons[code].rule));
    const parts = holes ? [words.holes.replace("{count}", holes)] : [];
    const word = broken ? words.left : holes ? doubts && words.leftDoubts : doubts ? words.leftNone : words.allClear;
    if (word) parts.push(word.replace("{rules}", broken).replace("{doubts}", doubts));
    if (unseen) parts.push(words.unseen.replace("{count}", unseen));
    if (waived) parts.push(words.waivedCount.replace("{count}", waived));
    return parts.join(" · ");
  }
}
