// An addition to the pages of a questionnaire, which are complete without it. It saves while somebody types, keeps what
// was typed where the connection is lost, and leaves so that "Back" does not return.
"use strict";
(() => {
  const EVERY = 4000, AGAIN = 15000, FRESH = 40000;
  const form = document.getElementById("answers");
  const note = document.getElementById("saving");
  let saved, busy, timer, lost = false, refused = false, gone = false, heard = Date.now();

  const fields = (then) => {
    const found = new URLSearchParams(new FormData(form));
    if (then) found.set("then", then);
    else found.delete("drawn");
    return String(found);
  };
  const post = (then, patience) => {
    const body = fields(then), limit = new AbortController();
    setTimeout(() => limit.abort(), patience);
    return fetch(form.action, {
      method: "POST", body, redirect: "manual", signal: limit.signal, keepalive: body.length < 60000,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    });
  };
  const say = (text) => { if (note.textContent !== text) note.textContent = text; };
  const save = async () => {
    const typed = fields();
    try {
      const response = await post("draft", AGAIN);
      if (response.status >= 500) throw response;
      const answer = await response.json().catch(() => ({}));
      lost = false;
      heard = Date.now();
      refused = !answer.drawn;
      if (answer.drawn) {
        form.elements.drawn.value = answer.drawn;
        saved = typed;
      }
      say(answer.said || "");
    } catch {
      lost = true;
      say(note.dataset.lost);
      later(AGAIN);
    }
    busy = null;
  };
  const now = () => {
    clearTimeout(timer);
    timer = null;
    if (!busy && !gone && !refused && (lost || fields() !== saved)) busy = save();
  };
  const later = (time) => { timer = timer || setTimeout(now, time); };

  if (form && note) {
    saved = fields();
    form.addEventListener("input", () => later(EVERY));
    document.addEventListener("visibilitychange", () => { if (document.hidden) now(); });
    addEventListener("online", now);
    // "Back" may bring a page out of memory that is older than what is saved, or that was never sent.
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      gone = false;
      if (fields() !== saved) now();
      else if (navigator.onLine) location.reload();
    });
    form.addEventListener("submit", (event) => {
      if (gone) return;
      if (!busy && !lost && navigator.onLine && Date.now() - heard < FRESH) {
        gone = true;
        return;
      }
      event.preventDefault();
      const button = event.submitter;
      busy = busy || save();
      busy.then(() => {
        if (!lost) {
          gone = true;
          form.requestSubmit(button);
        } else {
          say(note.dataset.kept);
          note.focus();
        }
      });
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-leave]");
    if (!button) return;
    event.preventDefault();
    gone = true;
    const leave = () => location.replace(button.dataset.leave);
    if (form) post("forget", 3000).then(leave, leave);
    else leave();
  });
})();
