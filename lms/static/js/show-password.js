// A form's passwords can be looked at before they are sent: dots are hard to get right.
document.querySelectorAll('[data-show-password]').forEach((box) => {
  const { form } = box.querySelector('button');
  const inputs = Array.from(form.querySelectorAll('input[type="password"]'));
  if (inputs.length === 0) return;

  function show(plain) {
    inputs.forEach((input) => { input.type = plain ? 'text' : 'password'; });
    box.querySelector('[data-when-dots]').hidden = plain;
    box.querySelector('[data-when-plain]').hidden = !plain;
  }

  box.hidden = false;
  box.querySelector('button').addEventListener('click', () => show(inputs[0].type === 'password'));
  form.addEventListener('submit', () => show(false)); // so that no browser remembers it as a word
});
