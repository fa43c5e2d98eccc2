// In place of js/icon.js: the icons lie in the page itself.

export function setIcon(button, name) {
  button.querySelector('use').setAttribute('href', '#icon-' + name);
}
