// The television asks whether its phone has confirmed, and goes in by itself.
const EVERY_MS = 3000;

function start(pairing) {
  const said = pairing.querySelector('[data-said]');

  const look = async () => {
    let state = 'waiting';
    try {
      const answer = await fetch(pairing.dataset.state, { credentials: 'same-origin' });
      if (answer.ok) state = (await answer.json()).state;
    } catch (error) { /* no network for a moment: asked again */ }
    if (state === 'confirmed') pairing.querySelector('[data-finish]').submit();
    else if (state === 'over') said.textContent = said.dataset.wordOver;
    else window.setTimeout(look, EVERY_MS);
  };

  window.setTimeout(look, EVERY_MS);
}

const pairing = document.querySelector('[data-pairing]');
if (pairing) start(pairing);
