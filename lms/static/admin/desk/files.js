// A subtitle file takes the place of all lines, or is refused with its faults.
import { Refused, ask } from "./saving.js";

const TOLD = "desk-told"; // what the page says after it was loaded anew

export function startFiles({ find, saving, words, url }) {
  const files = find("files");
  find("open-files").addEventListener("click", () => files.showModal());
  find("close-files").addEventListener("click", () => files.close());
  find("import").addEventListener("submit", async (event) => {
    event.preventDefault();
    const faults = find("faults");
    await saving.flush();
    try {
      const told = await ask(url, new FormData(event.target));
      sessionStorage.setItem(TOLD, `${words.imported.replace("{count}", told.count)} ${told.mended}`.trim());
      window.location.reload();
    } catch (problem) {
      const told = problem instanceof Refused ? problem.told : { message: words.failed };
      faults.replaceChildren(told.message, ...(told.faults || []).map((fault) => {
        const line = document.createElement("div");
        line.textContent = fault;
        return line;
      }));
      faults.hidden = false;
    }
  });
}

export function toldBefore() {
  const told = sessionStorage.getItem(TOLD) || "";
  sessionStorage.removeItem(TOLD);
  return told;
}
