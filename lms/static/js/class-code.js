// The class screen's code, another every half minute: fetched and put in the place of the old one,
// picture first, so that the screen never flickers. Without script the page asks for itself anew.
const AGAIN_MS = 3000; // after a failure

function load(address) {
  return new Promise((good, bad) => {
    const picture = new Image();
    picture.onload = good;
    picture.onerror = bad;
    picture.src = address;
  });
}

async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (answer.redirected) {
    location.reload(); // signed out meanwhile
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-code]");
  const picture = next.querySelector("img");
  if (picture) await load(picture.getAttribute("src"));
  document.querySelector("[data-code]").replaceWith(document.adoptNode(next));
}

function wait() {
  const seconds = Number(document.querySelector("[data-code]").dataset.seconds);
  setTimeout(attempt, seconds * 1000);
}

function attempt() {
  renew().then(wait, () => {
    document.querySelector("[data-stale]").hidden = false;
    setTimeout(attempt, AGAIN_MS);
  });
}

wait();
