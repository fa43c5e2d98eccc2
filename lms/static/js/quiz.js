// An answer is explained where it stands, so that a video goes on playing; without this the link
// loads the page anew and says the same.
const { bringIntoView, fetchPage, replacePart } = window.yinling;

document.addEventListener('click', async (event) => {
  const link = event.target.closest ? event.target.closest('[data-answer]') : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { href } = link;
  const { name } = link.dataset;
  const quiz = link.closest('[data-quiz]').id;
  try {
    const page = await fetchPage(href);
    const fresh = replacePart(page, '#' + quiz);
    replacePart(page, '[data-part="learnt"]');
    window.history.replaceState(window.history.state, '', href);
    const again = fresh.querySelector('[data-name="' + name + '"]');
    again.focus({ preventScroll: true });
    bringIntoView(again);
  } catch (error) {
    window.location.assign(href);
  }
});
