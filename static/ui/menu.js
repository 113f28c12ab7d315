// Menus made of <details data-ens-menu> close on Esc (focus goes back to their button) and on a click elsewhere.
const open = () => document.querySelectorAll("details[data-ens-menu][open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    const hadFocus = menu.contains(document.activeElement);
    menu.removeAttribute("open");
    if (hadFocus) menu.querySelector("summary")?.focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
