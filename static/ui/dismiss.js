// <button data-ens-dismiss="id"> removes the element with that id; the focus goes to the content.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-ens-dismiss]") : null;
  if (!button) return;
  document.getElementById(button.getAttribute("data-ens-dismiss") ?? "")?.remove();
  document.getElementById("contenu")?.focus();
});
