// Bar of the document list: shown and counted when rows are ticked; without script it is always there.
for (const form of document.querySelectorAll("[data-ens-selection]")) {
  const ticks = [...form.querySelectorAll('input[type="checkbox"][name="document"]')];
  const bar = form.querySelector(".ens-selection");
  const count = form.querySelector("[data-ens-selection-count]");
  const show = () => {
    const number = ticks.filter((tick) => tick.checked).length;
    bar.hidden = number === 0;
    count.textContent = number === 1 ? count.dataset.ensOne : count.dataset.ensMany.replace("{n}", String(number));
  };
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
