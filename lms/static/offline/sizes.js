// Megabytes as people read them: "12", "0.4".
export function inMegabytes(bytes) {
  const size = bytes / 1e6;
  return size >= 10 ? size.toFixed(0) : Math.max(0.1, size).toFixed(1);
}
