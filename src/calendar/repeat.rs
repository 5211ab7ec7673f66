//! The days that a recurrence comes to: bounded by the plan's own time, and spread out one by one.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Day, Due, Every, Month, Period, Repeat, When};

/// More days than a calendar of any plan holds; a recurrence without a sensible end stops here.
const MOST: usize = 4_000;

impl Period {
    /// True when `day` lies in it; an open end holds every day on its side.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Repeat {
    /// The recurrence with the first and the last day on which it may fall, where it names none of its own: a daily or weekly one is
    /// bounded by the plan's period and first falls after one full day of it; any other one runs to the end of the plan's last year.
    #[must_use]
    pub fn bounded(&self, issued: Option<Date>, period: Option<&Period>) -> Self {
        let begins = period.and_then(|p| p.from).or(issued);
        let ends = period.and_then(|p| p.to);
        let last_year = ends.or(issued).and_then(|d| Date::new(d.year(), 12, 31).ok());
        let (from, until) = match self.every {
            Every::Day | Every::Week => (begins.and_then(|d| d.tomorrow().ok()), ends.or(last_year)),
            Every::Month | Every::Quarter | Every::HalfYear | Every::Year => (begins, last_year),
        };
        let mut bounded = self.clone();
        bounded.from = self.from.or(from);
        bounded.until = self.until.or(until);
        bounded
    }

    /// The days from `from` to `until` (both included) on which it falls, in order. One that names no day falls on the last day of
    /// each of its weeks, months, quarters or years; one that lasts several days falls on the last of them; a day that a month does
    /// not have is that month's last.
    pub fn days(&self, from: Date, until: Date) -> impl Iterator<Item = Date> + use<> {
        let first = self.from.map_or(from, |own| own.max(from));
        let last = self.until.map_or(until, |own| own.min(until));
        let (every, step) = (self.every, self.step.unwrap_or(1).max(1));
        let repeat = self.clone();
        let start = self.start_of_unit(first);
        let mut unit = 0_i64;
        std::iter::from_fn(move || {
            let begins = advance(start?, every, unit)?;
            unit += i64::from(step);
            (begins <= last).then_some(begins)
        })
        .filter_map(move |begins| repeat.day_in(begins))
        .filter(move |day| (first..=last).contains(day))
        .take(MOST)
    }

    /// The first day of the week, month, quarter, half-year or year that holds `day`.
    fn start_of_unit(&self, day: Date) -> Option<Date> {
        let month = |m: i8| Date::new(day.year(), m, 1).ok();
        match self.every {
            Every::Day => Some(day),
            Every::Week => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok(),
            Every::Month => Some(day.first_of_month()),
            Every::Quarter => month((day.month() - 1) / 3 * 3 + 1),
            Every::HalfYear => month((day.month() - 1) / 6 * 6 + 1),
            Every::Year => month(1),
        }
    }

    /// The day of the unit that begins on `begins` on which it falls.
    fn day_in(&self, begins: Date) -> Option<Date> {
        let months = match self.every {
            Every::Day => return Some(begins),
            Every::Week => {
                let Some(Day::Week(day)) = self.day else { return begins.checked_add(6.days()).ok() };
                return begins.checked_add(i64::from(day.to_monday_zero_offset()).days()).ok();
            }
            Every::Month => 1,
            Every::Quarter => 3,
            Every::HalfYear => 6,
            Every::Year => 12,
        };
        let ahead = match self.month {
            Some(Month::First) => 0,
            // "ngày 16/6" of a half-year's report names the month of the year; its other half has the month six on.
            Some(Month::Number(m)) => (i64::from(m) - 1).rem_euclid(months),
            Some(Month::Last) | None => months - 1,
        };
        let month = begins.checked_add(ahead.months()).ok()?;
        let last = month.last_of_month();
        match (self.day_to.map(Day::Month).or(self.day), self.day) {
            (Some(Day::Month(day)), _) => Date::new(month.year(), month.month(), i8::try_from(day).ok()?.min(last.day())).ok(),
            _ => Some(last),
        }
    }
}

fn advance(start: Date, every: Every, units: i64) -> Option<Date> {
    let span = match every {
        Every::Day => units.days(),
        Every::Week => units.weeks(),
        Every::Month => units.months(),
        Every::Quarter => (units * 3).months(),
        Every::HalfYear => (units * 6).months(),
        Every::Year => units.years(),
    };
    start.checked_add(span).ok()
}

/// The days from `from` to `until` on which `due` falls: its day, the last day of its span (the first where the end is open), the day
/// its count comes to where that is known, or every day of its recurrence.
pub fn occurrences(due: &Due, from: Date, until: Date) -> Box<dyn Iterator<Item = Date>> {
    let one = |day: Option<Date>| Box::new(day.filter(|d| (from..=until).contains(d)).into_iter());
    match &due.when {
        When::Day { date, .. } => one(Some(*date)),
        When::During { from, to, .. } => one(Some(to.unwrap_or(*from))),
        When::After { date, .. } | When::BeforeEvent { date, .. } => one(*date),
        When::Repeat { repeat, .. } => Box::new(repeat.days(from, until)),
        When::None { .. } => one(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};

    fn repeat(every: Every, day: Option<Day>, month: Option<Month>) -> Repeat {
        Repeat { day, month, ..Repeat::every(every) }
    }

    fn days(repeat: &Repeat, from: Date, until: Date) -> Vec<Date> {
        repeat.days(from, until).collect()
    }

    #[test]
    fn a_weekly_report_of_a_campaign_is_bounded_by_it() {
        let campaign = Period { from: Some(date(2024, 4, 24)), to: Some(date(2024, 5, 31)), until: None };
        let (early, late) = (date(2024, 1, 1), date(2024, 12, 31));
        let weekly = repeat(Every::Week, Some(Day::Week(Weekday::Wednesday)), None).bounded(Some(date(2024, 4, 23)), Some(&campaign));
        let found = days(&weekly, early, late);
        // The campaign begins on a Wednesday: its first report comes a week later.
        assert_eq!(found.first(), Some(&date(2024, 5, 1)));
        assert_eq!(found.last(), Some(&date(2024, 5, 29)));
        let monthly = repeat(Every::Month, Some(Day::Month(28)), None).bounded(Some(date(2024, 4, 23)), Some(&campaign));
        let found = days(&monthly, early, late);
        assert_eq!((found.len(), found.first(), found.last()), (9, Some(&date(2024, 4, 28)), Some(&date(2024, 12, 28))));
    }

    #[test]
    fn quarters_and_years_have_their_days() {
        let (from, until) = (date(2026, 1, 1), date(2027, 6, 30));
        let last = repeat(Every::Quarter, Some(Day::Month(25)), Some(Month::Last));
        assert_eq!(days(&last, from, until)[..2], [date(2026, 3, 25), date(2026, 6, 25)]);
        let first = repeat(Every::Quarter, Some(Day::Month(5)), Some(Month::First));
        assert_eq!(days(&first, from, until)[..2], [date(2026, 1, 5), date(2026, 4, 5)]);
        let yearly = repeat(Every::Year, Some(Day::Month(20)), Some(Month::Number(11)));
        assert_eq!(days(&yearly, from, until), [date(2026, 11, 20)]);
        let bare = repeat(Every::Year, None, None);
        assert_eq!(days(&bare, from, until), [date(2026, 12, 31)]);
        let half = repeat(Every::HalfYear, Some(Day::Month(16)), Some(Month::Number(6)));
        assert_eq!(days(&half, from, until), [date(2026, 6, 16), date(2026, 12, 16), date(2027, 6, 16)]);
    }

    #[test]
    fn short_months_steps_and_last_days() {
        let (from, until) = (date(2026, 1, 1), date(2026, 6, 30));
        let late = repeat(Every::Month, Some(Day::Month(31)), None);
        assert_eq!(days(&late, from, until)[..3], [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]);
        let every_other = Repeat { step: Some(2), ..repeat(Every::Month, Some(Day::Month(1)), None) };
        assert_eq!(days(&every_other, from, until), [date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)]);
        let span = Repeat { day_to: Some(5), ..repeat(Every::Month, Some(Day::Month(1)), None) };
        assert_eq!(days(&span, from, until).first(), Some(&date(2026, 1, 5)));
        assert_eq!(days(&repeat(Every::Week, None, None), from, date(2026, 1, 10)), [date(2026, 1, 4)]);
    }

    #[test]
    fn every_due_falls_where_it_says() {
        let (from, until) = (date(2024, 1, 1), date(2024, 12, 31));
        let due = |yaml: &str| serde_yaml::from_str::<Due>(yaml).expect(yaml);
        let fall = |yaml: &str| occurrences(&due(yaml), from, until).collect::<Vec<_>>();
        assert_eq!(fall("{says: x, bound: before, date: 2024-04-25}"), [date(2024, 4, 25)]);
        assert_eq!(fall("{says: x, bound: during, from: 2024-04-24, to: 2024-05-31}"), [date(2024, 5, 31)]);
        assert_eq!(fall("{says: x, bound: by, date: 2030-04-25}"), []);
        assert_eq!(fall("{says: x, bound: none}"), []);
        assert_eq!(fall("{says: x, bound: exactly, repeat: {every: day}}").len(), 366);
    }

    #[test]
    fn an_endless_recurrence_ends() {
        assert!(days(&repeat(Every::Day, None, None), date(1, 1, 1), date(9999, 12, 31)).len() <= MOST);
    }
}
