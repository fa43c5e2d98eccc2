// The keys on the screen write their digit at once; without this each is a page of its own.

function start(form) {
  const input = form.querySelector('[data-number]');
  const shown = form.querySelector('[data-shown]');
  const show = (number) => {
    input.value = number.slice(0, Number(form.dataset.most));
    shown.textContent = input.value;
  };
  form.addEventListener('click', (event) => {
    const key = event.target.closest('button[data-digit], [data-erase]');
    if (!key) return;
    event.preventDefault();
    show('erase' in key.dataset ? input.value.slice(0, -1) : input.value + key.value);
  });
  input.addEventListener('input', () => { shown.textContent = input.value; });
}

document.querySelectorAll('[data-number-pad]').forEach(start);
