// Head, keys, saving; and the page begins.

function showHead() {
  byId("head").append(
    el("div", { class: "names" }, el("h1", { class: "doc" }, data.name), data.title && el("p", { class: "doc" }, data.title)),
    el("div", { class: "progress" }, el("span", { id: "count" }), el("span", { id: "count-done" }), el("progress", { id: "meter", max: "1", value: "0", "aria-labelledby": "count" })),
    el("div", { class: "acts" },
      button(say("undo"), undoLast, { key: "keys_undo" }),
      button(say("save"), saveNow, { key: "keys_save", kind: "good" }),
      button("?", showHelp, { label: say("help"), kind: "small" })),
    el("p", { id: "unsaved", class: "quiet" }));
}

function refreshHead() {
  const seen = items.filter((item) => item.decision).length;
  byId("count").textContent = say("progress", { done: seen, all: items.length });
  byId("meter").value = items.length ? seen / items.length : 1;
  const duties = items.filter((item) => item.about === "task" && stateOf(item) !== "removed");
  byId("count-done").textContent = say("progress_done", { done: duties.filter(isDone).length, all: duties.length });
  const n = items.filter((item) => isSaid(item) || item.done.length).length;
  byId("unsaved").textContent = [isSaved() ? (n ? say("nothing_unsaved") : "") : say("unsaved", { n }), remembers ? "" : say("no_storage")].filter(Boolean).join(" ");
}

async function saveNow() {
  try {
    await save();
    tell(say(data.served ? "saved" : "saved_file"));
  } catch (error) {
    tell(say("save_failed", { why: error.message }), "bad");
  }
  refreshHead();
}

let saving = false, again = false;
/** A server keeps every word at once: nothing is lost when it is stopped. */
async function keep() {
  again = saving;
  if (saving) return;
  saving = true;
  try {
    await save();
  } catch (error) {
    tell(say("save_failed", { why: error.message }), "bad");
  }
  saving = false;
  refreshHead();
  if (again) keep();
}

function showHelp() {
  const open = byId("help");
  if (open) return open.close();
  const names = ["accept", "reject", "edit", "tick", "move", "undo", "save", "search", "add", "help"];
  const dialog = el("dialog", { id: "help", "aria-label": say("help") }, el("h2", {}, say("help")),
    el("dl", {}, names.map((name) => el("div", {}, el("dt", {}, el("kbd", {}, say(`keys_${name}`))), el("dd", {}, say(`help_${name}`))))),
    button(say("close"), () => dialog.close(), { kind: "good" }));
  dialog.addEventListener("close", () => { dialog.remove(); if (current) choose(current); });
  document.body.append(dialog);
  dialog.showModal();
}

const isField = (target) => target.closest?.("input, textarea, select, dialog, form");

function onKey(event) {
  if (event.isComposing) return;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (control && key === "s") { event.preventDefault(); saveNow(); return; }
  if (isField(event.target)) {
    if (event.key === "Escape" && event.target.id === "search") choose(current ?? shown[0]);
    return;
  }
  if (control && key === "z") { event.preventDefault(); undoLast(); return; }
  if (control || event.altKey) return;
  // On a button, Enter and Space are the button's.
  if ((event.key === "Enter" || event.key === " ") && event.target.closest?.("button, summary")) return;
  const act = { Enter: acceptAndGo, Delete: rejectAndGo, F2: startEditing, " ": tickNext, ArrowDown: () => move(1), ArrowUp: () => move(-1), Insert: startAdding, "/": () => byId("search").focus(), "?": showHelp }[event.key];
  if (!act || ((event.key.startsWith("Arrow") || event.key === " ") && event.target.closest?.(".pages"))) return;
  event.preventDefault();
  act();
}

load();
sortItems();
showHead();
showSource();
showOverview();
showList();
refreshHead();
let drawing = 0;
listeners.push((item) => {
  fillRow(item);
  refreshHead();
  if (data.served && !isSaved()) keep();
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(refreshOverview);
});
document.addEventListener("keydown", onKey);
ears.push((heard) => {
  if (heard.some((item) => item.apart)) showList();
  else heard.forEach(fillRow);
  refreshHead();
  refreshOverview();
});
for (const event of ["storage", "focus"]) addEventListener(event, catchUp);
addEventListener("beforeunload", (event) => { if (!isSaved() && !remembers) event.preventDefault(); });
if (current) choose(current);
if (data.served && !isSaved()) keep();
if (isNarrow()) scrollTo(0, 0);
