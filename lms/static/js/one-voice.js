// A film and a reading never speak at once: whoever is asked to begin quiets the others in the same
// moment. Their "play" comes later, and one that comes too late must not stop what was asked for last.

export function quietOthers(own) {
  for (const one of document.querySelectorAll('audio, video')) if (one !== own) one.pause();
}
