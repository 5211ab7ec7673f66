//! The days on which a due stands in a calendar: one day, a stretch of days, or a series within the plan's period.

use jiff::civil::{Date, Time, Weekday};

use super::record::DocumentRecord;
use crate::calendar::{Bound, Calendar, Day, Due, Every, Off, Repeat, When};

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

/// First and last day of each occurrence and the number of its slot, in order; a daily duty is one from its first day to its last.
pub(super) fn occurrences(slots: &[Option<Slot>]) -> Vec<(Date, Date, usize)> {
    let mut all = Vec::new();
    for (nth, slot) in slots.iter().enumerate() {
        let Some(slot) = slot else { continue };
        match (slot.rule, slot.days.first(), slot.days.last()) {
            (Some(Rule::Daily { .. }), Some((from, _)), Some((_, to))) => all.push((*from, *to, nth)),
            _ => all.extend(slot.days.iter().map(|(from, to)| (*from, *to, nth))),
        }
    }
    all.sort_by_key(|(from, _, nth)| (*from, *nth));
    all
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
    let mut r = r.bounded(document.issued, document.period.as_ref());
    let mut notes = Vec::new();
    match (r.times.filter(|n| *n > 1), r.every, r.day) {
        (Some(times), ..) => notes.push(Note::Times(times)),
        (None, Every::Day, _) | (None, _, Some(_)) => {}
        (None, Every::Week, None) => notes.push(Note::OpenWeekday(open_weekday)),
        (None, _, None) => notes.push(Note::OpenDay),
    }
    let before = bound == Bound::Before && r.time.is_none() && r.every != Every::Day && r.day.is_some();
    if before {
        notes.push(Note::BeforeEach);
    }
    if r.every == Every::Week {
        r.day = r.day.or(Some(Day::Week(open_weekday)));
    }
    let days: Vec<(Date, Date)> = r.days(r.from?, r.until?).map(|date| stretch(&r, date, before)).collect();
    let (first, _) = *days.first()?;
    let rule = rule(&r, first, r.step.unwrap_or(1).max(1)).filter(|_| days.len() > 1);
    Some(Slot { days, time: r.time, ends_at_time: bound != Bound::Exactly, rule, notes })
}

impl Slot {
    /// The days on which it is due and nobody works, weekends among them, with the reason; none for a daily duty.
    pub(super) fn off<'a>(&'a self, calendar: &'a Calendar) -> impl Iterator<Item = (Date, Off)> + 'a {
        let daily = matches!(self.rule, Some(Rule::Daily { .. }));
        let days = self.days.iter().map(|(_, to)| *to).filter(move |_| !daily);
        days.filter_map(|day| calendar.off(day).map(|off| (day, off)))
    }
}

/// One occurrence that falls on `date`: the day itself, or the day before, or a span of days of the month that ends on it.
fn stretch(r: &Repeat, date: Date, before: bool) -> (Date, Date) {
    if before {
        let last = date.yesterday().unwrap_or(date);
        return (last, last);
    }
    match (r.day, r.day_to) {
        (Some(Day::Month(from)), Some(_)) => {
            let from = i8::try_from(from).ok().and_then(|d| Date::new(date.year(), date.month(), d).ok());
            (from.filter(|f| *f < date).unwrap_or(date), date)
        }
        _ => (date, date),
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
