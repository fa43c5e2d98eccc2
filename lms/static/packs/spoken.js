// When each sentence of a reading begins, which on the site is a file of its own. A page that was
// opened from a stick may not read that; so it stands in the page, and takes the track's place.

for (const element of document.querySelectorAll('track[data-moments]')) {
  const moments = element.dataset.moments.split(',').map((one) => Number(one) / 1000);
  const track = element.parentNode.addTextTrack('metadata');
  track.mode = 'hidden';
  moments.forEach((start, place) => {
    const end = place + 1 < moments.length ? moments[place + 1] : start + 60;
    track.addCue(new window.VTTCue(start, end, String(place)));
  });
  Object.defineProperty(element, 'track', { value: track });
}
