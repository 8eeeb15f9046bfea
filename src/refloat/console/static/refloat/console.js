// What HTML cannot do by itself: copying a text, choosing a whole page of rows. Everything works without it.
"use strict";

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const text = document.getElementById(copy.dataset.copy);
    navigator.clipboard.writeText(text.value ?? text.textContent).then(() => say(copy.dataset.said));
  }
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (all) {
    for (const one of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) one.checked = all.checked;
  }
});

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  document.getElementById("said").replaceChildren(line);
  setTimeout(() => line.remove(), 4000);
}

// Help beside a word goes away by Escape, and comes back when it is asked for anew.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const one of document.querySelectorAll(".help:hover, .help:focus-within")) one.classList.add("shut");
});
for (const kind of ["mouseout", "focusout"]) document.addEventListener(kind, (event) => event.target.closest?.(".help")?.classList.remove("shut"));

// A file input takes drops by itself; this shows where they may fall, and lets the whole frame take them.
for (const drop of document.querySelectorAll("[data-drop]")) {
  const input = drop.querySelector("input[type=file]");
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
