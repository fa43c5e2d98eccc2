// WebVTT as our own server writes it: cues with one or two lines, no styling.

const TIMES = /^(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3})\s+-->\s+(?:(\d+):)?(\d{2}):(\d{2})\.(\d{3})/;
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&nbsp;': ' ' };

function seconds(hours, minutes, whole, ms) {
  return Number(hours || 0) * 3600 + Number(minutes) * 60 + Number(whole) + Number(ms) / 1000;
}

function plain(line) {
  return line.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|nbsp);/g, (entity) => ENTITIES[entity]);
}

// [{start, end, lines}] in seconds, by start.
export function parseVtt(text) {
  const cues = [];
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => TIMES.test(line));
    if (at < 0) continue;
    const t = TIMES.exec(lines[at]);
    cues.push({
      start: seconds(t[1], t[2], t[3], t[4]),
      end: seconds(t[5], t[6], t[7], t[8]),
      lines: lines.slice(at + 1).filter((line) => line.trim()).map(plain),
    });
  }
  return cues.sort((a, b) => a.start - b.start);
}
