// A press beside everything on the pretend phone is a miss too, and is answered.
const { addressOf, changeInPlace, inTurn } = window.yinling;

document.addEventListener('click', (event) => {
  const ground = event.target.closest ? event.target.closest('[data-ground]') : null;
  if (!ground || event.target.closest('button, input, .widget--keypad')) return;
  inTurn(() => changeInPlace(addressOf(document.getElementById('press'), 'press', ''), ''));
});
