// What the keys of remote controls are called, and a key that is held down: it is one press, also
// over the pages that the first press opened. Only arrows and winding go on.

export const OK = 13;
export const SPACE = 32;
export const BACKSPACE = 8;
// Backspace, Escape; 461 LG; 10009 Samsung; 4 Android; 166 the browsers' own; the names are those of
// set-top boxes and of Samsung's older ones.
const BACK_CODES = [BACKSPACE, 27, 461, 10009, 4, 166];
const BACK_NAMES = ['GoBack', 'BrowserBack', 'XF86Back', 'Escape'];

export function isTyping(element) {
  if (element.isContentEditable || element.tagName === 'TEXTAREA' || element.tagName === 'SELECT') return true;
  return element.tagName === 'INPUT' && !/^(button|submit|checkbox|radio|range)$/.test(element.type);
}

export function isBack(event) {
  return BACK_CODES.includes(event.keyCode) || BACK_NAMES.includes(event.key);
}

function actsOnce(event) {
  if (event.keyCode === OK || /^Media(Play|Pause|Stop)/.test(event.key)) return true;
  const writes = event.key.length === 1 || event.keyCode === BACKSPACE;
  return (writes || isBack(event)) && !(writes && isTyping(event.target));
}

// Before anyone else, so that neither the page nor the browser hears it again.
window.addEventListener('keydown', (event) => {
  if (!event.repeat || event.altKey || event.ctrlKey || event.metaKey || !actsOnce(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
