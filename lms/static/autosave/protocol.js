// How a page that saves itself and its server speak, the same in both: the review desk of subtitles
// (subtitles/review/desk.py) and the editor of manuals (lms/manuals/editor/views/writing.py).
//
// Sent by POST, as JSON or as a form: only the parts that changed, each with the version that the
// person had before his eyes. Answered in JSON:
//   200 saved     what was kept, each part with its version now. What could not be kept with it:
//   409 conflict  nothing was kept: somebody else was there first, or the whole is sealed
//   422 refused   nothing was kept: it cannot be
// and in each of them, where there is something to say:
//   message    a sentence for the person
//   conflicts  {part: what stands there now}: another changed it since that version
//   gone       [part]: another removed it
//   refused    {part or box: sentence}
// A redirect, 401 or 403 is a person who has signed out; no answer or 5xx will be tried again; what
// is left is a page that its server does not understand.

export const SAVED = "saved";
export const CONFLICT = "conflict";
export const REFUSED = "refused";
export const SIGNED_OUT = "signed out";
export const OFFLINE = "offline";
export const BROKEN = "broken";

// What the server will do when it is asked again, without the person doing anything else.
export const isPassing = (outcome) => outcome.is === OFFLINE || outcome.is === SIGNED_OUT;

// Signing in again, in another tab too, changes the token: the one that came with the page is then void.
function csrfToken() {
  const kept = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return kept ? kept[1] : "";
}

function outcomeOf(answer, isJson) {
  if (answer.redirected) return SIGNED_OUT; // the sign-in page speaks JSON too
  if (isJson && answer.ok) return SAVED;
  if (isJson && answer.status === 409) return CONFLICT;
  if (isJson && answer.status === 422) return REFUSED;
  if (answer.status === 401 || answer.status === 403) return SIGNED_OUT;
  return answer.status >= 500 ? OFFLINE : BROKEN;
}

// Resolves to {is, told}: one of the words above, and what the server said (empty if nothing).
// leaving: the page goes away and the browser is to send it all the same.
export async function post(url, body, { leaving = false } = {}) {
  const isForm = body instanceof FormData;
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      keepalive: leaving,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": csrfToken(),
        ...(isForm ? {} : { "Content-Type": "application/json" }),
      },
      body: isForm ? body : JSON.stringify(body),
    });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    return { is: outcomeOf(answer, isJson), told: isJson ? await answer.json() : {} };
  } catch (problem) {
    return { is: OFFLINE, told: {} };
  }
}
