// What a learner chose, kept in this browser; nothing is kept where the browser forbids it.

const PREFIX = 'player:';

export function kept(name) {
  try { return window.localStorage.getItem(PREFIX + name); } catch (error) { return null; }
}

export function keep(name, value) {
  try { window.localStorage.setItem(PREFIX + name, value); } catch (error) { /* no memory */ }
}

export function forget(name) {
  try { window.localStorage.removeItem(PREFIX + name); } catch (error) { /* no memory */ }
}
