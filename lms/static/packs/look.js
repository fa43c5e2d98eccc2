// How big the letters are, which colours, how fast is read out: as somebody chose it on this machine
// (display.js), before anything is seen.
(() => {
  const look = document.documentElement.dataset;
  let chosen = null;
  try { chosen = JSON.parse(window.localStorage.getItem('reader:look')); } catch (error) { /* nothing is kept here */ }
  for (const name of ['size', 'theme', 'aloud', 'speed']) {
    if (chosen && typeof chosen[name] === 'string') look[name] = chosen[name];
  }
  const scheme = document.querySelector('meta[name="color-scheme"]');
  if (scheme) scheme.content = look.theme;
})();
