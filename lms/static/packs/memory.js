// What is kept on this machine, in this browser; where it keeps nothing, until the page is left.

const PREFIX = 'reader:';
const meanwhile = {};

export function keepHere(name, value) {
  meanwhile[name] = value;
  try { window.localStorage.setItem(PREFIX + name, JSON.stringify(value)); } catch (error) { /* no memory */ }
}

// null: nothing was kept.
export function keptHere(name) {
  if (name in meanwhile) return meanwhile[name];
  try { return JSON.parse(window.localStorage.getItem(PREFIX + name)); } catch (error) { return null; }
}
