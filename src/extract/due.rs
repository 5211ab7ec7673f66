//! Finds when things must be done: the phrases of `rules/extract/due.yaml` in a text, and what each means.

mod rule;
mod template;
mod times;

use std::ops::Range;

use jiff::civil::{Date, Weekday};

use crate::calendar::{Calendar, Day, Due, Every, Month, Period, Repeat, When};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::pattern::Match;
use crate::text::Sure;

use rule::Rule;
use template::Filling;
use times::{Held, Stretch, Times};
pub(super) use times::{Timed, time_hole};

/// The hole that takes words up to the end of a clause.
const EVENT: &str = "event";

/// What is known of the document that a phrase stands in.
#[derive(Clone, Copy, Debug, Default)]
pub struct DueContext<'a> {
    /// The day of issue; "từ nay" is this day, and a date without a year takes its year.
    pub issued: Option<Date>,
    /// The time the plan is for; a date without a year falls into it where it can.
    pub period: Option<&'a Period>,
    /// True where the sentence or the heading above says "hằng năm": a date without a year comes every year.
    pub yearly: bool,
}

/// A phrase that says when.
#[derive(Clone, Debug, PartialEq)]
pub struct DueFound {
    /// Its bytes in the text searched.
    pub range: Range<usize>,
    /// What it means; `says` holds the words on one line.
    pub due: Due,
    /// How sure the rule is; one step less where marks were lost or the year was left out.
    pub sure: Sure,
    /// The rule that found it.
    pub rule: String,
    /// True for a day by which results count for judging: a milestone.
    pub cut_off: bool,
    /// True where the year of a date was left out and put in here.
    pub year_left_out: bool,
    /// The weekday that the words give to the date: "thứ Sáu, ngày 26/4/2024".
    pub weekday: Option<Weekday>,
}

/// The phrases that say when, and the times that are no dues.
#[derive(Debug)]
pub struct Dues {
    times: Times,
    rules: Vec<Rule>,
    calendar: Calendar,
}

/// A rule that fits at a place, before it is known whether a better one fits there too.
struct Candidate<'a> {
    rule: &'a Rule,
    order: usize,
    found: Match,
}

impl Dues {
    /// The phrases of the rule book.
    ///
    /// # Errors
    /// When a rule is wrong: the error names the file, the rule and the reason.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let times = Times::new(book)?;
        let rules = rule::load(book, &times)?;
        Ok(Self { times, rules, calendar: Calendar::new(book)? })
    }

    /// The dues of `text`, in order, not overlapping. The text may hold line ends, page ends and cell walls.
    pub fn find(&self, text: &str, context: &DueContext<'_>) -> Vec<DueFound> {
        let timed = self.times.put(text);
        let mut out = Vec::new();
        for candidate in self.best(&timed) {
            self.read(&candidate, &timed, text, context, &mut out);
        }
        merge(text, out)
    }

    /// `text` with its times put in, for rules about other things.
    pub(super) fn timed(&self, text: &str) -> Timed {
        self.times.put(text)
    }

    /// The first and the last day of the time that stands at byte `at` of the text that `timed` was made of.
    pub(super) fn days(&self, timed: &Timed, at: usize, context: &DueContext<'_>) -> Option<(Date, Date)> {
        match timed.held_from(at)? {
            Held::Stretch(stretch) => stretch.days(stretch.year.or_else(|| implied_year(*stretch, context))?),
            _ => None,
        }
    }

    /// The half or the quarter of a year that `text` names with its year, and its first and last day.
    pub(super) fn part_of_year(&self, text: &str) -> Option<(Range<usize>, Date, Date)> {
        let timed = self.times.put(text);
        timed.all().find_map(|(range, held)| match held {
            Held::Stretch(stretch @ Stretch { year: Some(year), part: times::Part::Half(_) | times::Part::Quarter(_) }) => {
                stretch.days(*year).map(|(first, last)| (range, first, last))
            }
            _ => None,
        })
    }

    /// The recurrence that stands at byte `at` of the text that `timed` was made of.
    pub(super) fn every(&self, timed: &Timed, at: usize) -> Option<Every> {
        match timed.held_from(at)? {
            Held::Every(every) => Some(*every),
            _ => None,
        }
    }

    /// The candidates that take most, from left to right: of two that meet, the one with more times in it; then the longer one, then the
    /// one that looked at more of the text, then the earlier rule.
    fn best(&self, timed: &Timed) -> Vec<Candidate<'_>> {
        let mut all = Vec::new();
        for (order, rule) in self.rules.iter().enumerate() {
            for pattern in &rule.patterns {
                all.extend(pattern.find_all(&timed.spelled).into_iter().map(|found| Candidate { rule, order, found }));
            }
        }
        let weight = |c: &Candidate<'_>| {
            let length = |range: &Range<usize>| timed.spelled.origin(range.clone()).len();
            (timed.count(&c.found.says), length(&c.found.says), length(&c.found.range), !c.found.stripped)
        };
        all.sort_by_cached_key(|c| (std::cmp::Reverse(weight(c)), c.order, c.found.says.start));
        let mut kept: Vec<Candidate<'_>> = Vec::new();
        for c in all {
            let free = |k: &Candidate<'_>| c.found.says.end <= k.found.says.start || k.found.says.end <= c.found.says.start;
            if kept.iter().all(free) {
                kept.push(c);
            }
        }
        kept.sort_by_key(|c| c.found.says.start);
        kept
    }

    fn read(&self, c: &Candidate<'_>, timed: &Timed, text: &str, context: &DueContext<'_>, out: &mut Vec<DueFound>) {
        let held = |name: &str| self.held(name, &c.found, timed, text);
        let year_beside = c.found.holes.iter().find_map(|(name, _)| match held(name) {
            Some(Held::Stretch(Stretch { year, .. })) => year,
            _ => None,
        });
        let years = |stretch: Stretch| year_beside.or_else(|| implied_year(stretch, context));
        let is_issue = |event: &str| self.times.is_issue(event);
        let filling = Filling { held: &held, years: &years, issued: context.issued, is_issue: &is_issue, calendar: &self.calendar };
        let weekday = match held("weekday") {
            Some(Held::Weekday(day)) => Some(day),
            _ => None,
        };
        let lost_marks = c.found.stripped || c.found.holes.iter().any(|(_, r)| timed.held(r.start).is_some_and(|h| h.1));
        let spans = parts(&c.rule.dues, &c.found);
        for (template, span) in c.rule.dues.iter().zip(spans) {
            let Some(span) = span else { continue };
            let is_last = span.end == c.found.says.end;
            let Some((when, mut implied)) = template.fill(&filling) else { continue };
            let when = yearly(when, implied, context.yearly, &mut implied);
            if is_past(&when, context.issued, if c.rule.may_be_past { SHORTLY } else { 0 }) {
                continue;
            }
            let steps = usize::from(lost_marks) + usize::from(implied && c.rule.sure == Sure::Certain && !lost_marks);
            let sure = (0..steps).fold(c.rule.sure, |s, _| s.less());
            let range = trimmed(text, timed.spelled.origin(self.without_tail(span, &c.found, timed)), !is_last);
            let due = Due { says: one_line(&text[range.clone()]), when };
            out.push(DueFound { range, due, sure, rule: c.rule.id.clone(), cut_off: c.rule.cut_off, year_left_out: implied, weekday });
        }
    }

    /// `span` without the words that follow an event at its end: "ngay sau khi họp xong để tổng hợp".
    fn without_tail(&self, span: Range<usize>, found: &Match, timed: &Timed) -> Range<usize> {
        match found.hole(EVENT) {
            Some(event) if event.end == span.end => span.start..event.start + self.times.event_length(&timed.spelled.bytes()[event]),
            _ => span,
        }
    }

    fn held(&self, name: &str, found: &Match, timed: &Timed, text: &str) -> Option<Held> {
        let range = found.hole(name)?;
        if let Some((held, _)) = timed.held(range.start).filter(|_| range.len() == 1) {
            return Some(held.clone());
        }
        let mut range = range;
        let bytes = &timed.spelled.bytes()[range.clone()];
        if name == EVENT {
            range.end = range.start + self.times.event_length(bytes);
            return Some(Held::Words(one_line(&text[timed.spelled.origin(range)])));
        }
        let field = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Some(value) = self.times.word(field, bytes).filter(|_| field != "number") {
            return Some(Held::Words(value.to_owned()));
        }
        if field == "yyyy" {
            let year = std::str::from_utf8(bytes).ok()?.parse().ok()?;
            return Some(Held::Stretch(Stretch { year: Some(year), part: times::Part::Year }));
        }
        let number = self.times.number(bytes).map(Held::Number);
        number.or_else(|| Some(Held::Words(one_line(&text[timed.spelled.origin(range)]))))
    }
}

/// Days by which a duty may be over before its plan is signed, as when a plan is signed late.
const SHORTLY: i32 = 92;

/// Days after which what has a beginning is no plan's time but an anniversary: "(07/5/1954 - 07/5/2024)".
const LONG_AGO: i32 = 3653;

/// True for a day or a span that was over more than `margin` days before the plan was signed: something that happened, not a duty.
fn is_past(when: &When, issued: Option<Date>, margin: i32) -> bool {
    let last = match when {
        When::Day { date, .. } => Some(*date),
        When::During { to, .. } => *to,
        _ => None,
    };
    let began = if let When::During { from, to: Some(_), .. } = when { Some(*from) } else { None };
    let over = |day: Option<Date>, days: i32| matches!((day, issued), (Some(day), Some(issued)) if issued.since(day).is_ok_and(|gap| gap.get_days() > days));
    over(last, margin) || over(began, LONG_AGO)
}

/// A date without a year, in a sentence about every year, is a yearly one.
fn yearly(when: When, implied: bool, wanted: bool, still_implied: &mut bool) -> When {
    match when {
        When::Day { bound, date, time } if implied && wanted => {
            *still_implied = false;
            let mut repeat = Repeat::every(Every::Year);
            (repeat.day, repeat.month, repeat.time) =
                (Some(Day::Month(date.day().unsigned_abs())), Some(Month::Number(date.month().unsigned_abs())), time);
            When::Repeat { bound, repeat }
        }
        other => other,
    }
}

/// The part of the match that each due of a rule with several takes: from its first own hole to the next one's. `None` for a due whose
/// own holes are not in this match.
fn parts(dues: &[template::Template], found: &Match) -> Vec<Option<Range<usize>>> {
    let mut at = found.says.start;
    let mut starts = Vec::with_capacity(dues.len());
    for (i, due) in dues.iter().enumerate() {
        let others: Vec<&str> = dues[..i].iter().flat_map(template::Template::holes).collect();
        let own = due.holes().filter(|h| !others.contains(h)).filter_map(|h| found.hole(h)).map(|r| r.start).min();
        let start = if i == 0 { Some(at) } else { own.filter(|start| *start >= at) };
        at = start.unwrap_or(at);
        starts.push(start);
    }
    let end = |i: usize| starts[i + 1..].iter().flatten().next().copied().unwrap_or(found.says.end);
    starts.iter().enumerate().map(|(i, start)| start.map(|s| s..end(i))).collect()
}

/// The year that a date means which names none: that of the plan's period where it falls into it, else the year of issue, or the year
/// after where the day would lie more than two months before the issue.
fn implied_year(stretch: Stretch, context: &DueContext<'_>) -> Option<i16> {
    if let Some(Period { from: Some(from), to, .. }) = context.period {
        let last = to.map_or(from.year(), |t| t.year());
        let inside = |year: &i16| stretch.days(*year).is_some_and(|(first, end)| first >= *from && to.is_none_or(|t| end <= t));
        if let Some(year) = (from.year()..=last.min(from.year() + 1)).find(inside) {
            return Some(year);
        }
        if to.is_some_and(|t| t.year() == from.year()) {
            return Some(from.year());
        }
    }
    let issued = context.issued?;
    let (_, end) = stretch.days(issued.year())?;
    let long_past = issued.since(end).is_ok_and(|gap| gap.get_days() > 60);
    Some(if long_past { issued.year() + 1 } else { issued.year() })
}

/// Joins phrases that say one thing together: "01 lần/tuần trước 15h00 ngày Thứ ba hàng tuần", "hằng năm (trước ngày 15/12)".
fn merge(text: &str, found: Vec<DueFound>) -> Vec<DueFound> {
    let mut out: Vec<DueFound> = Vec::with_capacity(found.len());
    for next in found {
        let is_near_last = out.last().is_some_and(|last| is_near(&text[last.range.end..next.range.start]));
        // "hằng năm theo quy định" is every year.
        if is_near_last && matches!(next.due.when, When::None { condition: None }) {
            continue;
        }
        let joined = out.last().filter(|_| is_near_last).and_then(|last| join(last, &next));
        match (joined, out.last_mut()) {
            (Some(when), Some(last)) => {
                last.range.end = next.range.end;
                last.due = Due { says: one_line(&text[last.range.clone()]), when };
                last.sure = last.sure.min(next.sure);
                last.cut_off |= next.cut_off;
                last.weekday = last.weekday.or(next.weekday);
                last.year_left_out = false;
                last.rule = next.rule;
            }
            _ => out.push(next),
        }
    }
    out
}

fn is_near(gap: &str) -> bool {
    gap.chars().count() <= 4 && gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '(' | '-' | '–' | '*' | ':'))
}

/// What two phrases side by side mean together; `None` where each says its own.
fn join(left: &DueFound, right: &DueFound) -> Option<When> {
    match (&left.due.when, &right.due.when) {
        (When::Repeat { repeat: bare, .. }, When::Repeat { bound, repeat }) if bare.every == repeat.every && bare.day.is_none() => {
            let mut repeat = repeat.clone();
            repeat.times = repeat.times.or(bare.times);
            repeat.step = repeat.step.or(bare.step);
            repeat.time = repeat.time.or(bare.time);
            Some(When::Repeat { bound: *bound, repeat })
        }
        (When::Repeat { bound, repeat }, When::Repeat { repeat: bare, .. })
            if bare.every == repeat.every && bare.day.is_none() && bare.time.is_none() =>
        {
            Some(When::Repeat { bound: *bound, repeat: repeat.clone() })
        }
        (When::Repeat { repeat: bare, .. }, When::Day { bound, date, time })
            if right.year_left_out && bare.day.is_none() && matches!(bare.every, Every::Year | Every::HalfYear) =>
        {
            let mut repeat = Repeat::every(Every::Year);
            (repeat.day, repeat.month, repeat.time) =
                (Some(Day::Month(date.day().unsigned_abs())), Some(Month::Number(date.month().unsigned_abs())), *time);
            Some(When::Repeat { bound: *bound, repeat })
        }
        (When::None { condition: None }, other) => Some(other.clone()),
        _ => None,
    }
}

/// Words between the two days of one phrase, which belong to neither.
const TAILS: [&str; 5] = [" các ngày", " ngày", " trước", " và", " hoặc"];

fn trimmed(text: &str, range: Range<usize>, another_follows: bool) -> Range<usize> {
    let words = &text[range.clone()];
    let end = words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '-' | '–' | '*'));
    let end = TAILS.iter().filter(|_| another_follows).fold(end, |end, tail| end.strip_suffix(tail).unwrap_or(end).trim_end());
    let start = range.start + (words.len() - words.trim_start().len());
    start..(range.start + end.len()).max(start)
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::proof::Proof;

    #[test]
    fn every_rule_proves_itself() {
        let book = RuleBook::embedded();
        let dues = Dues::new(&book).expect("our rules are sound");
        let failures = dues.prove(&book).expect("our rules can be read");
        let told: Vec<String> = failures.iter().map(|f| format!("{}:{} {}: {}", f.path, f.spot.line, f.rule, f.reason)).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}
