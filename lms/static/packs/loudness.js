// In place of js/player/loudness.js: a browser does not let a page work on the sound of a file, and
// would be silent. The key is not there.

export function startLoudness(root) {
  root.querySelector('[data-louder]').hidden = true;
}
