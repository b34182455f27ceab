// The timer of the meeting, which counts up and ends nothing, and where the keys go on. Every page works without this file.
(() => {
  "use strict";
  const tick = () => {
    for (const timer of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(timer.dataset.since)) / 1000));
      timer.querySelector("[data-time]").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  };
  // The next decision is there: a field that had the focus would take single keys, and belongs to another decision now.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === document.body) document.getElementById("main").focus({ preventScroll: true });
  });
  // A reason that is needed and missing is asked for where it is written, before anything is sent.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-suggested]");
    if (!form) return;
    const { reason, verdict } = form.elements;
    reason.required = Boolean(reason.offsetParent) && verdict.value !== "wait";
  });
  document.addEventListener("DOMContentLoaded", () => {
    tick();
    setInterval(tick, 1000);
  });
})();
