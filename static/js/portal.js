// What the pages do beyond HTML. Everything works without this file, only less comfortably.

"use strict";

// The button that opens the navigation on a narrow screen.
const toggle = document.querySelector(".nav-toggle");
if (toggle) {
  toggle.addEventListener("click", () => {
    const open = document.body.dataset.nav !== "open";
    document.body.dataset.nav = open ? "open" : "closed";
    toggle.setAttribute("aria-expanded", String(open));
  });
}

// The account menu closes when somebody presses Escape or clicks elsewhere.
const account = document.querySelector("details.account");
if (account) {
  document.addEventListener("click", (event) => {
    if (!account.contains(event.target)) account.open = false;
  });
  account.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      account.open = false;
      account.querySelector("summary").focus();
    }
  });
}

// The era beside a date in three parts, as the server writes it: 令和8年, or both names while only a year is known in
// which the era changed.
const eraYear = new Intl.DateTimeFormat("ja-JP-u-ca-japanese", { era: "long", year: "numeric" });

function eraOf(year, month, day) {
  const date = new Date(year, month - 1, day);
  if (date.getFullYear() !== year || date.getMonth() !== month - 1 || date.getDate() !== day) return "";
  return eraYear.format(date);
}

function showEra(group) {
  const [year, month, day] = [...group.querySelectorAll("input")].map((input) =>
    Number(input.value.normalize("NFKC")),
  );
  const output = group.querySelector(".date__era");
  if (!(year >= 1869 && year <= 9999)) {
    output.textContent = "";
  } else if (month && day) {
    output.textContent = eraOf(year, month, day);
  } else {
    output.textContent = [...new Set([eraOf(year, 1, 1), eraOf(year, 12, 31)])].join("・");
  }
}

document.addEventListener("input", (event) => {
  const group = event.target.closest(".date");
  if (group) showEra(group);
});
