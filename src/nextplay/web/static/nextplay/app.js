// Keys, and what a swapped part of a page needs. Every page works without this file.
(() => {
  "use strict";
  const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  const lettersOff = () => document.body.dataset.keys === "off";
  const popover = (id) => document.getElementById(id);
  let afterG = 0;

  const open = (id) => {
    const box = popover(id);
    if (box && !box.matches(":popover-open")) box.showPopover();
  };

  const goTo = (letter) => {
    for (const hint of document.querySelectorAll("#find-places kbd")) {
      if (hint.textContent === `G ${letter.toUpperCase()}`) {
        location.assign(hint.closest("a").href);
        return true;
      }
    }
    return false;
  };

  // Decisions and rows that keys walk through carry data-row.
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const rowOf = (element) => element.closest("[data-row]");

  const walk = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(rowOf(document.activeElement));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    (next.querySelector("[data-first]") || next.querySelector("a, button")).focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const act = (key) => {
    const row = rowOf(document.activeElement);
    const button = row && row.querySelector(`[data-key="${key}"]`);
    if (button) button.click();
    return Boolean(button);
  };

  // A page may give its own letters to what it holds: a link or button is pressed, a field is gone to, a choice is made.
  const press = (key) => {
    const target = [...document.querySelectorAll("[data-press]")].find((one) => one.dataset.press === key && (one.offsetParent || one.type === "radio" || one.classList.contains("vh")));
    if (!target) return false;
    if (target.matches("[type=radio]")) target.checked = true;
    if (target.matches("input, select, textarea")) target.focus();
    else target.click();
    if (target.matches("[type=radio]")) target.dispatchEvent(new Event("change", { bubbles: true }));
    if (target.hash) document.querySelector(target.hash)?.focus();
    return true;
  };

  const letter = (event) => {
    const key = event.key.toLowerCase();
    if (Date.now() - afterG >= 1500 && press(key)) return true;
    if (Date.now() - afterG < 1500) {
      afterG = 0;
      return goTo(key);
    }
    if (key === "g") {
      afterG = Date.now();
      return true;
    }
    if (key === "j" || key === "k") {
      walk(key === "j" ? 1 : -1);
      return true;
    }
    if (key === "?") {
      open("keys");
      return true;
    }
    return act(key);
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("find");
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest("form") || document.querySelector("[data-main-form]");
      if (form) form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || lettersOff()) return;
    if (event.key.length === 1 && letter(event)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const eye = event.target.closest("[data-shows]");
    if (!eye) return;
    const field = document.getElementById(eye.dataset.shows);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!shown));
  });

  // What is to be copied stands on the page too, in a field or an element, for those without script or whose browser refuses.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const from = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(from.value ?? from.innerText);
      popover("live").textContent = (button.querySelector("span") ?? button).textContent = "Copied";
    } catch {
      from.closest("details")?.setAttribute("open", "");
      if (from.select) from.select();
      else getSelection().selectAllChildren(from);
      popover("live").textContent = "Selected: copy it with your keyboard";
    }
  });

  // A choice that acts at once has a button for those without script; with script the button is not needed.
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-at-once]")) event.target.form.requestSubmit();
    if (event.target.matches(".pickbox")) {
      const form = event.target.form;
      form.querySelector("[data-picked]").textContent = form.querySelectorAll(".pickbox:checked").length;
    }
    const files = event.target.closest("input[type=file][data-names]");
    if (files) {
      const names = document.getElementById(files.dataset.names);
      names.textContent = [...files.files].map((file) => file.name).join(", ");
    }
  });

  const settle = () => {
    for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
    for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
    const wrong = document.querySelector("[data-focus-now]");
    if (wrong) wrong.focus();
  };

  // A toast stays at least twelve seconds, and for as long as it is pointed at or holds the focus.
  const retire = (toast) => {
    if (!toast.isConnected) return;
    if (toast.matches(":hover, :focus-within")) setTimeout(retire, 2000, toast);
    else toast.remove();
  };

  const announce = () => {
    for (const toast of document.querySelectorAll(".toast:not([data-seen])")) {
      toast.dataset.seen = "yes";
      popover("live").textContent = toast.dataset.announce;
      setTimeout(retire, 12000, toast);
    }
  };

  let waiting = 0;
  document.addEventListener("htmx:beforeRequest", () => {
    waiting = setTimeout(() => document.getElementById("main").setAttribute("aria-busy", "true"), 400);
  });
  document.addEventListener("htmx:afterRequest", () => {
    clearTimeout(waiting);
    document.getElementById("main")?.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:afterSettle", () => {
    settle();
    announce();
  });
  document.addEventListener("DOMContentLoaded", () => {
    settle();
    announce();
  });
})();
