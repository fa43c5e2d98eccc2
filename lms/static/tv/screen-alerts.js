// Alerts and emergencies of the unit where a lobby's screen stands, asked for beside the list: a band
// over whatever plays, a slide of its own after each item, and an emergency over everything, which
// is read aloud every two minutes and goes when its hour has come, without a network too.
import { startBrowserVoice } from '../js/reading/browser-voice.js';

// With the eight seconds for which the site may remember (ALERTS_READ_SECONDS) less than a minute.
const EVERY_MS = 50 * 1000;
const BAND_MS = 15 * 1000;
const ALOUD_MS = 2 * 60 * 1000;

export function alertsOf(stage) {
  const slide = stage.querySelector('[data-alert]');
  const band = stage.querySelector('[data-band]');
  const danger = stage.querySelector('[data-danger]');
  const video = stage.querySelector('video');
  let live = [];
  let place = 0;
  let inBand = 0;
  let now = null; // the emergency that stands there
  let ends = 0;
  let aloud = 0;
  let sound = null;

  const fill = (part, name, words) => { part.querySelector('[data-' + name + ']').textContent = words; };

  function turnBand() {
    band.hidden = !live.length;
    if (!live.length) return;
    const alert = live[inBand % live.length];
    inBand += 1;
    fill(band, 'band-title', alert.title);
    fill(band, 'band-calls', alert.calls);
  }

  // What plays goes on below, unheard.
  function hush(quiet) {
    if (quiet && video.dataset.loud === undefined) {
      video.dataset.loud = video.muted ? '' : '1';
      video.muted = true;
    } else if (!quiet && video.dataset.loud !== undefined) {
      video.muted = !video.dataset.loud;
      delete video.dataset.loud;
    }
  }

  function say(emergency) {
    const voice = startBrowserVoice(emergency.aloud, { sentence: () => {}, state: () => {}, say: () => {} });
    if (!emergency.sound) {
      voice.play();
      return;
    }
    sound = sound || new Audio(emergency.sound);
    sound.currentTime = 0;
    sound.play().catch((error) => { if (error.name !== 'NotAllowedError') voice.play(); });
  }

  function hide() {
    window.clearInterval(aloud);
    window.clearTimeout(ends);
    if (sound) sound.pause();
    sound = null;
    now = null;
    danger.hidden = true;
    hush(false);
  }

  function showDanger(emergency, serverNow) {
    const key = emergency.key + emergency.sound;
    if (now === key) return;
    hide();
    now = key;
    for (const name of ['unit', 'title', 'todo', 'shelter', 'telephone']) fill(danger, 'danger-' + name, emergency[name]);
    danger.hidden = false;
    hush(true);
    ends = window.setTimeout(hide, Math.max(0, emergency.ends - serverNow));
    say(emergency);
    aloud = window.setInterval(() => say(emergency), ALOUD_MS);
  }

  async function ask() {
    let said;
    try {
      const answer = await fetch(stage.dataset.alerts, { cache: 'no-store' });
      if (!answer.ok) return;
      said = await answer.json();
    } catch (error) { return; } // no network: what stands there stays until its end
    const isNew = JSON.stringify(said.alerts) !== JSON.stringify(live);
    live = said.alerts;
    if (isNew) {
      inBand = 0;
      turnBand();
    }
    if (said.emergency) showDanger(said.emergency, said.now);
    else if (now) hide();
  }

  ask();
  window.setInterval(ask, EVERY_MS);
  window.setInterval(turnBand, BAND_MS);

  return {
    slide,
    // Fills the slide with the next one; its words, by which it is told how long it stays. Null: none.
    next() {
      if (!live.length) return null;
      const alert = live[place % live.length];
      place += 1;
      for (const name of ['title', 'says', 'todo', 'calls']) fill(slide, 'alert-' + name, alert[name]);
      return alert.title + alert.says + alert.todo;
    },
  };
}
