// Adding and reauthorizing: areas, store types, what the check offers. Tokens are moved about here,
// in the browser; the server never sends one back.
(function () {
  "use strict";
  const form = document.getElementById("connect-form");
  const after = form.querySelector("[data-after-check]");
  const holder = document.getElementById("check-card");

  function field(name) {
    return form.elements.namedItem(name);
  }

  function slotOf(name) {
    return form.querySelector('[data-slot="' + CSS.escape(name) + '"]');
  }

  // areas: the first is open, the others wait behind "+ another area"
  function openSlot(name, open) {
    const slot = slotOf(name);
    slot.hidden = !open;
    const button = form.querySelector('[data-open-slot="' + CSS.escape(name) + '"]');
    if (button) button.hidden = open;
    const more = form.querySelector("[data-more-areas]");
    if (more) more.hidden = !more.querySelector("[data-open-slot]:not([hidden])");
  }
  const optional = [...form.querySelectorAll("[data-optional]")];
  optional.forEach((slot, index) => openSlot(slot.dataset.slot, index === 0));
  form.addEventListener("click", function (event) {
    const opener = event.target.closest("[data-open-slot]");
    if (!opener) return;
    openSlot(opener.dataset.openSlot, true);
    const input = slotOf(opener.dataset.openSlot).querySelector("input, a");
    if (input) input.focus();
  });

  // store type: full consignment has no order token
  function showType() {
    const chosen = form.querySelector("[name=store_type]:checked");
    if (!chosen) return;
    for (const block of form.querySelectorAll("[data-for-type]")) {
      block.hidden = block.dataset.forType !== chosen.value;
      if (block.matches("fieldset")) block.disabled = block.hidden;
    }
  }
  showType();

  // the card: saving is possible once it says so, and until something is changed
  function showAfter() {
    after.hidden = !holder.querySelector("[data-ok]:not(.is-stale)");
  }
  showAfter();
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target !== holder) return;
    showAfter();
    const title = holder.querySelector("#check-title");
    if (title) title.focus({ preventScroll: true });
  });
  form.addEventListener("input", function (event) {
    showType();
    if (!/^(token-|store_type|accept_missing)/.test(event.target.name)) return;
    if (event.target.name !== "accept_missing") field("accept_missing").checked = false;
    const card = holder.querySelector(".check-card");
    if (card) {
      card.classList.add("is-stale");
      card.querySelector(".stale-note").hidden = false;
    }
    showAfter();
  });

  // what the check offers, with one click
  function move(pairs) {
    const held = new Map(pairs.flat().map((name) => [name, field(name) ? field(name).value : ""]));
    const ends = new Set(pairs.map((pair) => pair[1]));
    const starts = new Set(pairs.map((pair) => pair[0]));
    for (const [start, end] of pairs) {
      if (!field(end)) continue;
      field(end).value = held.get(start);
      openSlot(end, true);
      if (!ends.has(start)) field(start).value = starts.has(end) ? "" : held.get(end);
    }
  }
  function choose(value) {
    const radio = form.querySelector('[name=store_type][value="' + CSS.escape(value) + '"]');
    radio.checked = true;
    showType();
  }
  holder.addEventListener("click", function (event) {
    const offer = event.target.closest("[data-offer]");
    if (!offer) return;
    const value = offer.dataset.value;
    if (offer.dataset.offer === "moves") move(value.split(" ").map((pair) => pair.split(">")));
    if (offer.dataset.offer === "type") choose(value);
    if (offer.dataset.offer === "anyway") field("accept_missing").checked = true;
    document.getElementById("check").click();
  });
})();
