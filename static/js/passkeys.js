// Around django-allauth's passkey scripts: offer passkeys only where the browser has them, and say when one failed.

"use strict";

const supported = window.PublicKeyCredential !== undefined;
for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !supported;
for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = supported;

document.addEventListener("allauth.error", (event) => {
  // Otherwise the script writes to the console, where nobody reads it.
  event.preventDefault();
  for (const part of document.querySelectorAll("[data-passkey-failed]")) part.hidden = false;
});

// Enter in the name of a new passkey does what the button does, instead of sending a form without a passkey.
const add = document.getElementById("passkey_add");
if (add) {
  add.form.addEventListener("submit", (event) => {
    event.preventDefault();
    add.click();
  });
}
