// Keys: "/" search, "?" help, "g" then a letter goes to a room. Never while something is typed.
(function () {
  "use strict";
  let wentG = 0;
  const box = document.getElementById("keys-on");

  // Single keys disturb speech input, so they can be switched off (WCAG 2.1.4).
  function on() {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch (error) {
      return true;
    }
  }
  if (box) {
    box.checked = on();
    box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  function search() {
    const field = document.querySelector("main [data-search]") || document.querySelector("[data-search]");
    if (field) field.focus();
    return Boolean(field);
  }

  function go(letter) {
    const link = document.querySelector('.desk-side a[data-key="' + CSS.escape(letter) + '"]');
    if (link) link.click();
    return Boolean(link);
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !on()) return;
    if (document.querySelector("dialog[open]")) return;
    const afterG = event.timeStamp - wentG < 1500;
    wentG = 0;
    if (event.key === "/") {
      if (search()) event.preventDefault();
    } else if (event.key === "?") {
      const help = document.getElementById("keys");
      if (help) help.showModal();
    } else if (afterG && go(event.key)) {
      event.preventDefault();
    } else if (event.key === "g") {
      wentG = event.timeStamp;
    }
  });
})();
