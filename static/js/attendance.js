// The attendance list by keyboard: arrows go from one person to the next; whoever is ticked leads on to the next.

"use strict";

const buttons = () => [...document.querySelectorAll(".attendance button")];

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = buttons();
  const at = all.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  all[at + step]?.focus();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const all = buttons();
  const at = all.findIndex((button) => event.target.contains(button));
  if (at >= 0 && all[at].getAttribute("aria-pressed") === "true") (all[at + 1] ?? all[at]).focus();
});

buttons()[0]?.focus();
