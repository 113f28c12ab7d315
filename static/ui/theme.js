// Keeps the choice of theme in the cookie that the server reads, so that the next page comes in the right theme.
// Loaded before DSFR's script: the server's answer wins over what DSFR remembers by itself.
const COOKIE = "ens-theme";
const ONE_YEAR = 365 * 24 * 3600;
const root = document.documentElement;

try {
  window.localStorage.setItem("scheme", root.getAttribute("data-fr-scheme") ?? "system");
} catch {
  // Storage refused by the browser: DSFR does without it as well.
}

document.addEventListener("change", (event) => {
  const choice = event.target;
  if (!(choice instanceof HTMLInputElement) || choice.name !== "fr-radios-theme") return;
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIE}=${choice.value}; path=/; max-age=${ONE_YEAR}; samesite=lax${secure}`;
});
