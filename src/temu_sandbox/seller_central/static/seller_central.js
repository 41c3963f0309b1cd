"use strict";

// Select All ticks its group and follows it.
for (const group of document.querySelectorAll("[data-select-all] fieldset")) {
  const all = group.querySelector("[data-all]");
  const each = [...group.querySelectorAll("input[name=package]")];
  all.addEventListener("change", () => each.forEach((box) => { box.checked = all.checked; }));
  group.addEventListener("change", () => {
    const ticked = each.filter((box) => box.checked).length;
    all.checked = ticked === each.length;
    all.indeterminate = ticked > 0 && !all.checked;
  });
}

// The clipboard needs a secure page; elsewhere the text is selected for Ctrl+C.
async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  getSelection().selectAllChildren(source);
  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    if (!document.execCommand("copy")) return;
  }
  button.textContent = button.dataset.copied;
  document.querySelector("[data-copy-status]").textContent = button.dataset.copied;
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button));
}

// A menu closes by Escape or by a click elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
