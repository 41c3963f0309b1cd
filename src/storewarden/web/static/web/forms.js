// Forms: asking first, sending once, filters that send themselves, small helpers.
(function () {
  "use strict";
  const asking = document.getElementById("confirm");
  let goOn = null;

  function ask(element, then) {
    asking.querySelector("[data-text]").textContent = element.dataset.confirm;
    const button = asking.querySelector("[data-yes]");
    button.textContent = element.dataset.confirmButton || button.dataset.plain;
    goOn = then;
    asking.showModal();
  }
  if (asking) {
    asking.querySelector("[data-yes]").addEventListener("click", function () {
      asking.close();
      if (goOn) goOn();
    });
    asking.addEventListener("close", () => setTimeout(() => (goOn = null)));
  }

  // Plain forms: ask where wanted, then send once.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.confirm && !form.dataset.asked && !form.matches("[hx-post], [hx-get]")) {
      event.preventDefault();
      const by = event.submitter;
      ask(form, function () {
        form.dataset.asked = "1";
        form.requestSubmit(by);
      });
      return;
    }
    if (form.dataset.sent) return event.preventDefault();
    if (form.matches("[hx-post], [hx-get]") || form.method === "get") return;
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    // Later, so that the pressed button's own name and value are still sent.
    setTimeout(() => form.querySelectorAll("[type=submit]").forEach((button) => (button.disabled = true)));
  });
  // Back in the browser's history shows the form as it was left: let it be sent again.
  addEventListener("pageshow", function () {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      delete form.dataset.asked;
      form.removeAttribute("aria-busy");
      form.querySelectorAll("[type=submit]").forEach((button) => (button.disabled = false));
    }
  });

  // htmx elements ask through the same dialog.
  document.addEventListener("htmx:confirm", function (event) {
    const element = event.target.closest("[data-confirm]");
    if (!element || element !== event.detail.elt) return;
    event.preventDefault();
    ask(element, () => event.detail.issueRequest(true));
  });

  // filters
  let waiting = 0;
  function send(form) {
    clearTimeout(waiting);
    form.requestSubmit();
  }
  document.addEventListener("change", function (event) {
    const form = event.target.closest("form[data-auto-submit]");
    if (form && event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) send(form);
  });
  document.addEventListener("input", function (event) {
    const form = event.target.closest("form[data-auto-submit][hx-get]");
    if (!form || !event.target.matches("[type=search], [type=text]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => send(form), 400);
  });
  // Empty filters stay out of the address.
  document.addEventListener("formdata", function (event) {
    if (!event.target.matches("[data-auto-submit]")) return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  // dialogs
  document.addEventListener("click", function (event) {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.matches("dialog.desk-dialog")) event.target.close(); // a click beside it
  });
  document.addEventListener("input", function (event) {
    const typed = event.target.closest("[data-word]");
    if (typed) typed.form.querySelector("[type=submit]").disabled = typed.value.trim() !== typed.dataset.word;
  });

  // tick all, password eye, one more row
  document.addEventListener("change", function (event) {
    const all = event.target.closest("[data-check-all]");
    if (!all) return;
    for (const box of document.getElementsByName(all.dataset.checkAll)) box.checked = all.checked;
  });
  document.addEventListener("click", function (event) {
    const eye = event.target.closest("[data-reveal]");
    if (!eye) return;
    const field = document.getElementById(eye.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
  });
  document.addEventListener("click", function (event) {
    const adder = event.target.closest("[data-add-row]");
    if (!adder) return;
    const into = document.querySelector(adder.dataset.into);
    const holder = document.createElement("template");
    holder.innerHTML = document.querySelector(adder.dataset.addRow).innerHTML.replaceAll("__n__", String(into.children.length));
    into.append(holder.content);
    prepare(into.lastElementChild);
    const first = into.lastElementChild.querySelector("input, select, textarea");
    if (first) first.focus();
  });

  // blocks that belong to one choice
  function showWhen(scope) {
    for (const block of scope.querySelectorAll("[data-show-when]")) {
      const [name, value] = block.dataset.showWhen.split("=");
      const fields = [...document.getElementsByName(name)];
      const chosen = fields.find((field) => field.type !== "radio" || field.checked);
      block.hidden = !chosen || chosen.value !== value;
    }
  }
  document.addEventListener("change", () => showWhen(document));
  function prepare(scope) {
    showWhen(scope);
    if (window.htmx) window.htmx.process(scope);
  }
  showWhen(document);
  document.addEventListener("htmx:afterSettle", function (event) {
    showWhen(document);
    const field = event.target.querySelector("[data-focus]");
    if (field) field.focus();
  });
})();
