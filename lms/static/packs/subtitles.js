// In place of js/player/subtitles.js: on a stick they are in the film's picture.

export function startSubtitles() {}
