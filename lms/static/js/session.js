// What this window remembers until it is closed; nothing where the browser forbids it.

export function recall(name) {
  try { return window.sessionStorage.getItem(name); } catch (error) { return null; }
}

export function store(name, value) {
  try { window.sessionStorage.setItem(name, value); } catch (error) { /* kept from us: no memory */ }
}

export function takeAway(name) {
  try { window.sessionStorage.removeItem(name); } catch (error) { /* there was none */ }
}
