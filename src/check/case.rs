//! What the checks share: the plan under the eye, its dates, its citations of other documents, and how much two duties are alike.

use std::collections::HashSet;

use jiff::civil::Date;
use regex::Regex;

use super::Found;
use crate::calendar::{Bound, Calendar, Due, Every, When};
use crate::extract::{Fact, Figure, Plan, Task};
use crate::lexicon::Units;
use crate::parse::Document;
use crate::repair::Repaired;
use crate::text::Span;

pub(super) use crate::parse::table::plain;

/// One plan under the eye.
pub(super) struct Case<'a> {
    pub repaired: &'a Repaired,
    pub document: &'a Document,
    pub plan: &'a Plan,
    pub calendar: &'a Calendar,
    pub words: &'a Words,
    pub units: &'a Units,
    /// The day of issue.
    pub issued: Option<Date>,
    /// The last day of the plan's period.
    pub ends: Option<Date>,
    /// The other documents that the text names, with their dates.
    pub cited: Vec<Cited>,
}

/// The shapes of dates and of citations.
#[derive(Debug)]
pub(super) struct Words {
    date: Regex,
    day_month: Regex,
    cited: Regex,
}

/// A document named with its date.
#[derive(Clone, Debug)]
pub(super) struct Cited {
    /// Number and sign without blanks.
    pub number: String,
    /// Its date; `None` for one that the calendar does not have.
    pub date: Option<Date>,
    /// Number and date.
    pub at: Span,
}

const DATE: &str = r"(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*((?:19|20)\d{2})";

impl Words {
    pub fn new() -> Self {
        let regex = |text: &str| Regex::new(text).expect("a pattern of our own");
        Self {
            date: regex(DATE),
            day_month: regex(r"\b\d{1,2}\s*[/.-]\s*\d{1,2}\b"),
            cited: regex(&format!(
                r"(\d{{1,4}}(?:\s*/\s*(?:19|20)\d{{2}})?\s*[/-]\s*[A-ZĐ][A-ZĐa-z0-9&-]*(?:/[A-ZĐ][A-ZĐa-z0-9-]*)?)[^;()\n]{{0,12}}?\s+ngày\s+{DATE}"
            )),
        }
    }

    /// The first date of `text`: `None` where it has none, `Some(None)` for one that the calendar does not have.
    pub fn date(&self, text: &str) -> Option<Option<Date>> {
        self.date.captures(text).map(|c| date(&c[1], &c[2], &c[3]))
    }

    /// True when `text` names a day and a month, and no year.
    pub fn lacks_year(&self, text: &str) -> bool {
        let year = text.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4);
        !year && self.day_month.is_match(text)
    }

    /// True when `text` names a day, in whatever way.
    pub fn names_day(&self, text: &str) -> bool {
        self.date.is_match(text) || self.day_month.is_match(text) || plain(text).contains("ngay")
    }

    fn cited(&self, text: &str) -> Vec<Cited> {
        let one = |c: regex::Captures<'_>| {
            let whole = c.get(0)?;
            let number = c[1].split_whitespace().collect::<String>();
            Some(Cited { number, date: date(&c[2], &c[3], &c[4]), at: Span::new(whole.start(), whole.end()) })
        };
        self.cited.captures_iter(text).filter_map(one).collect()
    }
}

fn date(day: &str, month: &str, year: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

impl<'a> Case<'a> {
    pub fn new(
        repaired: &'a Repaired,
        document: &'a Document,
        plan: &'a Plan,
        calendar: &'a Calendar,
        words: &'a Words,
        units: &'a Units,
    ) -> Self {
        let issued = document.header.issued.as_ref().map(|i| i.what);
        let ends = plan.period.as_ref().and_then(|(p, _)| p.to);
        Self { repaired, document, plan, calendar, words, units, issued, ends, cited: words.cited(repaired.text()) }
    }

    /// Tasks with a due.
    pub fn dues(&self) -> impl Iterator<Item = (&'a Fact<Task>, &'a Due)> + use<'a> {
        self.plan.tasks.iter().filter_map(|t| Some((t, t.what.due.as_ref()?)))
    }

    /// The name of the actor `id`.
    pub fn actor<'s>(&'s self, id: &'s str) -> &'s str {
        self.plan.actors.iter().find(|a| a.id == id).map_or(id, |a| a.name.as_str())
    }

    /// The sentence of a task, cut to a readable length.
    pub fn short(&self, task: &Fact<Task>) -> String {
        shorten(&task.what.what, 14)
    }
}

impl Found {
    /// Found at `at`.
    pub fn at(at: Span, says: Vec<(&'static str, String)>) -> Self {
        Self { says, at: Some(at), also: Vec::new() }
    }

    /// Found at the first of `places`, and at the others too.
    pub fn of(places: &[Span], says: Vec<(&'static str, String)>) -> Self {
        Self { says, at: places.first().copied(), also: places.iter().skip(1).copied().collect() }
    }
}

/// The day that a due names itself, not one that follows from a month, a quarter or a year.
pub(super) fn named_day(words: &Words, due: &Due) -> Option<(Bound, Date)> {
    match &due.when {
        When::Day { bound, date, .. } if words.names_day(&due.says) => Some((*bound, *date)),
        _ => None,
    }
}

/// True when a due ends as its day begins: `trước ngày 25/4`, no hour named.
pub(super) fn ends_before(due: &Due) -> bool {
    match &due.when {
        When::Day { bound, time, .. } => *bound == Bound::Before && time.is_none(),
        When::Repeat { bound, repeat } => *bound == Bound::Before && repeat.time.is_none(),
        _ => false,
    }
}

/// The days, within a year, of the recurrences that office days matter to: weekly and monthly ones with a day of their own. Those of a
/// plan of several years are many; whoever does the work learns them by heart.
pub(super) fn recurring_days(case: &Case<'_>, due: &Due) -> Option<Vec<Date>> {
    let When::Repeat { repeat, .. } = &due.when else { return None };
    let matters = matches!(repeat.every, Every::Week | Every::Month) && repeat.day.is_some();
    let bounded = repeat.bounded(case.issued, case.plan.period.as_ref().map(|(p, _)| p));
    // What recurs before the plan is signed is nobody's duty yet.
    let (from, until) = (bounded.from.max(case.issued)?, bounded.until?);
    let short = (until - from).get_days() <= 366;
    (matters && short).then(|| bounded.days(from, until).collect())
}

/// `28/4/2024`
pub(super) fn show(date: Date) -> String {
    format!("{}/{}/{}", date.day(), date.month(), date.year())
}

/// `thứ ba`
pub(super) fn weekday(date: Date) -> &'static str {
    ["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"][date.weekday().to_monday_zero_offset() as usize % 7]
}

/// A list for people: `a, b và c`, cut after a few.
pub(super) fn list(items: &[String]) -> String {
    const MOST: usize = 6;
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [few @ .., last] if items.len() <= MOST => format!("{} và {last}", few.join(", ")),
        _ => format!("{} …", items[..MOST].join(", ")),
    }
}

/// The first `words` words of `text`.
pub(super) fn shorten(text: &str, words: usize) -> String {
    let all: Vec<&str> = text.split_whitespace().collect();
    if all.len() > words { format!("{} …", all[..words].join(" ")) } else { all.join(" ") }
}

/// How much of the shorter of two texts stands in the other, by pairs of words: 0 to 1. Texts of a few words are never alike.
pub(super) fn alike(a: &str, b: &str) -> f64 {
    const FEWEST_WORDS: usize = 8;
    let pairs = |text: &str| -> HashSet<(String, String)> {
        let words: Vec<String> = plain(text).split(' ').map(str::to_owned).collect();
        words.windows(2).map(|w| (w[0].clone(), w[1].clone())).collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let least = a.len().min(b.len());
    if least < FEWEST_WORDS { 0.0 } else { a.intersection(&b).count() as f64 / least as f64 }
}

/// A figure as offices write it.
pub(super) fn figure(figure: &Figure) -> String {
    match figure {
        Figure::Whole(n) => n.to_string(),
        Figure::Number(n) => n.to_string().replace('.', ","),
        Figure::Words(w) => w.clone(),
        Figure::Empty(()) => "trống".into(),
    }
}

/// The value of a figure, empty ones nothing.
pub(super) fn value(figure: &Figure) -> Option<f64> {
    match figure {
        Figure::Whole(n) => Some(*n as f64),
        Figure::Number(n) => Some(*n),
        Figure::Words(_) | Figure::Empty(()) => None,
    }
}
