// Editing in place: pickers for days and actors; nothing is set until it is whole.

const SHAPES = ["before", "by", "exactly", "during", "week", "month", "none", "absent"];

function startEditing() {
  if (!current || current.about === "finding") return;
  editing = true;
  fillRow(current);
  const row = rows.get(current);
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("form :is(textarea, input)").focus();
}

function stopEditing() {
  editing = false;
  if (current) choose(current);
}

function editorOf(item) {
  const fields = copy(fieldsOf(item));
  const read = item.about === "cell" ? editCell(fields) : item.about === "quota" ? editQuota(fields) : editTask(fields);
  return formOf(read, (made) => {
    set(item, made);
    editing = false;
    tell(say("changed_now", { what: whatOf(item) }));
    choose(item);
  }, stopEditing);
}

/** Puts a task in by hand, beside the current one. */
function startAdding() {
  const near = current;
  const read = editTask({ kind: "task", what: "", who: copy(near && fieldsOf(near).who) ?? [], with: [], to: [], product: null, due: null });
  const dialog = el("dialog", { "aria-label": say("add") }, el("h2", {}, say("add")), formOf(read, (made) => {
    dialog.close();
    const item = add(made, near);
    choose(item, true);
    tell(say("changed_now", { what: made.what }));
  }, () => dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function formOf(read, done, leave) {
  const fault = el("p", { class: "fault", role: "alert" });
  const form = el("form", { class: "editor", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const made = read.make();
    if (typeof made === "string") fault.textContent = made;
    else done(made);
  } }, read.elements, fault, el("p", { class: "acts" }, el("button", { type: "submit", class: "good" }, say("apply"), el("kbd", { "aria-hidden": "true" }, "Ctrl+Enter")), button(say("cancel"), leave, { kind: "quiet" })));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(); }
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.requestSubmit(); }
  });
  return form;
}

function editTask(fields) {
  const what = el("textarea", { rows: "2" });
  what.value = fields.what ?? "";
  const kind = select(Object.entries(data.say.task_kinds), fields.kind, () => {});
  const who = pickActors("who", fields.who ?? []), support = pickActors("with", fields.with ?? []), to = pickActors("to", fields.to ?? []);
  const product = el("input", { type: "text", value: fields.product ?? "" });
  const due = pickDue(fields.due ?? null);
  return {
    elements: [labelled(say("what"), what), labelled(say("kind"), kind), who.element, due.element, support.element, to.element, labelled(say("product"), product)],
    make: () => {
      const made = due.make();
      if (typeof made === "string") return made;
      if (!what.value.trim()) return say("need_what");
      return { kind: kind.value, what: what.value.trim(), who: who.ids(), with: support.ids(), to: to.ids(), product: product.value.trim() || null, due: made };
    },
  };
}

function editQuota(fields) {
  const what = el("textarea", { rows: "2" });
  what.value = fields.what ?? "";
  const amount = el("input", { type: "text", inputmode: "decimal", value: fields.amount === undefined ? "" : String(fields.amount).replace(".", ",") });
  const unit = el("input", { type: "text", value: fields.unit ?? "" });
  const bound = select(Object.entries(data.say.bounds).map(([id, pattern]) => [id, fill(pattern, { n: "…" })]), fields.bound, () => {});
  const who = pickActors("who", fields.who ?? []), due = pickDue(fields.due ?? null);
  return {
    elements: [labelled(say("what"), what), el("div", { class: "pair" }, labelled(say("bound"), bound), labelled(say("amount"), amount), labelled(say("unit"), unit)), who.element, due.element],
    make: () => {
      const made = due.make();
      const number = numberOf(amount.value);
      if (typeof made === "string") return made;
      if (!what.value.trim()) return say("need_what");
      if (number === null) return say("need_amount");
      return { what: what.value.trim(), who: who.ids(), due: made, amount: number, unit: unit.value.trim(), bound: bound.value };
    },
  };
}

function editCell(fields) {
  const value = el("input", { type: "text", value: fields.value === null || fields.value === undefined ? "" : String(fields.value).replace(/^(-?\d+)\.(\d+)$/, "$1,$2") });
  return {
    elements: [labelled(say("value"), value)],
    make: () => ({ value: value.value.trim() === "" ? null : numberOf(value.value) ?? value.value.trim() }),
  };
}

/** `1.234,5` as Vietnamese is written: points group, a comma divides. */
function numberOf(text) {
  const clean = text.trim().replace(/\s/g, "");
  const grouped = /^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(clean) ? clean.replaceAll(".", "") : clean;
  return /^-?\d+([.,]\d+)?$/.test(grouped) ? Number(grouped.replace(",", ".")) : null;
}

/** Names as chips, each with a button that takes it away, and a box that suggests the plan's own. */
function pickActors(name, ids) {
  const chosen = [...ids];
  const chips = el("span", { class: "chosen" });
  const known = `known-${name}`;
  const box = el("input", { type: "text", list: known, placeholder: say("add_actor"), "aria-label": `${say(name)}: ${say("add_actor")}` });
  const show = () => chips.replaceChildren(...chosen.map((id) => el("span", { class: "actor doc" }, nameOf(id), el("button", { type: "button", "aria-label": say("remove_actor", { name: nameOf(id) }), onclick: () => { chosen.splice(chosen.indexOf(id), 1); show(); box.focus(); } }, "×"))));
  const take = () => {
    if (!box.value.trim()) return;
    const id = actorId(box.value);
    if (!chosen.includes(id)) chosen.push(id);
    box.value = "";
    show();
  };
  box.addEventListener("change", take);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.ctrlKey && box.value.trim()) { event.preventDefault(); take(); } });
  show();
  const list = el("datalist", { id: known }, [...actors.values()].map((actor) => el("option", { value: actor })));
  return { element: el("fieldset", { class: "field" }, el("legend", {}, say(name)), chips, box, list), ids: () => { take(); return chosen; } };
}

/** A due: its shape first, then only the boxes that this shape has. */
function pickDue(due) {
  const from = shapeOf(due);
  const shapes = from === "kept" ? ["kept", ...SHAPES] : SHAPES;
  const input = (type, value) => el("input", { type, value: value ?? "" });
  const date = input("date", due?.date ?? due?.from), to = input("date", due?.to);
  const time = input("time", due?.time ?? due?.repeat?.time);
  const weekday = select(WEEK.slice(1).concat("sun").map((id) => [id, data.say.weekdays[id]]), due?.repeat?.day, () => {});
  const number = select([...Array(31).keys()].map((n) => [String(n + 1), String(n + 1)]).concat([["last", data.say.due.last_day]]), String(due?.repeat?.day ?? 1), () => {});
  const side = select(["exactly", "before", "by"].map((id) => [id, say(`shape_${id}`)]), due?.repeat ? due.bound : "before", () => {});
  const boxes = el("span", { class: "pair" });
  const show = (shape) => {
    const needs = { before: [date, time], by: [date, time], exactly: [date, time], during: [date, to], week: [side, weekday, time], month: [side, number, time] }[shape] ?? [];
    const names = new Map([[date, "date"], [to, "date_to"], [time, "time"], [weekday, "weekday"], [number, "day_of_month"], [side, "bound"]]);
    boxes.replaceChildren(...needs.map((box) => labelled(say(names.get(box)), box)));
  };
  const shape = select(shapes.map((id) => [id, say(`shape_${id}`)]), from, show);
  show(from);
  shape.setAttribute("aria-label", say("due"));
  const make = () => (shape.value === from && untouched(due, from) ? due : said(made(shape.value), due));
  const untouched = (old, kind) => kind === "kept" || kind === "none" || kind === "absent" || same({ ...old, says: "" }, { ...made(kind), says: "" });
  const hour = () => (time.value ? { time: time.value.slice(0, 5) } : {});
  const made = (kind) => {
    if (kind === "absent") return null;
    if (kind === "none") return { says: due?.says ?? "", bound: "none" };
    if (kind === "week") return { says: "", bound: side.value, repeat: { ...ends(due), every: "week", day: weekday.value, ...hour() } };
    if (kind === "month") return { says: "", bound: side.value, repeat: { ...ends(due), every: "month", day: number.value === "last" ? "last" : Number(number.value), ...hour() } };
    if (!isDay(date.value)) return say("need_date");
    if (kind !== "during") return { says: "", bound: kind, date: date.value, ...hour() };
    if (to.value && !isDay(to.value)) return say("need_date");
    if (to.value && to.value < date.value) return say("need_order");
    return { says: "", bound: "during", from: date.value, ...(to.value ? { to: to.value } : {}) };
  };
  return { element: el("fieldset", { class: "field" }, el("legend", {}, say("due")), shape, boxes), make };
}

const ends = (due) => Object.fromEntries(["from", "until"].filter((name) => due?.repeat?.[name]).map((name) => [name, due.repeat[name]]));

/** The plan's own words stay while the due is only read otherwise; a due that the plan never had says itself. */
function said(made, old) {
  return made && typeof made === "object" ? { ...made, says: old?.says || dueWords({ ...made, says: "" }) || say("shape_none") } : made;
}
