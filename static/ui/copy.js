// Copy buttons need the script and a page that may write to the clipboard, so they are hidden until both are there.
for (const place of navigator.clipboard ? document.querySelectorAll("[data-ens-copy]") : []) {
  const said = place.querySelector("[role=status]");
  place.hidden = false;
  place.querySelector("button")?.addEventListener("click", async () => {
    const text = document.getElementById(place.dataset.ensCopy ?? "")?.textContent ?? "";
    const done = await navigator.clipboard.writeText(text.trim()).then(() => true, () => false);
    if (said) said.textContent = done ? (place.dataset.ensCopied ?? "") : "";
  });
}
