// A choice of the settings leaves no step behind for the Back key; and a page that the browser kept
// from before a choice is fetched anew. Without this the form is sent and the page loads.

document.addEventListener('click', (event) => {
  const button = event.target.closest ? event.target.closest('[data-display-choices] button[name]') : null;
  if (!button) return;
  event.preventDefault();
  const choices = new FormData(button.form);
  choices.append(button.name, button.value);
  window.fetch(button.form.action, { method: 'POST', body: choices, credentials: 'same-origin' })
    .then((answer) => { window.location.replace(answer.ok ? answer.url : window.location.href); })
    .catch(() => window.location.reload()); // says what is the matter
});

function isOutdated() {
  const chosen = /(?:^|; )display=([^;]*)/.exec(document.cookie);
  const shown = document.documentElement.dataset.display;
  return Boolean(chosen && shown) && chosen[1] !== shown;
}

window.addEventListener('pageshow', (event) => {
  const [entry] = window.performance.getEntriesByType('navigation');
  const cameBack = event.persisted || (entry && entry.type === 'back_forward');
  if (cameBack && isOutdated()) window.location.reload();
});
