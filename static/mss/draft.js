// Keeps the draft by itself once nothing was typed for some seconds; the buttons of the page do the same without it.
for (const form of document.querySelectorAll("[data-ens-draft]")) {
  const pause = Number(form.dataset.ensDraft) * 1000;
  const said = form.querySelector("[data-ens-draft-said]");
  let timer = 0;
  let leaving = false;

  const save = async () => {
    const data = new FormData(form);
    data.delete("files");
    data.set("act", "auto");
    const response = await fetch(form.action, { method: "POST", body: data, redirect: "error" }).catch(() => null);
    if (leaving || response?.status !== 200) return; // a button says what is wrong, with both texts
    const kept = await response.json();
    form.elements.draft.value = kept.draft;
    form.elements.seen.value = kept.seen;
    said.textContent = kept.said;
  };

  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea, input[type=text]")) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, pause);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    window.clearTimeout(timer);
  });
}
