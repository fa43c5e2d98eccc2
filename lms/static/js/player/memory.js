// What a learner chose, kept in this browser; nothing is kept where the browser forbids it.

const PREFIX = 'player:';

function kept(name) {
  try { return window.localStorage.getItem(PREFIX + name); } catch (error) { return null; }
}

function keep(name, value) {
  try { window.localStorage.setItem(PREFIX + name, value); } catch (error) { /* no memory */ }
}

function forget(name) {
  try { window.localStorage.removeItem(PREFIX + name); } catch (error) { /* no memory */ }
}

Object.assign(window.yinling, { forget, keep, kept });
