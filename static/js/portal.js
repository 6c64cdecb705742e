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

// Choosing among checkboxes by typing: what is typed narrows them, Enter checks the first that is left.
for (const group of document.querySelectorAll(".typed-choices")) {
  const words = group.querySelector("input[type=text]");
  const choices = [...group.querySelectorAll(".choice")];
  const narrow = () => {
    const typed = words.value.normalize("NFKC").trim().toLowerCase();
    for (const choice of choices) {
      choice.hidden = !choice.textContent.normalize("NFKC").toLowerCase().includes(typed);
    }
  };
  words.hidden = false;
  words.addEventListener("input", (event) => {
    event.stopPropagation(); // these words are no part of the form
    narrow();
  });
  words.addEventListener("keydown", (event) => {
    // The Enter that ends a conversion to kanji belongs to the input method.
    if (event.key !== "Enter" || event.isComposing || !words.value.trim()) return;
    event.preventDefault();
    const first = choices.find((choice) => !choice.hidden);
    if (!first) return;
    const box = first.querySelector("input");
    if (!box.checked) box.click();
    words.value = "";
    narrow();
  });
}
