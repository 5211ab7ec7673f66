//! Says things in Vietnamese: dues, quotas, places, kinds. The words themselves are in `rules/render/words.yaml`.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::record::QuotaRecord;
use crate::calendar::{Bound, Day, Due, Every, Month, Period, Repeat, When};
use crate::error::Result;
use crate::extract::{Change, Figure, QuotaBound};
use crate::repair::Citation;
use crate::rules::RuleBook;

/// The words of everything that is written for people.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    document_kinds: BTreeMap<String, String>,
    task_kinds: BTreeMap<String, String>,
    levels: BTreeMap<String, String>,
    sure: BTreeMap<String, String>,
    causes: BTreeMap<String, String>,
    weekdays: BTreeMap<String, String>,
    units: BTreeMap<String, String>,
    every: BTreeMap<String, String>,
    bounds: BTreeMap<String, String>,
    quota: QuotaWords,
    due: DueWords,
    place: PlaceWords,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct QuotaWords {
    about: String,
    up: String,
    down: String,
    against: String,
    per: String,
    kind: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct DueWords {
    day: String,
    hour: String,
    before: String,
    before_ends: String,
    by: String,
    exactly: String,
    span: String,
    span_open: String,
    span_until: String,
    after: String,
    after_event: String,
    before_event: String,
    before_any: String,
    comes_to: String,
    each_hour: String,
    each_day: String,
    each_week: String,
    each_week_open: String,
    each_month: String,
    each_month_last: String,
    each_month_open: String,
    each_month_span: String,
    each_term: String,
    each_term_open: String,
    each_year: String,
    each_year_month: String,
    each_year_open: String,
    month_first: String,
    month_last: String,
    last_day: String,
    times: String,
    step: String,
    within: String,
    within_from: String,
    within_to: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PlaceWords {
    page: String,
    sheet: String,
    cell: String,
    line: String,
    lines: String,
}

/// `{name}` in `pattern` filled in; what is filled in is not looked at again.
pub(super) fn fill(pattern: &str, parts: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let known = after.find('}').and_then(|close| parts.iter().find(|(n, _)| *n == &after[..close]).map(|(_, v)| (close, v)));
        match known {
            Some((close, value)) => {
                out.push_str(value);
                rest = &after[close + 1..];
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `text` as a line of its own begins: with a capital.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `text` cut at a word's end, with `…` where anything was cut.
pub(super) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = cut.rfind(' ').map_or(cut.as_str(), |i| &cut[..i]);
    format!("{}…", whole.trim_end_matches([',', ';', ' ']))
}

/// `25/4/2024`; days below 10 and the first two months with a leading nought, as offices write them.
pub(super) fn day(date: Date) -> String {
    format!("{:02}/{}/{}", date.day(), month_number(date.month()), date.year())
}

/// `02`, `5`: the month as a document is dated.
pub(super) fn month_of(date: Date) -> String {
    month_number(date.month())
}

fn month_number(month: i8) -> String {
    if month <= 2 { format!("{month:02}") } else { month.to_string() }
}

/// `15 giờ 00`.
pub(super) fn hour(time: Time) -> String {
    format!("{:02} giờ {:02}", time.hour(), time.minute())
}

/// The name that serde writes for a value of a unit enum.
pub(super) fn key(value: impl Serialize) -> String {
    match serde_yaml::to_value(value) {
        Ok(serde_yaml::Value::String(s)) => s,
        _ => String::new(),
    }
}

impl Words {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("render/words.yaml")
    }

    pub(super) fn document_kind(&self, kind: &str) -> String {
        self.document_kinds.get(kind).cloned().unwrap_or_else(|| kind.replace('-', " "))
    }

    pub(super) fn task_kind(&self, kind: crate::extract::TaskKind) -> String {
        named(&self.task_kinds, kind)
    }

    /// `ít nhất`, `trên` …; nothing for a number that is meant exactly.
    pub(super) fn bound(&self, bound: QuotaBound) -> String {
        fill(&named(&self.bounds, bound), &[("n", "")]).trim().to_owned()
    }

    pub(super) fn quota_kind(&self) -> String {
        self.quota.kind.clone()
    }

    pub(super) fn level(&self, level: crate::check::Level) -> String {
        named(&self.levels, level)
    }

    pub(super) fn sure(&self, sure: crate::text::Sure) -> String {
        named(&self.sure, sure)
    }

    pub(super) fn cause(&self, cause: crate::text::Cause) -> String {
        named(&self.causes, cause)
    }

    pub(super) fn weekday(&self, day: jiff::civil::Weekday) -> String {
        named(&self.weekdays, Day::Week(day))
    }

    /// `trang 4, dòng 12–13`.
    pub(super) fn place(&self, at: &Citation) -> String {
        let w = &self.place;
        let mut parts = Vec::new();
        parts.extend(at.page.map(|p| fill(&w.page, &[("page", &p.to_string())])));
        parts.extend(at.sheet.as_ref().map(|s| fill(&w.sheet, &[("sheet", s)])));
        let [from, to] = at.lines;
        parts.push(match &at.cell {
            Some(cell) if from == to => fill(&w.cell, &[("cell", cell)]),
            _ if from == to => fill(&w.line, &[("line", &from.to_string())]),
            _ => fill(&w.lines, &[("from", &from.to_string()), ("to", &to.to_string())]),
        });
        parts.join(", ")
    }

    /// `từ ngày 24/4/2024 đến hết ngày 31/5/2024`; `None` for a period without any end.
    pub(super) fn period(&self, period: &Period) -> Option<String> {
        let w = &self.due;
        let from = period.from.map(|d| fill(&w.day, &[("date", &day(d))]));
        match (from, period.to, &period.until) {
            (Some(from), Some(to), _) => Some(fill(&w.span, &[("at", &from), ("to", &day(to))])),
            (Some(from), None, Some(until)) => Some(fill(&w.span_until, &[("at", &from), ("until", until)])),
            (Some(from), None, None) => Some(fill(&w.span_open, &[("at", &from)])),
            (None, Some(to), _) => Some(fill(&w.by, &[("at", &fill(&w.day, &[("date", &day(to))]))])),
            (None, None, until) => until.clone(),
        }
    }

    /// `613 người`, `trên 10 người`, `tăng thêm 116 người so với năm 2023`.
    pub(super) fn quota(&self, quota: &QuotaRecord) -> String {
        let w = &self.quota;
        let unit = if quota.unit == "%" { "%".to_owned() } else { format!(" {}", quota.unit) };
        let mut n = format!("{}{}", figure(&quota.amount), unit.trim_end());
        if quota.about {
            n = fill(&w.about, &[("n", &n)]);
        }
        if quota.bound != QuotaBound::Exactly {
            n = fill(&named(&self.bounds, quota.bound), &[("n", &n)]);
        }
        match quota.change {
            Some(Change::Up) => n = fill(&w.up, &[("n", &n)]),
            Some(Change::Down) => n = fill(&w.down, &[("n", &n)]),
            None => {}
        }
        if let Some(every) = quota.per {
            n = fill(&w.per, &[("n", &n), ("every", &named(&self.every, every))]);
        }
        // What a bare number is compared with is another number.
        match quota.against.as_ref().filter(|_| quota.change.is_some()) {
            Some(against) => fill(&w.against, &[("n", &n), ("against", against)]),
            None => n,
        }
    }

    /// A due in plain words: `trước ngày 25/4/2024 (xong trong ngày 24/4/2024)`.
    pub(super) fn due(&self, due: &Due) -> String {
        let w = &self.due;
        match &due.when {
            When::Day { bound, date, time } => self.on_day(*bound, *date, *time),
            When::During { from, to, time, until } => {
                let at = self.at(*from, *time);
                match (to, until) {
                    (Some(to), _) => fill(&w.span, &[("at", &at), ("to", &day(*to))]),
                    (None, Some(until)) => fill(&w.span_until, &[("at", &at), ("until", until)]),
                    (None, None) => fill(&w.span_open, &[("at", &at)]),
                }
            }
            When::After { count, unit, of, date } => {
                let words = match (count, unit) {
                    (Some(n), Some(u)) => fill(&w.after, &[("count", &format!("{n:02}")), ("unit", &named(&self.units, *u)), ("of", of)]),
                    _ => fill(&w.after_event, &[("of", of)]),
                };
                self.come_to(words, *date)
            }
            When::BeforeEvent { count, unit, of, date } => {
                let words = match (count, unit) {
                    (Some(n), Some(u)) => {
                        fill(&w.before_event, &[("count", &format!("{n:02}")), ("unit", &named(&self.units, *u)), ("of", of)])
                    }
                    _ => fill(&w.before_any, &[("of", of)]),
                };
                self.come_to(words, *date)
            }
            When::Repeat { bound, repeat } => self.each(*bound, repeat),
            When::None { .. } => due.says.clone(),
        }
    }

    fn come_to(&self, words: String, date: Option<Date>) -> String {
        match date {
            Some(d) => fill(&self.due.comes_to, &[("due", &words), ("date", &day(d))]),
            None => words,
        }
    }

    fn at(&self, date: Date, time: Option<Time>) -> String {
        match time {
            Some(t) => fill(&self.due.hour, &[("hour", &hour(t)), ("date", &day(date))]),
            None => fill(&self.due.day, &[("date", &day(date))]),
        }
    }

    fn on_day(&self, bound: Bound, date: Date, time: Option<Time>) -> String {
        let w = &self.due;
        let at = self.at(date, time);
        match (bound, time) {
            (Bound::Before, None) => {
                let words = fill(&w.before, &[("at", &at)]);
                match date.yesterday() {
                    Ok(last) => format!("{words} ({})", fill(&w.before_ends, &[("date", &day(last))])),
                    Err(_) => words,
                }
            }
            (Bound::Before, Some(_)) => fill(&w.before, &[("at", &at)]),
            (Bound::By, _) => fill(&w.by, &[("at", &at)]),
            _ => fill(&w.exactly, &[("at", &at)]),
        }
    }

    fn each(&self, bound: Bound, r: &Repeat) -> String {
        let w = &self.due;
        let every = named(&self.every, r.every);
        let mut words = match (r.times, r.step) {
            (Some(n), _) if n > 1 && r.day.is_none() => fill(&w.times, &[("times", &format!("{n:02}")), ("every", &every)]),
            (_, Some(n)) if n > 1 => fill(&w.step, &[("step", &format!("{n:02}")), ("every", &every)]),
            _ => self.each_day(r, &every),
        };
        if let Some(time) = r.time {
            words = fill(&w.each_hour, &[("hour", &hour(time)), ("day", &words)]);
        }
        words = match bound {
            Bound::Before => fill(&w.before, &[("at", &words)]),
            Bound::By => fill(&w.by, &[("at", &words)]),
            _ => words,
        };
        match (r.from, r.until) {
            (Some(a), Some(b)) => fill(&w.within, &[("due", &words), ("from", &day(a)), ("to", &day(b))]),
            (Some(a), None) => fill(&w.within_from, &[("due", &words), ("from", &day(a))]),
            (None, Some(b)) => fill(&w.within_to, &[("due", &words), ("to", &day(b))]),
            (None, None) => words,
        }
    }

    fn each_day(&self, r: &Repeat, every: &str) -> String {
        let w = &self.due;
        let number = match r.day {
            Some(Day::Month(d)) => Some(format!("{d:02}")),
            Some(Day::Last) => Some(w.last_day.clone()),
            _ => None,
        };
        let month = match r.month {
            Some(Month::Number(m)) => Some(month_number(i8::try_from(m).unwrap_or(0))),
            Some(Month::First) => Some(w.month_first.clone()),
            Some(Month::Last) => Some(w.month_last.clone()),
            None => None,
        };
        match (r.every, r.day, number, month) {
            (Every::Day, ..) => w.each_day.clone(),
            (Every::Week, Some(Day::Week(d)), ..) => fill(&w.each_week, &[("day", &self.weekday(d))]),
            (Every::Week, ..) => w.each_week_open.clone(),
            (Every::Month, Some(Day::Last), ..) => w.each_month_last.clone(),
            (Every::Month, _, Some(d), _) => match r.day_to {
                Some(to) => fill(&w.each_month_span, &[("day", &d), ("day_to", &format!("{to:02}"))]),
                None => fill(&w.each_month, &[("day", &d)]),
            },
            (Every::Month, ..) => w.each_month_open.clone(),
            (Every::Year, _, Some(d), Some(m)) => fill(&w.each_year, &[("day", &d), ("month", &m)]),
            (Every::Year, _, None, Some(m)) => fill(&w.each_year_month, &[("month", &m)]),
            (Every::Year, ..) => w.each_year_open.clone(),
            (_, _, Some(d), m) => {
                let month = m.unwrap_or_else(|| w.month_last.clone());
                fill(&w.each_term, &[("day", &d), ("month", &month), ("every", every)])
            }
            _ => fill(&w.each_term_open, &[("every", every)]),
        }
    }
}

/// `1.234`, `12,5`: as Vietnamese is written.
pub(super) fn figure(figure: &Figure) -> String {
    match figure {
        Figure::Whole(n) => thousands(*n),
        Figure::Number(n) => n.to_string().replace('.', ","),
        Figure::Words(s) => s.clone(),
        Figure::Empty(()) => String::new(),
    }
}

fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// The word for `value`, or its own name where the words lack it.
fn named(words: &BTreeMap<String, String>, value: impl Serialize) -> String {
    let key = key(value);
    words.get(&key).cloned().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words::new(&RuleBook::embedded()).expect("our own words")
    }

    #[test]
    fn dues_are_said_as_a_clerk_would() {
        for (yaml, said) in [
            ("{says: x, bound: before, date: 2024-04-25}", "trước ngày 25/4/2024 (xong trong ngày 24/4/2024)"),
            ("{says: x, bound: before, date: 2024-02-05, time: '15:00'}", "trước 15 giờ 00 ngày 05/02/2024"),
            ("{says: x, bound: by, date: 2024-06-30}", "chậm nhất ngày 30/6/2024"),
            ("{says: x, bound: during, from: 2024-04-24, to: 2024-05-31}", "từ ngày 24/4/2024 đến hết ngày 31/5/2024"),
            ("{says: x, bound: during, from: 2024-04-24, until: hết dịch}", "từ ngày 24/4/2024 đến khi hết dịch"),
            ("{says: x, bound: after, count: 5, unit: working-day, of: ngày nhận}", "trong 05 ngày làm việc kể từ ngày nhận"),
            ("{says: x, bound: after, of: hội nghị}", "ngay sau hội nghị"),
            ("{says: x, bound: before, count: 3, unit: day, of: hội nghị}", "chậm nhất 03 ngày trước hội nghị"),
            ("{says: x, bound: before, repeat: {every: week, day: tue, time: '15:00'}}", "trước 15 giờ 00 thứ Ba hằng tuần"),
            ("{says: x, bound: exactly, repeat: {every: month, day: 28}}", "ngày 28 hằng tháng"),
            ("{says: x, bound: during, repeat: {every: month, day: 1, day_to: 5}}", "từ ngày 01 đến ngày 05 hằng tháng"),
            ("{says: x, bound: before, repeat: {every: quarter, day: 25, month: last}}", "trước ngày 25 tháng cuối mỗi quý"),
            ("{says: x, bound: before, repeat: {every: year, day: 20, month: 11}}", "trước ngày 20/11 hằng năm"),
            ("{says: x, bound: exactly, repeat: {every: month, times: 2}}", "02 lần/tháng"),
            ("{says: x, bound: exactly, repeat: {every: month, step: 2}}", "02 tháng/lần"),
            ("{says: x, bound: exactly, repeat: {every: day, until: 2024-05-31}}", "hằng ngày, đến hết ngày 31/5/2024"),
            ("{says: thường xuyên, bound: none}", "thường xuyên"),
        ] {
            let due: Due = serde_yaml::from_str(yaml).expect(yaml);
            assert_eq!(words().due(&due), said, "{yaml}");
        }
    }

    #[test]
    fn numbers_are_written_as_in_vietnamese() {
        assert_eq!(figure(&Figure::Whole(-1_234_567)), "-1.234.567");
        assert_eq!(figure(&Figure::Number(12.5)), "12,5");
        assert_eq!(figure(&Figure::Whole(613)), "613");
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        assert_eq!(fill("trước {of}, {x}", &[("of", "{x} họp")]), "trước {x} họp, {x}");
    }
}
