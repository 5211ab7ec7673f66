// The list of items: sorted by what needs eyes, filtered, one of them current, and edited in place.

/** What needs eyes most comes first. */
const EYES = ["doubtful", "no-doer", "no-due", "holiday", "sums", "finding"];
const filter = { search: "", actor: "", state: "", kind: "" };
let shown = [];
let current = null;
let editing = false;
const rows = new Map();

/** The order of the list is made once: an item that is settled stays where it was. */
function sortItems() {
  const rank = (item) => {
    const worst = Math.min(...eyesOf(item).map((eye) => EYES.indexOf(eye)), EYES.length);
    return item.decision && !item.apart ? EYES.length + 1 : worst;
  };
  const ranks = new Map(items.map((item) => [item, rank(item)]));
  items.sort((a, b) => ranks.get(a) - ranks.get(b) || a.order - b.order);
}

function searched(item) {
  const fields = fieldsOf(item);
  return [item.id, whatOf(item), item.quote, item.place, dueOf(item), ...namesOf(fields.who), ...namesOf(fields.with), ...namesOf(fields.to)].join(" ").normalize("NFC").toLowerCase();
}

/** A word typed with marks is sought with them, one typed without is found in either. */
function matches(text, asked) {
  const bare = plain(text);
  return asked.every((word) => (word === plain(word) ? bare : text).includes(word));
}

function isShown(item) {
  const fields = fieldsOf(item);
  if (filter.kind && item.about !== filter.kind) return false;
  if (filter.state === "done" || filter.state === "undone") {
    if (item.about !== "task" || stateOf(item) === "removed" || isDone(item) !== (filter.state === "done")) return false;
  } else if (filter.state === "eyes" ? !eyesOf(item).length : filter.state && stateOf(item) !== filter.state) return false;
  if (filter.actor === "?" && (item.about === "finding" || item.about === "cell" || fields.who?.length)) return false;
  if (filter.actor && filter.actor !== "?" && ![fields.who, fields.with, fields.to].some((ids) => ids?.includes(filter.actor))) return false;
  if (dayChosen && !daysOf(item).some(([from, to]) => from === dayChosen || to === dayChosen)) return false;
  return !filter.search.trim() || matches(searched(item), filter.search.normalize("NFC").toLowerCase().trim().split(/\s+/));
}

function showList() {
  byId("list").append(el("h2", {}, say("items")), el("div", { id: "filters" }), el("ol", { id: "rows", "aria-label": say("items") }));
  showFilters();
  refreshList();
}

function showFilters() {
  const search = el("input", { type: "search", id: "search", placeholder: say("search_hint"), "aria-label": say("search"), "aria-keyshortcuts": "/", oninput: () => { filter.search = search.value; refreshList(); } });
  const named = [...actors].sort((a, b) => a[1].localeCompare(b[1], "vi"));
  const pick = (name, options) => {
    const list = select(options, filter[name], (value) => { filter[name] = value; refreshList(); });
    list.setAttribute("aria-label", say(name));
    return list;
  };
  byId("filters").replaceChildren(search,
    pick("actor", [["", say("all_actors")], ["?", say("nobody")], ...named]),
    pick("state", [["", say("all_states")], ...["eyes", "open", "accepted", "changed", "removed", "added", "undone", "done"].map((s) => [s, say(`state_${s}`)])]),
    pick("kind", [["", say("all_kinds")], ...["task", "quota", "cell", "finding"].map((k) => [k, say(`kind_${k}`)])]),
    button(say("add"), () => startAdding(), { key: "keys_add", kind: "quiet" }));
}

function refreshList() {
  shown = items.filter(isShown);
  if (current && !shown.includes(current)) current = null;
  current ??= shown[0] ?? null;
  editing = false;
  const list = byId("rows");
  list.replaceChildren(...shown.map(rowOf));
  if (!shown.length) list.append(el("li", { class: "quiet" }, say("nothing_found")));
  light(current);
}

function rowOf(item) {
  const row = el("li", { class: `item ${stateOf(item)}` });
  rows.set(item, row);
  fillRow(item, row);
  return row;
}

/** The words of an item; those of the current one in full. */
function fillRow(item, row = rows.get(item)) {
  if (!row) return;
  const isCurrent = item === current;
  row.className = `item ${stateOf(item)} ${item.about} ${item.level ?? ""}${isCurrent ? " current" : ""}`;
  const fields = fieldsOf(item);
  const chips = [
    el("span", { class: "kind" }, item.kind),
    el("span", { class: "id doc" }, item.about === "finding" ? "" : item.id),
    ...eyesOf(item).map((eye) => el("span", { class: `chip ${eye}` }, data.eyes[eye])),
    item.again && el("span", { class: "chip" }, say("again")),
    item.done.length > 0 && el("span", { class: "chip done" }, isDone(item) ? `✓ ${say("done")}` : say("done_some", { n: turnsOf(item).filter((due) => isTicked(item, due)).length, all: turnsOf(item).length })),
    item.decision && el("span", { class: `chip state ${stateOf(item)}` }, say(`state_${stateOf(item)}`)),
  ];
  const facts = [];
  if (item.about === "task" || item.about === "quota") {
    const amount = item.about === "quota" && (item.decision?.now?.amount === undefined && item.amount ? item.amount : `${fields.amount ?? ""} ${fields.unit ?? ""}`);
    if (amount) facts.push(el("strong", { class: "doc" }, amount));
    if (fields.who?.length) facts.push(el("span", { class: "doc who" }, namesOf(fields.who).join(", ")));
    if (fields.due) facts.push(el("span", { class: "due" }, dueOf(item)));
  }
  if (item.about === "cell") facts.push(el("strong", { class: "doc" }, cellWords(fields.value)));
  const body = el("div", { class: "face", tabindex: isCurrent ? "0" : "-1", "aria-current": isCurrent ? "true" : null, onclick: () => choose(item) },
    el("p", { class: "chips" }, chips),
    el("p", { class: "what doc" }, whatOf(item)),
    facts.length ? el("p", { class: "facts" }, facts) : null);
  row.replaceChildren(body);
  if (isCurrent) row.append(editing ? editorOf(item) : detailOf(item));
}

const cellWords = (value) => (value === null || value === undefined ? "∅" : typeof value === "number" ? value.toLocaleString("vi-VN") : value);

function detailOf(item) {
  const fields = fieldsOf(item);
  const lines = [];
  const line = (name, text) => text && lines.push(el("div", {}, el("dt", {}, say(name)), el("dd", { class: "doc" }, text)));
  line("with", namesOf(fields.with).join(", "));
  line("to", namesOf(fields.to).join(", "));
  line("product", fields.product);
  if (item.about !== "finding") line("quote", item.quote);
  line("as_read", item.as_read);
  line("place", item.place);
  for (const [name, value] of Object.entries(item.decision?.list === "changed" ? item.decision.was : {})) line("was", `${say(name)}: ${valueWords(name, value)}`);
  // What was noted of the plan's own due does not hold of one that a person set.
  const off = daysOff(item).slice(0, 6).map((day) => `${data.say.weekdays[weekdayOf(day)]} ${dayTitle(day)}`);
  const notes = setDue(item) ? (off.length ? [`${data.eyes.holiday}: ${off.join("; ")}`] : []) : item.notes ?? [];
  const isOpen = !item.decision;
  return el("div", { class: "detail" },
    lines.length ? el("dl", {}, lines) : null,
    item.about === "task" && stateOf(item) !== "removed" ? ticksOf(item) : null,
    notes.length ? el("ul", { class: "notes" }, notes.map((note) => el("li", {}, note))) : null,
    el("p", { class: "acts" },
      button(say(item.about === "finding" ? "accept_finding" : "accept"), () => acceptAndGo(), { key: "keys_accept", kind: "good" }),
      button(say(item.about === "finding" ? "reject_finding" : "reject"), () => rejectAndGo(), { key: "keys_reject", kind: "bad" }),
      item.about !== "finding" && button(say("edit"), () => startEditing(), { key: "keys_edit" }),
      !isOpen && button(say(item.decision.list === "changed" && item.said ? "restore" : "reopen"), () => reopen(item), { kind: "quiet" })));
}

/** The boxes in which a duty is ticked off. */
function ticksOf(item) {
  const turns = turnsOf(item);
  const box = (due, name) => el("label", { class: "tick" },
    el("input", { type: "checkbox", checked: isTicked(item, due), "data-due": due, onchange: (event) => tickAndTell(item, due, event.target.checked) }), name);
  if (turns.length === 1 && turns[0] === "") return el("p", { class: "ticks" }, box("", say("done")), el("kbd", { "aria-hidden": "true" }, say("keys_tick")));
  return el("fieldset", { class: "ticks" }, el("legend", {}, say("done_days"), el("kbd", { "aria-hidden": "true" }, say("keys_tick"))), turns.slice(0, 100).map((due) => box(due, dayWords(due))));
}

function tickAndTell(item, due, on) {
  tick(item, due, on);
  // The row was drawn anew; the box keeps the keys.
  rows.get(item)?.querySelector(`.ticks input[data-due="${due}"]`)?.focus({ preventScroll: true });
  tell(say(on ? "ticked_now" : "unticked_now", { what: due ? `${whatOf(item)} (${dayWords(due)})` : whatOf(item) }));
}

/** Ticks off what comes next; the whole of it is ticked away again. */
function tickNext() {
  if (current?.about !== "task" || stateOf(current) === "removed") return;
  const turns = turnsOf(current);
  const next = turns.find((due) => !isTicked(current, due));
  const item = current;
  tick(item, next ?? turns.at(-1), next !== undefined);
  choose(item);
  tell(say(next !== undefined ? "ticked_now" : "unticked_now", { what: `${whatOf(item)}${next ? ` (${dayWords(next)})` : ""}` }));
}

function valueWords(name, value) {
  if (name === "due") return dueWords(value);
  if (Array.isArray(value)) return namesOf(value).join(", ") || say("no_doer");
  if (name === "bound") return fill(data.say.bounds[value] ?? "", { n: "…" });
  if (name === "kind") return data.say.task_kinds[value] ?? value;
  return value === null ? "∅" : String(value);
}

/** Makes an item the current one; its lines light up. */
function choose(item, bring = false) {
  if (bring && !shown.includes(item)) {
    Object.assign(filter, { search: "", actor: "", state: "", kind: "" });
    dayChosen = "";
    showFilters();
    showMonth();
    refreshList();
  }
  const before = current;
  current = item;
  if (before !== item) editing = false;
  if (before && before !== item) fillRow(before);
  fillRow(item);
  light(item);
  const row = rows.get(item);
  if (!editing) row?.querySelector(".face").focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function chooseAt(page, n) {
  const item = shown.find((own) => own.at.some(([p, from, to]) => p === page && from <= n && n <= to));
  if (item) choose(item);
}

function move(by) {
  const to = shown[shown.indexOf(current) + by];
  if (to) choose(to);
  return to;
}

function goOn() {
  if (!move(1)) {
    choose(current);
    tell(say("all_seen"));
  }
}

function acceptAndGo() {
  if (!current) return;
  const what = whatOf(current);
  accept(current);
  tell(say("accepted_now", { what }));
  goOn();
}

function rejectAndGo() {
  if (!current) return;
  const what = whatOf(current);
  reject(current);
  tell(say("removed_now", { what }));
  goOn();
}

function reopen(item) {
  if (item.decision.list === "changed" && item.said) set(item, { ...fieldsOf(item), ...item.decision.was });
  else decide(item, null);
  choose(item);
}

function undoLast() {
  const item = undo();
  if (!item) return tell(say("nothing_to_undo"));
  if (!items.includes(item) || !shown.includes(item)) refreshList();
  if (items.includes(item)) choose(item, true);
  tell(say("undone_now"));
}
