//! The days on which a due stands in a calendar: one day, a stretch of days, or a series within the plan's period.

use jiff::civil::{Date, Time, Weekday};
use jiff::{Span, ToSpan};

use super::record::DocumentRecord;
use crate::calendar::{Bound, Day, Due, Every, Month, Repeat, When};

/// No series is followed further than this.
const LONGEST_YEARS: i32 = 6;

/// Where a due stands in a calendar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slot {
    /// First and last day of each occurrence, in order; never empty.
    pub(super) days: Vec<(Date, Date)>,
    /// The hour, where one is named.
    pub(super) time: Option<Time>,
    /// The hour is the one at which it must be done, not at which it begins.
    pub(super) ends_at_time: bool,
    /// How the series goes on, where a calendar's own rule says the same as `days`.
    pub(super) rule: Option<Rule>,
    /// What a person must be told about how the due was put into days.
    pub(super) notes: Vec<Note>,
}

/// A recurrence that every calendar program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Daily {
        step: u32,
    },
    Weekly {
        step: u32,
        day: Weekday,
    },
    /// On a day of the month from 1 to 28.
    Monthly {
        step: u32,
        day: i8,
    },
}

/// What a person must be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// "trước ngày D" stands on the day before.
    Before(Date),
    /// So does each one of a series.
    BeforeEach,
    /// The period names no day.
    OpenDay,
    /// The week names no day.
    OpenWeekday(Weekday),
    /// It has no end.
    OpenEnd,
    /// It is asked for more than once in each period.
    Times(u32),
}

/// The slot of `due` in the plan of `document`; `None` for what has no day.
pub(super) fn slot(due: &Due, document: &DocumentRecord, open_weekday: Weekday) -> Option<Slot> {
    let one = |from: Date, to: Date, time| Slot { days: vec![(from, to)], time, ends_at_time: false, rule: None, notes: Vec::new() };
    match &due.when {
        When::Day { bound, date, time } => Some(on_day(*bound, *date, *time)),
        When::During { from, to: Some(to), time, .. } if from == to => Some(one(*from, *to, *time)),
        When::During { from, to: Some(to), .. } => Some(one(*from, (*to).max(*from), None)),
        When::During { from, to: None, time, .. } => Some(Slot { notes: vec![Note::OpenEnd], ..one(*from, *from, *time) }),
        When::After { date, .. } | When::BeforeEvent { date, .. } => date.map(|d| one(d, d, None)),
        When::Repeat { bound, repeat } => series(*bound, repeat, document, open_weekday),
        When::None { .. } => None,
    }
}

fn on_day(bound: Bound, date: Date, time: Option<Time>) -> Slot {
    let ends_at_time = bound != Bound::Exactly;
    let slot = Slot { days: vec![(date, date)], time, ends_at_time, rule: None, notes: Vec::new() };
    match (bound, time, date.yesterday()) {
        (Bound::Before, None, Ok(last)) => Slot { days: vec![(last, last)], notes: vec![Note::Before(date)], ..slot },
        _ => slot,
    }
}

fn series(bound: Bound, r: &Repeat, document: &DocumentRecord, open_weekday: Weekday) -> Option<Slot> {
    let (from, until) = window(r, document)?;
    let mut notes = Vec::new();
    match (r.every, r.day) {
        (Every::Day, _) | (_, Some(_)) => {}
        (Every::Week, None) => notes.push(Note::OpenWeekday(open_weekday)),
        (_, None) => notes.push(Note::OpenDay),
    }
    if let Some(times) = r.times.filter(|n| *n > 1) {
        notes = vec![Note::Times(times)];
    }
    let before = bound == Bound::Before && r.time.is_none() && r.every != Every::Day && r.day.is_some();
    if before {
        notes.push(Note::BeforeEach);
    }
    let step = r.step.unwrap_or(1).max(1);
    let mut days = Vec::new();
    let mut nth: u32 = 0;
    for date in from.series(Span::new().days(1)).take_while(|d| *d <= until) {
        if falls(r, date, open_weekday) {
            if nth.is_multiple_of(step) {
                days.push(stretch(r, date, before));
            }
            nth += 1;
        }
    }
    let (first, _) = *days.first()?;
    let rule = rule(r, first, step).filter(|_| days.len() > 1);
    Some(Slot { days, time: r.time, ends_at_time: bound != Bound::Exactly, rule, notes })
}

/// One occurrence: the day itself, or the day before, or a span of days of the month.
fn stretch(r: &Repeat, date: Date, before: bool) -> (Date, Date) {
    if before {
        let last = date.yesterday().unwrap_or(date);
        return (last, last);
    }
    let to = r.day_to.and_then(|d| i8::try_from(d).ok()).map(|d| d.min(date.days_in_month()));
    match to.and_then(|d| date.with().day(d).build().ok()) {
        Some(to) if to > date => (date, to),
        _ => (date, date),
    }
}

/// The days between which a series may fall: its own, then the plan's period; a daily or weekly one first falls after one full day of
/// the period, one of months or years without an end runs to the end of the plan's year.
fn window(r: &Repeat, document: &DocumentRecord) -> Option<(Date, Date)> {
    let period = document.period.as_ref();
    let begins = period.and_then(|p| p.from);
    let short = matches!(r.every, Every::Day | Every::Week);
    let from = match (r.from, begins, document.issued) {
        (Some(from), ..) => from,
        (None, Some(from), _) if short => from.tomorrow().ok()?,
        (None, Some(from), _) => from,
        (None, None, issued) => issued?,
    };
    let ends = period.and_then(|p| p.to);
    let year = begins.or(document.issued).or(ends)?.year();
    let until = match (r.until, ends) {
        (Some(until), _) => until,
        (None, Some(to)) if short => to,
        (None, to) => Date::new(to.map_or(year, |d| d.year()), 12, 31).ok()?,
    };
    let most = from.checked_add(LONGEST_YEARS.years()).unwrap_or(Date::MAX);
    Some((from, until.min(most)))
}

/// True for the days on which `r` falls, its step left aside.
fn falls(r: &Repeat, date: Date, open_weekday: Weekday) -> bool {
    let last = date.days_in_month();
    let day_is_right = match r.day {
        Some(Day::Week(day)) => date.weekday() == day,
        Some(Day::Month(day)) => date.day() == i8::try_from(day).unwrap_or(last).min(last),
        Some(Day::Last) | None => date.day() == last,
    };
    let month = |length: i8| match r.month {
        Some(Month::Number(m)) => Some(date.month()) == i8::try_from(m).ok(),
        Some(Month::First) => (date.month() - 1) % length == 0,
        Some(Month::Last) | None => date.month() % length == 0,
    };
    match r.every {
        Every::Day => true,
        Every::Week => match r.day {
            Some(Day::Week(day)) => date.weekday() == day,
            _ => date.weekday() == open_weekday,
        },
        Every::Month => day_is_right,
        Every::Quarter => day_is_right && month(3),
        Every::HalfYear => day_is_right && month(6),
        Every::Year => day_is_right && month(12),
    }
}

/// The rule that calendars know, where it gives exactly these days.
fn rule(r: &Repeat, first: Date, step: u32) -> Option<Rule> {
    let months = match r.every {
        Every::Day => return Some(Rule::Daily { step }),
        Every::Week => return Some(Rule::Weekly { step, day: first.weekday() }),
        Every::Month => step,
        Every::Quarter => 3 * step,
        Every::HalfYear => 6 * step,
        Every::Year => 12 * step,
    };
    // The last days of a month are told one by one: programs differ about a 31st of June.
    let same_each_month = matches!(r.day, Some(Day::Month(2..=28))) || (matches!(r.day, Some(Day::Month(1))) && first.day() == 1);
    (same_each_month && r.day_to.is_none()).then(|| Rule::Monthly { step: months, day: first.day() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Period;
    use jiff::civil::date;

    fn campaign() -> DocumentRecord {
        let period = Period { from: Some(date(2024, 4, 24)), to: Some(date(2024, 5, 31)), until: None };
        DocumentRecord { issued: Some(date(2024, 4, 23)), period: Some(period), ..DocumentRecord::default() }
    }

    fn of(yaml: &str) -> Slot {
        let due: Due = serde_yaml::from_str(yaml).expect(yaml);
        slot(&due, &campaign(), Weekday::Friday).expect(yaml)
    }

    fn starts(slot: &Slot) -> Vec<String> {
        slot.days.iter().map(|(d, _)| d.to_string()).collect()
    }

    #[test]
    fn before_a_day_is_the_end_of_the_day_before() {
        let slot = of("{says: x, bound: before, date: 2024-04-25}");
        assert_eq!((starts(&slot), slot.notes), (vec!["2024-04-24".into()], vec![Note::Before(date(2024, 4, 25))]));
        let slot = of("{says: x, bound: before, date: 2024-04-25, time: '15:00'}");
        assert_eq!((starts(&slot), slot.notes.len(), slot.ends_at_time), (vec!["2024-04-25".into()], 0, true));
    }

    #[test]
    fn a_weekly_report_is_bounded_by_the_campaign() {
        let slot = of("{says: x, bound: before, repeat: {every: week, day: wed, time: '15:00'}}");
        assert_eq!(starts(&slot), ["2024-05-01", "2024-05-08", "2024-05-15", "2024-05-22", "2024-05-29"]);
        assert_eq!(slot.rule, Some(Rule::Weekly { step: 1, day: Weekday::Wednesday }));
        // Without an hour, each stands on the day before.
        let slot = of("{says: x, bound: before, repeat: {every: week, day: tue}}");
        assert_eq!(starts(&slot)[0], "2024-04-29");
        assert_eq!(slot.rule, Some(Rule::Weekly { step: 1, day: Weekday::Monday }));
    }

    #[test]
    fn a_monthly_list_runs_to_the_end_of_the_year() {
        let slot = of("{says: x, bound: exactly, repeat: {every: month, day: 28}}");
        assert_eq!((slot.days.len(), starts(&slot)[0].as_str()), (9, "2024-04-28"));
        let slot = of("{says: x, bound: exactly, repeat: {every: month, day: 31}}");
        assert_eq!(starts(&slot)[..3], ["2024-04-30", "2024-05-31", "2024-06-30"]);
        assert_eq!(slot.rule, None);
        let slot = of("{says: x, bound: before, repeat: {every: month, day: 1}}");
        assert_eq!((starts(&slot)[0].as_str(), slot.rule), ("2024-04-30", None));
        let slot = of("{says: x, bound: during, repeat: {every: month, day: 1, day_to: 5}}");
        assert_eq!(slot.days[0], (date(2024, 5, 1), date(2024, 5, 5)));
    }

    #[test]
    fn quarters_and_years_know_their_months() {
        let slot = of("{says: x, bound: before, repeat: {every: quarter, day: 25, month: last}}");
        assert_eq!(starts(&slot), ["2024-06-24", "2024-09-24", "2024-12-24"]);
        assert_eq!(slot.rule, Some(Rule::Monthly { step: 3, day: 24 }));
        assert_eq!(starts(&of("{says: x, bound: before, repeat: {every: year, day: 20, month: 11}}")), ["2024-11-19"]);
        let open = of("{says: x, bound: exactly, repeat: {every: year}}");
        assert_eq!((starts(&open), open.notes), (vec!["2024-12-31".into()], vec![Note::OpenDay]));
        assert_eq!(
            starts(&of("{says: x, bound: exactly, repeat: {every: month, step: 2, day: 5}}")),
            ["2024-05-05", "2024-07-05", "2024-09-05", "2024-11-05"]
        );
    }

    #[test]
    fn what_has_no_day_has_no_slot() {
        for yaml in [
            "{says: x, bound: none}",
            "{says: x, bound: after, of: y}",
            "{says: x, bound: exactly, repeat: {every: day, from: 2024-06-02}}",
        ] {
            let due: Due = serde_yaml::from_str(yaml).expect(yaml);
            assert_eq!(slot(&due, &campaign(), Weekday::Friday), None, "{yaml}");
        }
    }
}
