// A passkey cannot be asked for without a script. Everything else works without one.
// A form with data-passkey says which ceremony it starts ("create" or "get"); its options stand in
// data-options, or are fetched from data-from when the button is pressed. W3C Web Authentication, level 3.
"use strict";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const words = form.querySelector("[data-words]");
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseCreationOptionsFromJSON) {
    words.textContent = words.dataset.unable;
    button.disabled = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
    } catch (reason) {
      // Cancelled, timed out, or not the right device: the browser does not say which, and nothing happened.
      words.textContent = words.dataset.failed;
      return;
    }
    HTMLFormElement.prototype.submit.call(form);
  });
}

async function ask(form) {
  const options = (await given(form)).publicKey;
  if (form.dataset.passkey === "create") {
    // It shall open the door by itself, so it stays on the device and asks for a PIN or a finger.
    options.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

async function given(form) {
  if (form.dataset.options) {
    return JSON.parse(form.dataset.options);
  }
  const answer = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error("the server gave no options");
  }
  return (await answer.json()).request_options;
}
