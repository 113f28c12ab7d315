// S-05, SE-09: the browser's part of a passkey. The form holds the question; its hidden field takes the answer.
const form = document.querySelector("form[data-ens-passkey]");
const failed = document.querySelector("[data-ens-passkey-failed]");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((item) => ({ ...item, id: bytes(item.id) }));

async function ask(kind, { publicKey }) {
  const question = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (kind === "get") return navigator.credentials.get({ publicKey: { ...question, allowCredentials: known(publicKey.allowCredentials) } });
  question.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  question.excludeCredentials = known(publicKey.excludeCredentials);
  return navigator.credentials.create({ publicKey: question });
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults });
}

if (form && window.PublicKeyCredential) {
  document.querySelector("[data-ens-passkey-off]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.answer.value = written(await ask(form.dataset.ensPasskey, JSON.parse(form.dataset.ensOptions)));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
