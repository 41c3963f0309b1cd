// Loaded before anything is drawn, so that the page does not flash in the other theme.
(function () {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function wish() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch (error) {
      return "auto"; // storage is switched off: follow the machine
    }
  }

  function apply() {
    const theme = wish();
    const shown = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    root.setAttribute("data-bs-theme", shown);
    root.setAttribute("data-theme-wish", theme);
  }

  root.classList.add("js");
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("desk:theme", apply);
})();
