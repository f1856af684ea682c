// Saves the editor's pages a round trip's wait. Without it every button still does the same.
"use strict";

document.documentElement.classList.add("scripted");

// A button or list marked data-redraw has the server draw the form again, with what was typed; only the form changes.
// Until it is there the form takes no input: what was typed into the old one would be lost.
async function redraw(form, pressed, focus) {
  const data = new FormData(form);
  data.set("do", pressed);
  form.inert = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.querySelector("form[data-editor]");
    if (!answer.ok || !drawn) return false;
    form.replaceChildren(...drawn.childNodes);
  } finally {
    form.inert = false;
  }
  changed.add(form);
  (focus(form) || form.querySelector("[name=" + CSS.escape(pressed.split("-")[0]) + "]")?.parentElement
    .querySelector("input:not([type=hidden]), select"))?.focus();
  return true;
}

// Where the focus goes: to the new line, to the same button of the line that moved, else to what was pressed.
function whither(pressed, id) {
  const [name, what, number] = pressed.split("-");
  const lines = (form) => [...form.querySelectorAll("input[type=hidden][name=" + CSS.escape(name) + "]")].map(
    (input) => input.parentElement);
  return (form) => {
    const all = lines(form);
    if (what === "add") return all.at(-1)?.querySelector("input:not([type=hidden]), select");
    const place = Number(number) + (what === "up" ? -1 : what === "down" ? 1 : 0);
    const line = all[Math.min(Math.max(place, 0), all.length - 1)];
    if (what === "up" || what === "down") {
      const tools = [...(line?.querySelectorAll("button.tool:not(:disabled)") || [])];
      return tools.find((button) => button.value.includes("-" + what + "-")) || tools[0];
    }
    if (what === "remove") return line?.querySelector("input:not([type=hidden]), select")
      || form.querySelector("button[value=" + CSS.escape(name + "-add") + "]");
    return id ? form.querySelector("#" + CSS.escape(id)) : null;
  };
}

const changed = new Set();

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-redraw]");
  const form = button?.closest("form[data-editor]");
  if (!form) return;
  event.preventDefault();
  redraw(form, button.value, whither(button.value, "")).catch(() => false).then((done) => {
    if (!done) leave(form, () => form.requestSubmit(button.isConnected ? button : undefined));
  });
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-editor]");
  if (!form) return;
  changed.add(form);
  const pressed = event.target.dataset.redraw;
  if (pressed) redraw(form, pressed, whither(pressed, event.target.id)).catch(() => false);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-editor]");
  if (form) changed.add(form);
});

// What was typed and not saved is not left behind by mistake.
function leave(form, how) {
  changed.delete(form);
  how();
}

document.addEventListener("submit", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if (changed.size) event.preventDefault();
});

// Questions can be dragged too: to before another one, or to the end of a section.
let held = null;

for (const line of document.querySelectorAll("[data-question]")) line.draggable = true;

document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-question]") || null;
  held?.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const over = held && event.target.closest("[data-question], [data-section]");
  if (!over) return;
  event.preventDefault();
  for (const marked of document.querySelectorAll(".dropped-on")) marked.classList.remove("dropped-on");
  over.classList.add("dropped-on");
});

document.addEventListener("dragend", () => {
  held?.classList.remove("dragged");
  for (const marked of document.querySelectorAll(".dropped-on")) marked.classList.remove("dropped-on");
  held = null;
});

document.addEventListener("drop", (event) => {
  const section = held && event.target.closest("[data-section]");
  const form = held?.querySelector("form");
  if (!section || !form) return;
  event.preventDefault();
  const others = [...section.querySelectorAll("[data-question]")].filter((line) => line !== held);
  const before = event.target.closest("[data-question]");
  const place = before ? others.indexOf(before) : others.length;
  if (place < 0) return;
  const say = (name, value) => {
    form.querySelector("[name=" + name + "]")?.remove();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  };
  say("to", section.dataset.section);
  say("place", place);
  say("do", "question-put");
  form.submit();
});
