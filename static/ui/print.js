// Print buttons need the script, so they are hidden until it runs.
for (const place of document.querySelectorAll("[data-ens-print]")) {
  place.hidden = false;
  place.querySelector("button")?.addEventListener("click", () => window.print());
}
