// Dues that a person may set: how they are said, and the days on which they fall. Days are ISO words, counted in the world's time.

const MS = 86400000;
const stamp = (iso) => Date.parse(`${iso}T00:00:00Z`);
const isoOf = (ms) => new Date(ms).toISOString().slice(0, 10);
const shift = (iso, days) => isoOf(stamp(iso) + days * MS);
const WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const weekdayOf = (iso) => WEEK[new Date(stamp(iso)).getUTCDay()];
const isDay = (iso) => /^\d{4}-\d{2}-\d{2}$/.test(iso) && !Number.isNaN(stamp(iso)) && isoOf(stamp(iso)) === iso;

/** 25/4/2024: as offices write it, days below 10 and the first two months with a nought. */
function dayWords(iso) {
  const [year, month, day] = iso.split("-");
  return `${day}/${Number(month) <= 2 ? month : Number(month)}/${Number(year)}`;
}
const hourWords = (time) => time.replace(":", " giờ ");

/** A due in words, as the program itself says it. */
function dueWords(due) {
  if (!due) return say("no_due");
  const w = data.say.due;
  const at = (date) => due.time ? fill(w.hour, { hour: hourWords(due.time), date: dayWords(date) }) : fill(w.day, { date: dayWords(date) });
  if (due.repeat) return repeatWords(due, w);
  if (due.date && !due.of) {
    if (due.bound === "before") {
      const words = fill(w.before, { at: at(due.date) });
      return due.time ? words : `${words} (${fill(w.before_ends, { date: dayWords(shift(due.date, -1)) })})`;
    }
    if (due.bound === "by") return fill(due.time ? w.by_hour : w.by, { at: at(due.date) });
    return fill(w.exactly, { at: at(due.date) });
  }
  if (due.bound === "during") {
    return due.to ? fill(w.span, { at: at(due.from), to: dayWords(due.to) }) : fill(w.span_open, { at: at(due.from) });
  }
  return due.says;
}

function repeatWords(due, w) {
  const r = due.repeat;
  let words = due.says;
  if (r.every === "week" && r.day) words = fill(w.each_week, { day: data.say.weekdays[r.day] });
  else if (r.every === "month" && r.day === "last") words = w.each_month_last;
  else if (r.every === "month" && r.day) words = fill(w.each_month, { day: String(r.day).padStart(2, "0") });
  else return words;
  if (r.time) words = fill(w.each_hour, { hour: hourWords(r.time), day: words });
  if (due.bound === "before") return fill(w.before, { at: words });
  return due.bound === "by" ? fill(w.by_hour, { at: words }) : words;
}

/** First and last day of each time a due that a person set comes round. */
function dueDays(due) {
  if (!due) return [];
  if (due.repeat) return repeatDays(due);
  if (due.date) {
    const day = due.bound === "before" && !due.time && !due.of ? shift(due.date, -1) : due.date;
    return [[day, day]];
  }
  return due.from ? [[due.from, due.to ?? due.from]] : [];
}

function repeatDays(due) {
  const r = due.repeat;
  const [begins, ends] = data.period;
  const first = r.from ?? (begins ? shift(begins, r.every === "week" ? 1 : 0) : data.today);
  const year = (ends ?? begins ?? data.today).slice(0, 4);
  const last = r.until ?? (r.every === "week" && ends ? ends : `${year}-12-31`);
  const back = due.bound === "before" && !r.time ? -1 : 0;
  const days = [];
  for (let day = first; day <= last && days.length < 400; day = shift(day, 1)) {
    const end = Number(shift(day, 1).slice(8)) === 1;
    const number = Number(day.slice(8));
    const falls = r.every === "week" ? weekdayOf(day) === r.day : r.day === "last" ? end : number === r.day || (end && r.day > number);
    if (falls) days.push([shift(day, back), shift(day, back)]);
  }
  return days;
}

/** The shape under which the editor shows a due. */
function shapeOf(due) {
  if (!due) return "absent";
  if (due.repeat) {
    const plainRepeat = !due.repeat.step && !due.repeat.times && !due.repeat.day_to;
    if (plainRepeat && due.repeat.every === "week" && due.repeat.day) return "week";
    return plainRepeat && due.repeat.every === "month" && due.repeat.day ? "month" : "kept";
  }
  if (due.of) return "kept";
  if (due.bound === "during") return due.until ? "kept" : "during";
  return due.bound === "none" ? "none" : due.bound;
}
