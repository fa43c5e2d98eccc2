// Another drawing of the same sheet in a button's icon.

export function setIcon(button, name) {
  const use = button.querySelector('use');
  use.setAttribute('href', use.getAttribute('href').split('#')[0] + '#' + name);
}
