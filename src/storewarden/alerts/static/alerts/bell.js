// The bell asks by itself once a minute. When nobody answers it keeps what it shows, and says
// nothing: the reader did not ask.
(function () {
  "use strict";
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, function (event) {
      if (event.target.id === "bell") event.stopPropagation();
    }, true);
  }
})();
