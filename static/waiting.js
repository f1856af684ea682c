// An addition to the page of a document that is being made, which reloads itself without it. It asks how far the
// document has come and shows that in place, so that nobody who listens to the page or moves about in it is interrupted.
"use strict";
(() => {
  const EVERY = 1000;
  const box = document.getElementById("making");
  const said = document.getElementById("said");
  const bar = box.querySelector("progress");

  const look = async () => {
    try {
      const response = await fetch(box.dataset.address, { redirect: "error" });
      const now = await response.json();
      if (now.state === "done" || now.state === "failed") {
        location.reload();
        return;
      }
      if (said.textContent !== now.said) said.textContent = now.said;
      if (now.steps) {
        bar.max = now.steps;
        bar.value = now.step;
      } else {
        bar.removeAttribute("value");
      }
    } catch {
      // The connection may come back.
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
})();
