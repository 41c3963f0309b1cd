// htmx: what came is said, what failed is said in words, nothing fails in silence.
(function () {
  "use strict";
  const words = document.body.dataset;

  function say(text, bad) {
    dispatchEvent(new CustomEvent("desk:say", { detail: { text: text, bad: bad } }));
  }
  // HX-Trigger: {"say": "…"} gives the text as detail.value.
  document.addEventListener("say", (event) => say(event.detail.value, false));
  document.addEventListener("say-error", (event) => say(event.detail.value, true));

  document.addEventListener("htmx:beforeRequest", (event) => event.detail.elt.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.removeAttribute("aria-busy"));
  document.addEventListener("htmx:sendError", () => say(words.noAnswer, true));
  document.addEventListener("htmx:timeout", () => say(words.noAnswer, true));
  document.addEventListener("htmx:responseError", function (event) {
    const answer = event.detail.xhr;
    const page = new DOMParser().parseFromString(answer.responseText, "text/html");
    const sentence = page.querySelector("[data-sentence]");
    say(sentence ? sentence.textContent.trim() : words.failed.replace("{n}", answer.status), true);
  });
  // A session that ended answers a part of a page with the sign-in page: go there.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!event.detail.xhr.responseURL.includes(words.signIn)) return;
    event.detail.shouldSwap = false;
    location.reload();
  });
})();
