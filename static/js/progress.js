// A department's reports: say so where a save in the background did not arrive, and let nobody leave what is not kept.

"use strict";

const unkept = () => document.querySelector(".progress-unsaved:not([hidden]), .progress-saved .message--warning");

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (form) form.querySelector(".progress-unsaved").hidden = event.detail.successful;
});

// Handing in everything replaces the page.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "submit-all" && unkept()) {
    event.preventDefault();
    unkept().scrollIntoView();
  }
});

window.addEventListener("beforeunload", (event) => {
  if (unkept()) event.preventDefault();
});
