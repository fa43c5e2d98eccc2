// A press (a button of a form, a link with [data-press]) that changes only a part of the page: the
// [data-press-part] around it is fetched anew and put in its place. Without this the page loads.
// What is typed into a field never goes along: only hidden fields and the button itself do.
import { fetchPage, inTurn, replacePart } from './part.js';
import { bringIntoView } from './scrolling.js';

const PART = '[data-press-part]';

export function addressOf(form, name, value) {
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll('input[type=hidden]')) query.append(field.name, field.value);
  query.append(name, value);
  return form.action.split('?')[0] + '?' + query;
}

function focusIn(part, name) {
  const wanted = part.querySelector('[data-takes-focus]')
    || (name && part.querySelector('[data-name="' + name + '"]'))
    || part.querySelector('[data-first-focus]');
  if (!wanted) return;
  wanted.focus({ preventScroll: true });
  bringIntoView(wanted);
}

function sayOffline() {
  const part = document.querySelector(PART);
  const told = part.querySelector('[data-told]');
  if (told) told.textContent = part.dataset.wordOffline;
}

// The focus stays where it is, by its data-name, if the new part has that too; name: where it goes
// when it is nowhere (a finger's press leaves none).
export async function changeInPlace(url, name) {
  try {
    const page = await fetchPage(url);
    const active = document.activeElement;
    const here = active && active.closest && active.closest(PART) ? active.dataset.name : '';
    const part = replacePart(page, PART);
    window.history.replaceState(window.history.state, '', url);
    focusIn(part, here || name);
    document.dispatchEvent(new CustomEvent('part-changed'));
  } catch (error) {
    sayOffline();
  }
}

function press(pressed) {
  const { name } = pressed.dataset;
  inTurn(() => {
    const now = document.querySelector(PART + ' [data-name="' + name + '"]');
    if (!now) return undefined; // another screen already
    return changeInPlace(now.form ? addressOf(now.form, now.name, now.value) : now.href, name);
  });
}

document.addEventListener('click', (event) => {
  const pressed = event.target.closest ? event.target.closest(PART + ' button[form], ' + PART + ' a[data-press]') : null;
  if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  press(pressed);
});
