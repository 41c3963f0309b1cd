// The list of stores and a store's page: the menus stand beside their buttons, the list stays fresh.
(function () {
  "use strict";
  const REFRESH_MS = 60000;

  function place(menu) {
    const button = document.querySelector('[popovertarget="' + menu.id + '"]').getBoundingClientRect();
    const below = button.bottom + menu.offsetHeight < innerHeight;
    menu.style.inset = "auto";
    menu.style.top = Math.max(8, below ? button.bottom : button.top - menu.offsetHeight) + "px";
    menu.style.left = Math.max(8, button.right - menu.offsetWidth) + "px";
  }
  document.addEventListener("toggle", function (event) {
    if (!event.target.matches(".row-menu") || event.newState !== "open") return;
    place(event.target);
    const first = event.target.querySelector("a, button");
    if (first) first.focus({ preventScroll: true });
  }, true);
  for (const moved of ["scroll", "resize"]) {
    addEventListener(moved, function () {
      const open = document.querySelector(".row-menu:popover-open");
      if (open) place(open);
    }, { passive: true, capture: true });
  }

  // Not while somebody looks at a menu or writes a word to search for.
  setInterval(function () {
    const list = document.getElementById("stores");
    const busy = document.querySelector(".row-menu:popover-open, dialog[open], #stores :focus, #filters :focus");
    if (list && !busy && !document.hidden) window.htmx.trigger(list, "desk:refresh");
  }, REFRESH_MS);
})();
