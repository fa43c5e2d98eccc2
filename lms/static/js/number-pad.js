// The keys on the screen write their digit at once; without this each is a page of its own.

function start(form) {
  const input = form.querySelector('[data-number]');
  const shown = form.querySelector('[data-shown]');
  // By so many digits as on the card; 0: as they are.
  const size = Number(form.dataset.group || 0);
  const inGroups = (number) => (size ? number.replace(/\s/g, '').replace(new RegExp('(.{' + size + '})(?=.)', 'g'), '$1 ') : number);
  const show = (number) => {
    input.value = number.slice(0, Number(form.dataset.most));
    shown.textContent = inGroups(input.value);
  };
  form.addEventListener('click', (event) => {
    const key = event.target.closest('button[data-digit], [data-erase]');
    if (!key) return;
    event.preventDefault();
    show('erase' in key.dataset ? input.value.slice(0, -1) : input.value + key.value);
  });
  // Back takes what was typed last; it leaves once nothing is there.
  document.addEventListener('remote:back', (event) => {
    if (!input.value) return;
    event.preventDefault();
    show(input.value.slice(0, -1));
  });
  input.addEventListener('input', () => { shown.textContent = inGroups(input.value); });
}

document.querySelectorAll('[data-number-pad]').forEach(start);
