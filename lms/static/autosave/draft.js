// What a tab could not send waits in this browser under a name of the tab's own. The tab holds a lock
// of that name as long as it lives: what lies under a name that nobody holds was left behind.

const TAB = "autosave-tab";
const RELEASE_MS = 500; // a reload may come before the page that it replaces has let go

// Over plain HTTP a browser has no locks: whatever lies there then counts as left behind.
const locks = navigator.locks || { request: async (name, options, act) => act({}) };

// Resolves to whether the name is this page's, until it goes.
function hold(name, options) {
  return new Promise((answer) => {
    locks.request(name, options, (lock) => {
      answer(Boolean(lock));
      return lock && new Promise(() => {});
    }).catch(() => answer(false));
  });
}

async function nameTab(place) {
  const mine = sessionStorage.getItem(TAB);
  // A tab that was duplicated has its original's name.
  if (mine && await hold(place + mine, { signal: AbortSignal.timeout(RELEASE_MS) })) return mine;
  const fresh = Math.random().toString(36).slice(2);
  sessionStorage.setItem(TAB, fresh);
  await hold(place + fresh, {});
  return fresh;
}

const read = (key) => JSON.parse(localStorage.getItem(key) || "[]");

function write(key, parts) {
  if (parts.length) localStorage.setItem(key, JSON.stringify(parts));
  else localStorage.removeItem(key);
}

// A part that this tab has changed too stays where it lies, for the next who opens the page.
function takeOver(from, to) {
  const mine = read(to);
  const isMine = (part) => part.id !== null && mine.some((one) => one.id === part.id);
  const left = read(from);
  write(to, [...mine, ...left.filter((part) => !isMine(part))]);
  write(from, left.filter(isMine));
}

// What waits for this tab on a page, and how it keeps what waits from now on. `place` names the page
// and ends in a colon; a part of it has an `id` (null: the server has not got it yet).
export async function openDraft(place) {
  try {
    const key = place + await nameTab(place);
    for (const other of Object.keys(localStorage).filter((one) => one.startsWith(place) && one !== key)) {
      await locks.request(other, { ifAvailable: true }, (lock) => { if (lock) takeOver(other, key); });
    }
    return {
      waiting: read(key),
      keep(parts) {
        try { write(key, parts); } catch (problem) { /* no room: the page itself still warns */ }
      },
    };
  } catch (problem) { // forbidden
    return { waiting: [], keep() {} };
  }
}
