// A button for paper, where a script can press it; without one there is the browser's own menu.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
