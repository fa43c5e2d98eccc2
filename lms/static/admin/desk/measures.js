// How wide and how fast a line is: the figures of subtitles/cues/cue.py, while somebody types.

const WIDE = /[\u1100-\u115f\u2018-\u201d\u2014\u2026\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;
const READ = /[\p{L}\p{N}]/u;

// In full-width characters; a half-width letter or digit is half of one.
export function width(text) {
  let sum = 0;
  for (const character of text) sum += WIDE.test(character) ? 1 : 0.5;
  return sum;
}

// Full-width characters a second; marks and spaces are not read.
export function speed(text, ms) {
  const read = Array.from(text).filter((character) => READ.test(character)).join("");
  return (width(read) * 1000) / Math.max(1, ms);
}

// 83,450 ms are 1:23.45.
export function clock(ms) {
  const hundredths = Math.round(ms / 10);
  const minutes = Math.floor(hundredths / 6000);
  const rest = (hundredths % 6000) / 100;
  return `${minutes}:${rest.toFixed(2).padStart(5, "0")}`;
}

// Milliseconds of what somebody typed (1:23.45, 83.45, 1:02:03); NaN if it is no time.
export function parseClock(text) {
  const parts = text.trim().replace(/[：]/g, ":").replace(/[，,。]/g, ".").split(":");
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return NaN;
  return Math.round(parts.reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);
}

export const tenth = (number) => number.toFixed(1).replace(/\.0$/, "");
