// The outcome of the act before, or the error summary, takes the focus when the page comes (pages.md 2).
if (!window.location.hash) document.querySelector("[data-ens-outcome]")?.focus();
