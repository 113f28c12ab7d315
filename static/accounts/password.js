// « Afficher le mot de passe »: the box is there only when it can do something (S-04).
for (const group of document.querySelectorAll("[data-ens-show-password]")) {
  const field = document.getElementById(group.dataset.ensShowPassword);
  const box = group.querySelector("input");
  if (!field || !box) continue;
  group.hidden = false;
  box.addEventListener("change", () => {
    field.type = box.checked ? "text" : "password";
  });
  field.form.addEventListener("submit", () => {
    field.type = "password";
  });
}
