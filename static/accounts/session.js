// S-12: says that the session ends, five minutes before (politely, once) and one minute before (assertively).
// Other tabs may have prolonged it: the server is asked before anything is said; asking prolongs nothing.
const notice = document.querySelector("form[data-ens-session]");
const FIVE_MINUTES = 300;
const ONE_MINUTE = 60;
let ends = 0;
let timer = 0;
let spoken = "";

const left = () => Math.round((ends - Date.now()) / 1000);
const set = (seconds) => {
  ends = Date.now() + seconds * 1000;
};

async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function say(state) {
  const paragraph = notice.querySelector("[data-ens-session-text]");
  const text = paragraph.dataset.ensText.replace("{time}", state.time) + (state.last ? ` ${paragraph.dataset.ensLast}` : "");
  paragraph.textContent = text;
  notice.querySelector("button").hidden = state.last;
  notice.hidden = false;
  const degree = state.seconds <= ONE_MINUTE ? "assertive" : "polite";
  if (spoken === degree || spoken === "assertive") return;
  spoken = degree;
  const region = degree === "polite" ? document.querySelector("[data-ens-announce]") : notice.querySelector("[data-ens-session-alert]");
  if (region) region.textContent = text;
}

function quiet() {
  notice.hidden = true;
  spoken = "";
}

function leave() {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`${notice.dataset.ensOut}?next=${encodeURIComponent(here)}`);
}

async function look() {
  try {
    const state = await ask(notice.dataset.ensCheck);
    set(state.seconds);
    if (state.seconds === 0) leave();
    else if (state.seconds > FIVE_MINUTES) quiet();
    else say(state);
  } catch {
    // No network: the next look says more.
  }
  plan();
}

function plan() {
  window.clearTimeout(timer);
  const next = [left() - FIVE_MINUTES, left() - ONE_MINUTE, left() + 1].find((seconds) => seconds > 0) ?? ONE_MINUTE;
  timer = window.setTimeout(look, next * 1000);
}

if (notice) {
  notice.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      set((await ask(notice.action, { method: "POST", body: new FormData(notice) })).seconds);
      quiet();
      document.getElementById("contenu")?.focus();
      plan();
    } catch {
      leave();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && left() <= FIVE_MINUTES) look();
  });
  set((Date.parse(notice.dataset.ensEnds) - Date.parse(notice.dataset.ensNow)) / 1000);
  plan();
}
