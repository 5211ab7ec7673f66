// The whole at a glance: a month, the campaign by actor, the numbers by unit.

const MOST_DAYS = 370;
let month = "";
let measure = "";
let dayChosen = "";

/** Tasks that have days, in the order of the plan. */
const dated = () => items.filter((item) => item.about === "task" && daysOf(item).length).sort((a, b) => a.order - b.order);

function showOverview() {
  const all = dated().flatMap((item) => daysOf(item).map(([from]) => from)).sort();
  month = (all.find((day) => day >= data.today) ?? all.at(-1) ?? data.today).slice(0, 7);
  byId("overview").append(
    el("details", { open: true, ontoggle: () => refreshOverview() },
      el("summary", {}, say("overview")),
      el("div", { class: "views" },
        el("section", { id: "calendar", "aria-label": say("calendar") }),
        el("section", { id: "timeline", "aria-label": say("timeline") }),
        el("section", { id: "quotas", "aria-label": say("quotas") }))));
  refreshOverview();
}

function refreshOverview() {
  if (!byId("overview").querySelector("details").open) return;
  showMonth();
  showTimeline();
  showQuotas();
}

const dayTitle = (day) => (data.off[day] ? `${dayWords(day)}, ${data.off[day]}` : day in data.off ? `${dayWords(day)}, ${say("weekend")}` : dayWords(day));
const dayClass = (day) => [day in data.off ? "off" : "", data.off[day] ? "holiday" : "", day === data.today ? "today" : ""].join(" ").trim();

function turnMonth(by) {
  const [year, number] = month.split("-").map(Number);
  month = new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
  showMonth();
}

function showMonth() {
  const on = new Map();
  for (const item of dated().filter((own) => !isDaily(own))) {
    for (const [from, to] of daysOf(item)) {
      for (const day of from === to ? [from] : [from, to]) if (day.startsWith(month)) on.set(day, [...(on.get(day) ?? []), item]);
    }
  }
  const first = `${month}-01`;
  const lead = (WEEK.indexOf(weekdayOf(first)) + 6) % 7;
  const rows = [];
  for (let start = shift(first, -lead); start.slice(0, 7) <= month; start = shift(start, 7)) {
    rows.push(el("tr", {}, [0, 1, 2, 3, 4, 5, 6].map((n) => showDay(shift(start, n), on))));
  }
  const [year, number] = month.split("-");
  byId("calendar").replaceChildren(
    el("div", { class: "bar" },
      button("‹", () => turnMonth(-1), { label: say("previous_month"), kind: "small" }),
      el("h3", { "aria-live": "polite" }, say("month", { month: Number(number), year })),
      button("›", () => turnMonth(1), { label: say("next_month"), kind: "small" })),
    el("table", { class: "month" },
      el("thead", {}, el("tr", {}, say("weekdays").split(" ").map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, rows)));
}

function showDay(day, on) {
  const own = on.get(day) ?? [];
  const outside = day.startsWith(month) ? "" : " outside";
  const number = String(Number(day.slice(8)));
  const inside = own.length
    ? el("button", { type: "button", class: own.some((item) => eyesOf(item).length) ? "eyes" : "", "aria-pressed": String(day === dayChosen), "aria-label": `${say("items_on", { n: own.length, date: dayTitle(day) })}`, onclick: () => chooseDay(day) }, number, el("small", { "aria-hidden": "true" }, own.length))
    : el("span", {}, number);
  return el("td", { class: dayClass(day) + outside, title: dayTitle(day) }, inside);
}

function chooseDay(day) {
  dayChosen = dayChosen === day ? "" : day;
  showMonth();
  refreshList();
}

/** First and last day of the timeline: the campaign, or what there is. */
function span() {
  const all = dated().flatMap((item) => daysOf(item).flat()).sort();
  const from = data.period[0] ?? all[0];
  let to = data.period[1] ?? all.at(-1);
  if (!from || !to) return null;
  if (to < from) to = from;
  const most = shift(from, MOST_DAYS);
  return [shift(from, -1), shift(to < most ? to : most, 1)];
}

function showTimeline() {
  const reach = span();
  const box = byId("timeline");
  if (!reach) return box.replaceChildren(el("h3", {}, say("timeline")), el("p", { class: "quiet" }, say("no_days")));
  const [from, to] = reach;
  const width = (stamp(to) - stamp(from)) / MS + 1;
  const left = (day) => `${((stamp(day) - stamp(from)) / MS / width) * 100}%`;
  const back = el("div", { class: "days", "aria-hidden": "true" });
  const place = (element, day, days = 1) => {
    element.style.setProperty("left", left(day));
    element.style.setProperty("width", `${(days / width) * 100}%`);
    return element;
  };
  for (let day = from; day <= to; day = shift(day, 1)) {
    if (day in data.off || day === data.today) back.append(place(el("i", { class: dayClass(day), title: dayTitle(day) }), day));
  }
  const step = width > 190 ? 28 : width > 80 ? 14 : 7;
  const scale = el("div", { class: "scale", "aria-hidden": "true" });
  for (let day = shift(from, 1); day <= to; day = shift(day, step)) scale.append(place(el("span", {}, dayWords(day).replace(/\/\d+$/, "")), day, step));
  const rows = byActor().map(([name, own]) => {
    const track = el("div", { class: "track" });
    // What lasts lies beneath what is done on a day.
    for (const item of [...own].sort((a, b) => Number(lastsLong(b)) - Number(lastsLong(a)))) {
      for (const [first, last] of lanes(item)) {
        if (last < from || first > to) continue;
        const begin = first < from ? from : first, end = last > to ? to : last;
        const kind = `${end > begin ? "stretch" : "point"} ${stateOf(item)}${eyesOf(item).length ? " eyes" : ""}${isTicked(item, turnsOf(item)[0] === "" ? "" : last) ? " done" : ""}`;
        const mark = el("button", { type: "button", tabindex: "-1", class: kind, title: `${whatOf(item)} – ${dueOf(item)}`, "aria-label": `${whatOf(item)}, ${dueOf(item)}`, onclick: () => choose(item, true) });
        track.append(place(mark, begin, (stamp(end) - stamp(begin)) / MS + 1));
      }
    }
    return el("div", { class: "row" }, el("span", { class: "name doc", title: name }, name), track);
  });
  box.replaceChildren(el("h3", {}, say("timeline")), el("div", { class: "lanes" }, el("div", { class: "row" }, el("span", { class: "name" }), scale), el("div", { class: "row under", "aria-hidden": "true" }, el("span", { class: "name" }), back), ...rows));
}

const lastsLong = (item) => lanes(item).some(([from, to]) => to > from);

/** What is done every day is one stretch. */
function lanes(item) {
  const days = daysOf(item);
  return isDaily(item) && days.length ? [[days[0][0], days.at(-1)[1]]] : days;
}

/** Those who have something to do on some day, in the order in which the plan gives it to them. */
function byActor() {
  const rows = new Map();
  for (const item of dated()) {
    const who = fieldsOf(item).who ?? [];
    for (const name of who.length ? namesOf(who) : [say("nobody")]) rows.set(name, [...(rows.get(name) ?? []), item]);
  }
  return [...rows];
}

function showQuotas() {
  const measures = new Map();
  for (const item of items) {
    if (item.about !== "quota" || item.again || item.relative || stateOf(item) === "removed") continue;
    const fields = fieldsOf(item);
    if (typeof fields.amount !== "number" || !Number.isFinite(fields.amount)) continue;
    const name = `${fields.what} (${fields.unit})`;
    const who = fields.who?.length ? namesOf(fields.who).join(", ") : say("whole_plan");
    measures.set(name, [...(measures.get(name) ?? []), { who, amount: fields.amount, item }]);
  }
  const box = byId("quotas");
  const names = [...measures.keys()].sort((a, b) => measures.get(b).length - measures.get(a).length);
  box.hidden = names.length === 0;
  if (!measures.has(measure)) measure = names[0] ?? "";
  const bars = measures.get(measure) ?? [];
  const most = Math.max(...bars.map((bar) => Math.abs(bar.amount)), 1);
  const picker = select(names.map((name) => [name, name]), measure, (name) => { measure = name; showQuotas(); });
  picker.setAttribute("aria-label", say("quotas"));
  box.replaceChildren(el("h3", {}, say("quotas")), picker, el("ul", { class: "bars" }, bars.map(({ who, amount, item }) => {
    const bar = el("i", { "aria-hidden": "true" });
    bar.style.setProperty("width", `${(Math.abs(amount) / most) * 100}%`);
    return el("li", {}, el("button", { type: "button", onclick: () => choose(item, true), title: whatOf(item) }, el("span", { class: "doc" }, who), bar, el("b", {}, item.decision?.now?.amount === undefined && item.amount ? item.amount : amount.toLocaleString("vi-VN"))));
  })));
}
