// What the person has said: one decision an item, undone one by one, kept in the browser, and written as corrections.yaml.

const SEPARATOR = "\u001f";
const MEMORY = `plan-ingest:${data.key}`;
const SNAPSHOT = { task: ["who", "due"], quota: ["amount", "unit", "due"], cell: ["value"], finding: [] };

const actors = new Map(data.actors);
/** Items in the order of the plan. `decision` is null, or { list, now, was }. */
const items = [];
const undone = [];
let remembers = true;
let savedAs = "";
const listeners = [];
/** Called with what another window of the same plan has said. */
const ears = [];
/** The memory as this window last read or wrote it. */
let lastKept = "";

const keyOf = (entry) => [entry.about, entry.id, entry.quote].join(SEPARATOR);
const copy = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function load() {
  const taken = new Set();
  for (const raw of data.items) {
    const item = { ...raw, decision: null, done: raw.done ?? [], order: items.length, key: keyOf(raw) };
    while (taken.has(item.key)) item.key += SEPARATOR;
    taken.add(item.key);
    if (raw.said) item.decision = decisionOf(raw.said);
    items.push(item);
  }
  for (const said of data.carried) items.push(itemOf(said));
  const inFile = fingerprint();
  const kept = recall();
  lastKept = memoryText;
  if (kept) takeUp(kept);
  savedAs = kept?.base === data.base ? kept.savedAs : inFile;
}

const decisionOf = (said) => ({ list: said.list, now: said.now ?? {}, was: said.was ?? {}, id: said.id, quote: said.quote, note: said.note });

/** An entry about which the plan now says nothing still stands in the list: removed, added, or no longer fitting. */
function itemOf(said) {
  const fields = { ...(said.was ?? {}), ...(said.list === "added" ? said.now : {}) };
  const kind = say(`kind_${said.about}`);
  return {
    about: said.about, id: said.id, quote: said.quote, kind, what: fields.what ?? said.quote, fields, days: [], place: "", at: [],
    decision: decisionOf(said), done: [], order: items.length, key: keyOf(said), apart: true,
  };
}

/** Takes up what this browser remembers; a newer file wins where the two differ and the memory had been saved. */
function takeUp(kept) {
  for (const a of kept.actors ?? []) if (!actors.has(a[0])) actors.set(a[0], a[1]);
  const known = new Map(items.map((item) => [item.key, item]));
  for (const [key, decision, saved, done] of kept.decisions ?? []) {
    const item = known.get(key);
    if (item) {
      // A file that was handed out may never have come into the folder; what a server saved did.
      if (kept.base === data.base || !saved || !(item.said || data.served)) item.decision = decision;
      if (kept.base === data.base || !saved) item.done = done ?? [];
    } else if (decision) {
      const [about, id, quote] = key.split(SEPARATOR);
      items.push(itemOf({ about, id, quote, ...decision }));
    }
  }
}

/** Takes up what another window of the same plan has remembered since; whose word is later counts. */
function catchUp() {
  const kept = recall();
  if (!kept || lastKept === memoryText) return;
  lastKept = memoryText;
  for (const a of kept.actors ?? []) if (!actors.has(a[0])) actors.set(a[0], a[1]);
  const known = new Map(items.map((item) => [item.key, item]));
  const heard = [];
  for (const [key, decision, , done] of kept.decisions ?? []) {
    let item = known.get(key);
    if (!item && decision) {
      const [about, id, quote] = key.split(SEPARATOR);
      items.push((item = itemOf({ about, id, quote, ...decision })));
    } else if (!item || (same(item.decision, decision) && same(item.done, done))) continue;
    [item.decision, item.done] = [decision, done ?? []];
    heard.push(item);
  }
  [data.base, savedAs] = [kept.base, kept.savedAs];
  for (const ear of ears) ear(heard);
}

let memoryText = "";
function recall() {
  try {
    memoryText = localStorage.getItem(MEMORY) ?? "null";
    return JSON.parse(memoryText);
  } catch {
    remembers = false;
    return null;
  }
}

function remember() {
  const known = new Map(savedAs.split("\n").filter(Boolean).map((line) => [JSON.parse(line)[0], line]));
  const saved = (item) => (isTold(item) ? toldOf(item) : undefined) === known.get(item.key);
  const decisions = items.filter((item) => item.decision || item.said || item.touched || item.done.length).map((item) => [item.key, item.decision, saved(item), item.done]);
  const added = [...actors].filter(([id]) => !data.actors.some(([known]) => known === id));
  try {
    lastKept = JSON.stringify({ base: data.base, savedAs, decisions, actors: added });
    localStorage.setItem(MEMORY, lastKept);
    remembers = true;
  } catch {
    remembers = false;
  }
}

/** The fields of an item as the person has set them. */
const fieldsOf = (item) => ({ ...item.fields, ...(item.decision?.list === "removed" ? {} : item.decision?.now) });
const setDue = (item) => item.decision !== null && "due" in item.decision.now && !same(item.decision.now.due, item.fields.due);
const daysOf = (item) => (item.decision?.list === "removed" ? [] : setDue(item) || item.apart ? dueDays(fieldsOf(item).due) : item.days ?? []);
const dueOf = (item) => (setDue(item) || item.apart ? dueWords(fieldsOf(item).due) : item.due ?? say("no_due"));
const whatOf = (item) => fieldsOf(item).what ?? item.what;
const stateOf = (item) => item.decision?.list ?? "open";
const nameOf = (id) => actors.get(id) ?? id;
const namesOf = (ids) => (ids ?? []).map(nameOf);

/** Why an item needs eyes; empty once a person has had their say. */
function eyesOf(item) {
  if (item.decision) return [];
  const fields = fieldsOf(item);
  const eyes = [];
  if (item.sure === "doubtful") eyes.push("doubtful");
  if (item.about === "task" && fields.kind !== "milestone" && !fields.who?.length) eyes.push("no-doer");
  if (item.about === "task" && !fields.due) eyes.push("no-due");
  if (item.about === "task" && daysOff(item).length) eyes.push("holiday");
  if (item.about === "cell" || (item.about === "finding" && data.sums.includes(item.id))) eyes.push("sums");
  else if (item.about === "finding" && item.level !== "note") eyes.push("finding");
  return eyes;
}

/** The days not worked on which an item falls, spans of days left aside. */
const daysOff = (item) => daysOf(item).filter(([from, to]) => from === to && from in data.off && !isDaily(item)).map(([day]) => day);
const isDaily = (item) => fieldsOf(item).due?.repeat?.every === "day";

/** Says something of an item, so that it can be undone. */
function decide(item, decision, done = item.done) {
  catchUp();
  undone.push([item, item.decision, item.done]);
  item.decision = decision;
  item.done = done;
  item.touched = true;
  changed(item);
}

/** The days by which a duty is ticked off, one by one where it comes round; "" is the whole of it. */
function turnsOf(item) {
  const days = isDaily(item) ? [] : daysOf(item).map(([, last]) => last);
  return fieldsOf(item).due?.repeat && days.length ? days : [""];
}
const isTicked = (item, due) => item.done.some((tick) => (tick.due ?? "") === due || !tick.due);
const isDone = (item) => item.done.length > 0 && turnsOf(item).every((due) => isTicked(item, due));

/** Ticks a duty off, or one day of it, or takes the tick away. */
function tick(item, due, on) {
  const others = item.done.filter((known) => known.due && known.due !== due);
  decide(item, item.decision, on ? [...others, due ? { due, date: data.today } : { date: data.today }] : others);
}

function changed(item) {
  remember();
  for (const listen of listeners) listen(item);
}

function undo() {
  const last = undone.pop();
  if (!last) return null;
  const [item, before, done] = last;
  item.decision = before;
  item.done = done;
  if (before === null && item.apart && !item.said) items.splice(items.indexOf(item), 1);
  changed(item);
  return item;
}

function accept(item) {
  const list = stateOf(item);
  if (list === "changed" || list === "added" || list === "accepted") return changed(item);
  const now = {};
  for (const name of SNAPSHOT[item.about]) if (name in item.fields) now[name] = copy(item.fields[name]);
  decide(item, { ...anchorOf(item), list: "accepted", now, was: {} });
}

function reject(item) {
  if (stateOf(item) === "removed") return changed(item);
  decide(item, { ...anchorOf(item), list: "removed", now: {}, was: { ...copy(item.fields), ...item.decision?.was } });
}

/** The words by which an entry is found again: those it had when it was first made. */
const anchorOf = (item) => ({ id: item.decision?.id ?? item.id, quote: item.decision?.quote ?? item.quote });

/** Sets fields; those that are as the tool read them say nothing. */
function set(item, fields) {
  if (stateOf(item) === "added") return decide(item, { ...item.decision, now: fields });
  const earlier = item.decision?.list === "changed" ? item.decision : { now: {}, was: {} };
  const now = {}, was = {};
  for (const [name, value] of Object.entries(fields)) {
    const read = name in earlier.was ? earlier.was[name] : item.fields[name];
    if (same(value, read)) continue;
    now[name] = value;
    was[name] = copy(read ?? null);
  }
  if (Object.keys(now).length === 0) {
    // Set back to what the tool had read: that is a word too, where an earlier run took the other one.
    if (Object.keys(earlier.was).length && item.said) return decide(item, { ...anchorOf(item), list: "changed", now: copy(earlier.was), was: copy(earlier.now) });
    item.decision = null;
    return accept(item);
  }
  decide(item, { ...anchorOf(item), list: "changed", now, was });
}

function add(fields, near) {
  const clause = (near?.about === "task" ? near.id.replace(/-\d+$/, "") : "") || "0";
  let number = 1;
  const taken = new Set(items.map((item) => item.id));
  while (taken.has(`${clause}-${number}`)) number += 1;
  const item = itemOf({ about: "task", list: "added", id: `${clause}-${number}`, quote: near?.quote || fields.what, now: fields });
  item.at = near?.at ?? [];
  item.place = near?.place ?? "";
  item.fields = {};
  item.decision = null;
  items.push(item);
  decide(item, { id: item.id, quote: item.quote, list: "added", now: fields, was: {} });
  return item;
}

/** The id under which an actor is named; a new name makes a new actor. */
function actorId(name) {
  const clean = name.normalize("NFC").trim().replace(/\s+/g, " ");
  for (const [id, known] of actors) if (plain(known) === plain(clean)) return id;
  const id = plain(clean).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "nguoi";
  let free = id;
  for (let n = 2; actors.has(free); n += 1) free = `${id}-${n}`;
  actors.set(free, clean);
  return free;
}

// --- corrections.yaml ---------------------------------------------------------------------------------------------------------------

/** A value as YAML on one line: JSON, with what must not stand in the open escaped. */
function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value && typeof value === "object") return `{${Object.entries(value).map(([k, v]) => `${flow(k)}: ${flow(v)}`).join(", ")}}`;
  const text = JSON.stringify(typeof value === "string" ? wellFormed(value) : value ?? null);
  return text.replace(/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
const wellFormed = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd").normalize("NFC");

const isSaid = (item) => item.decision && item.decision.list;

/** The whole file. */
function yaml() {
  const inOrder = [...items].sort((a, b) => a.order - b.order);
  const said = inOrder.filter(isSaid);
  const used = new Set(said.flatMap((item) => ["who", "with", "to"].flatMap((name) => item.decision.now[name] ?? [])));
  const lines = ["corrections: 1"];
  const made = Object.fromEntries(Object.entries(data.made_for).filter(([, value]) => value));
  if (Object.keys(made).length) lines.push(`made_for: ${flow(made)}`);
  const named = [...used].filter((id) => actors.has(id)).sort();
  if (named.length) lines.push("actors:", ...named.map((id) => `- ${flow({ id, name: nameOf(id) })}`));
  for (const list of ["accepted", "changed", "removed", "added"]) {
    const own = said.filter((item) => item.decision.list === list);
    if (own.length) lines.push(`${list}:`, ...own.flatMap(entryLines));
  }
  const done = inOrder.flatMap((item) => [...item.done].sort((a, b) => (a.due ?? "").localeCompare(b.due ?? "")).map(({ due, date }) => ({ ...anchorOf(item), due, date }))).concat(data.carried_done);
  if (done.length) lines.push("done:", ...done.map(({ id, quote, due, date }) => `- ${flow({ id, quote, ...(due ? { due } : {}), ...(date ? { date } : {}) })}`));
  return `${lines.join("\n")}\n`;
}

function entryLines(item) {
  const { id, quote, now, was, note } = { ...anchorOf(item), ...item.decision };
  const lines = [`- about: ${item.about}`, `  id: ${flow(id)}`, `  quote: ${flow(quote)}`];
  const written = (fields) => flow(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
  if (Object.keys(was ?? {}).length) lines.push(`  was: ${written(was)}`);
  if (Object.keys(now ?? {}).length) lines.push(`  now: ${written(now)}`);
  if (note) lines.push(`  note: ${flow(note)}`);
  return lines;
}

const isTold = (item) => Boolean(isSaid(item)) || item.done.length > 0;
const toldOf = (item) => JSON.stringify([item.key, item.decision?.list, item.decision?.now, item.done.map((tick) => tick.due ?? "").sort()]);
/** Tells one set of decisions from another; the list is sorted otherwise from time to time, and what was said is the same. */
const fingerprint = () => items.filter(isTold).map(toldOf).sort().join("\n");
const isSaved = () => fingerprint() === savedAs;

/** Somebody else has saved since this page was made: it is made anew, with their words and those that only this one remembers. */
function meet() {
  remember();
  if (!remembers) throw new Error(say("save_conflict"));
  location.reload();
}

/** Hands the file to the server that brought this page, or to the person. */
async function save() {
  const text = yaml(), sent = fingerprint();
  if (data.served) {
    const answer = await fetch("corrections", { method: "POST", headers: { "Content-Type": "application/yaml", "If-Match": `"${data.base}"` }, body: text });
    if (answer.status === 412) return meet();
    if (answer.ok) data.base = (answer.headers.get("ETag") ?? "").replaceAll('"', "");
    else throw new Error((await answer.text()) || String(answer.status));
  } else {
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "application/yaml" })), download: "corrections.yaml" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
  savedAs = sent;
  remember();
}
