// The frame: theme button, menu, the reader's time zone, copy buttons, toasts, relative times.
(function () {
  "use strict";
  const body = document.body;
  const words = body.dataset;

  // The browser's zone, for people who set none themselves.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = "tz=" + zone + "; path=/; max-age=31536000; samesite=lax";

  // A picture that does not come leaves its quiet frame, not the browser's broken sign.
  function hideMissing(picture) {
    if (picture.matches && picture.matches("img.thumb, img.thumb-lg")) picture.classList.add("is-missing");
  }
  document.addEventListener("error", (event) => hideMissing(event.target), true);
  for (const picture of document.images) if (picture.complete && !picture.naturalWidth) hideMissing(picture);

  // theme: light → dark → auto
  const next = { light: "dark", dark: "auto", auto: "light" };
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-theme-button]");
    if (!button) return;
    const theme = next[document.documentElement.dataset.themeWish] || "light";
    try {
      localStorage.setItem("theme", theme);
    } catch (error) {
      return say(words.noStorage, true);
    }
    dispatchEvent(new Event("desk:theme"));
    drawThemeButtons();
    say(button.dataset[theme]);
  });

  function drawThemeButtons() {
    const wish = document.documentElement.dataset.themeWish;
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.title = button.dataset[wish];
      button.setAttribute("aria-label", button.dataset[wish]);
      for (const icon of button.querySelectorAll("[data-for]")) icon.toggleAttribute("hidden", icon.dataset.for !== wish);
    }
  }

  // menu of small windows
  function menu(open) {
    body.classList.toggle("menu-open", open);
    for (const button of document.querySelectorAll("[data-menu]")) button.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector(".desk-side a").focus();
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-menu]")) return menu(!body.classList.contains("menu-open"));
    if (body.classList.contains("menu-open") && !event.target.closest(".desk-side")) menu(false);
    for (const open of document.querySelectorAll("details.top-menu[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    if (body.classList.contains("menu-open")) {
      menu(false);
      document.querySelector("[data-menu]").focus();
    }
    for (const open of document.querySelectorAll("details.top-menu[open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // toasts; both regions are aria-live, so what is put there is read out
  function say(text, bad) {
    if (!text) return;
    const box = document.getElementById(bad ? "toasts-bad" : "toasts");
    const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
    toast.classList.add(bad ? "note-bad" : "note-ok");
    toast.querySelector("[data-text]").textContent = text;
    box.append(toast);
    if (!bad) setTimeout(() => toast.remove(), 6000);
  }
  addEventListener("desk:say", (event) => say(event.detail.text, event.detail.bad));
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-dismiss]");
    if (button) button.closest(".note").remove();
  });

  // copy buttons
  document.addEventListener("click", async function (event) {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const from = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = from ? from.value || from.textContent.trim() : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      say(words.copied);
    } catch (error) {
      say(words.notCopied, true); // no clipboard without HTTPS or leave
    }
  });

  // "3 min ago", by the server's clock and in the server's words
  const ahead = Date.parse(words.now) - Date.now();
  const ago = JSON.parse(words.ago);
  function relative(seconds) {
    if (seconds < 45) return ago.now;
    if (seconds < 3570) return ago.minutes.replace("{n}", Math.max(1, Math.round(seconds / 60)));
    if (seconds < 86400) return ago.hours.replace("{n}", Math.max(1, Math.floor(seconds / 3600)));
    return ago.days.replace("{n}", Math.floor(seconds / 86400));
  }
  function refreshTimes() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = (Date.now() + ahead - Date.parse(time.dateTime)) / 1000;
      if (seconds >= 0) time.textContent = relative(seconds);
    }
  }
  setInterval(refreshTimes, 20000);
  addEventListener("pageshow", refreshTimes);

  // A table wider than its window can be moved by keyboard only when it takes the focus.
  function reachTables() {
    for (const box of document.querySelectorAll(".table-responsive")) {
      const caption = box.querySelector("caption");
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", caption ? caption.textContent.trim() : document.title);
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
      }
    }
  }
  addEventListener("resize", reachTables);
  document.addEventListener("htmx:afterSettle", function () {
    reachTables();
    refreshTimes();
  });

  reachTables();
  drawThemeButtons();
})();
