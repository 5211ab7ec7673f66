//! Holidays and working days of Việt Nam (`rules/calendar/holidays.yaml`), and what the Civil Code makes of a last day that is one.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::{Day, Unit, lunar};
use crate::error::Result;
use crate::rules::RuleBook;

const FILE: &str = "calendar/holidays.yaml";
/// More working days than any law counts; a longer count is no date.
const MOST_DAYS: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayFile {
    rest: Vec<Day>,
    holidays: Vec<Holiday>,
    tet: Tet,
    beside_national: Beside,
    swaps: Vec<Swap>,
    swapped_name: String,
    made_up_name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    #[serde(rename = "id")]
    _id: String,
    name: String,
    #[serde(default)]
    day: Option<MonthDay>,
    #[serde(default)]
    lunar: Option<MonthDay>,
    #[serde(default)]
    since: Option<i16>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tet {
    name: String,
    days_before: i32,
    days: i32,
    begins: Vec<Date>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    name: String,
    default: MonthDay,
    chosen: Vec<Date>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Swap {
    off: Date,
    /// Left out where no source tells it.
    #[serde(default)]
    worked: Option<Date>,
}

/// `09-02`: month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MonthDay(i8, i8);

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let parts = text.split_once('-').and_then(|(m, d)| Some(Self(m.parse().ok()?, d.parse().ok()?)));
        // 2024 is a leap year: 29 February is a day there.
        let real = parts.filter(|p| Date::new(2024, p.0, p.1).is_ok());
        real.ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a month and a day such as 09-02")))
    }
}

/// Which days are worked and which are not.
#[derive(Debug)]
pub struct Calendar {
    rest: Vec<Weekday>,
    holidays: Vec<Holiday>,
    tet: Tet,
    beside: Beside,
    swaps: Vec<Swap>,
    swapped_name: String,
    made_up_name: String,
}

/// Why a day is not worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Off {
    /// A weekly day of rest.
    Weekend,
    /// A holiday, or a day off that makes up for one; its name in Vietnamese.
    Holiday(String),
}

impl Calendar {
    /// The holidays of the rule book.
    ///
    /// # Errors
    /// When the rule file can't be read or is not in its shape.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let file: HolidayFile = book.load(FILE)?;
        let rest = file.rest.iter().filter_map(|d| if let Day::Week(day) = d { Some(*day) } else { None }).collect();
        if let Some(odd) = file.holidays.iter().find(|h| h.day.is_some() == h.lunar.is_some()) {
            return Err(book.fault(FILE, &format!("name: {}", odd.name), "a holiday has either `day` or `lunar`"));
        }
        Ok(Self {
            rest,
            holidays: file.holidays,
            tet: file.tet,
            beside: file.beside_national,
            swaps: file.swaps,
            swapped_name: file.swapped_name,
            made_up_name: file.made_up_name,
        })
    }

    /// Why `date` is not worked; `None` for a working day.
    pub fn off(&self, date: Date) -> Option<Off> {
        if self.swaps.iter().any(|s| s.worked == Some(date)) {
            return None;
        }
        if self.swaps.iter().any(|s| s.off == date) {
            return Some(Off::Holiday(self.swapped_name.clone()));
        }
        let statutory = self.statutory(date.year());
        if let Some(name) = statutory.get(&date) {
            return Some(Off::Holiday((*name).to_owned()));
        }
        if self.rest.contains(&date.weekday()) {
            return Some(Off::Weekend);
        }
        self.makes_up(date, &statutory).then(|| Off::Holiday(self.made_up_name.clone()))
    }

    /// True when `date` is worked.
    pub fn is_working(&self, date: Date) -> bool {
        self.off(date).is_none()
    }

    /// Where a time limit ends whose last day is `date`: that day, or the next working day (Civil Code 2015, article 148).
    pub fn last_day(&self, date: Date) -> Date {
        // The longest run of days off is Tết with its weekends.
        std::iter::successors(Some(date), |d| d.tomorrow().ok()).take(40).find(|d| self.is_working(*d)).unwrap_or(date)
    }

    /// The last day of a time limit of `count` units counted from the event on `day`, which is not counted itself (article 147);
    /// `None` for hours, and for counts that lead out of the calendar.
    pub fn after(&self, day: Date, count: u32, unit: Unit) -> Option<Date> {
        self.counted(day, count, unit, true)
    }

    /// The day that lies `count` units before the event on `day`.
    pub fn before(&self, day: Date, count: u32, unit: Unit) -> Option<Date> {
        self.counted(day, count, unit, false)
    }

    fn counted(&self, day: Date, count: u32, unit: Unit, forward: bool) -> Option<Date> {
        let n = if forward { i64::from(count) } else { -i64::from(count) };
        let span = match unit {
            Unit::Hour => return None,
            Unit::WorkingDay => return self.working_days(day, count, forward),
            Unit::Day => jiff::Span::new().try_days(n),
            Unit::Week => jiff::Span::new().try_weeks(n),
            Unit::Month => jiff::Span::new().try_months(n),
            Unit::Year => jiff::Span::new().try_years(n),
        };
        day.checked_add(span.ok()?).ok()
    }

    fn working_days(&self, day: Date, count: u32, forward: bool) -> Option<Date> {
        if count > MOST_DAYS {
            return None;
        }
        let (mut at, mut left) = (day, count);
        while left > 0 {
            at = if forward { at.tomorrow().ok()? } else { at.yesterday().ok()? };
            left -= u32::from(self.is_working(at));
        }
        Some(at)
    }

    /// The days that the law names, of the year `year`.
    fn statutory(&self, year: i16) -> BTreeMap<Date, &str> {
        let mut days = BTreeMap::new();
        for holiday in self.holidays.iter().filter(|h| h.since.is_none_or(|since| year >= since)) {
            let solar = holiday.day.and_then(|MonthDay(m, d)| Date::new(year, m, d).ok());
            let lunar = holiday.lunar.and_then(|MonthDay(m, d)| lunar::day(year, m, d));
            days.extend(solar.or(lunar).map(|d| (d, holiday.name.as_str())));
        }
        let chosen = self.beside.chosen.iter().find(|d| d.year() == year).copied();
        let MonthDay(month, day) = self.beside.default;
        days.extend(chosen.or_else(|| Date::new(year, month, day).ok()).map(|d| (d, self.beside.name.as_str())));
        let begins = self.tet.begins.iter().find(|d| d.year() == year).copied();
        let usual = || lunar::day(year, 1, 1)?.checked_sub(self.tet.days_before.days()).ok();
        if let Some(first) = begins.or_else(usual) {
            days.extend((0..self.tet.days).filter_map(|i| first.checked_add(i.days()).ok()).map(|d| (d, self.tet.name.as_str())));
        }
        days
    }

    /// True when `date`, else worked, makes up for a holiday that fell on a weekly day of rest.
    fn makes_up(&self, date: Date, statutory: &BTreeMap<Date, &str>) -> bool {
        let rests = |d: &Date| self.rest.contains(&d.weekday());
        let mut owed = 0_usize;
        // Holidays that meet at most a run of days before it can still be owed.
        let Ok(mut at) = date.checked_sub(14.days()) else { return false };
        while at < date {
            let holiday = statutory.contains_key(&at) || at.year() != date.year() && self.statutory(at.year()).contains_key(&at);
            match (holiday, rests(&at)) {
                (true, true) => owed += 1,
                (false, false) => owed = owed.saturating_sub(1),
                _ => {}
            }
            let Ok(next) = at.tomorrow() else { return false };
            at = next;
        }
        owed > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        Calendar::new(&RuleBook::embedded()).expect("our holidays are sound")
    }

    fn off_days(from: Date, to: Date) -> Vec<Date> {
        let calendar = calendar();
        std::iter::successors(Some(from), |d| d.tomorrow().ok()).take_while(|d| *d <= to).filter(|d| !calendar.is_working(*d)).collect()
    }

    fn days(from: Date, to: Date) -> Vec<Date> {
        std::iter::successors(Some(from), |d| d.tomorrow().ok()).take_while(|d| *d <= to).collect()
    }

    #[test]
    fn breaks_as_they_were_kept() {
        // First and last day of the break, and the working days around it.
        for (first, last) in [
            (date(2021, 2, 10), date(2021, 2, 16)),
            (date(2023, 1, 20), date(2023, 1, 26)),
            (date(2023, 4, 29), date(2023, 5, 3)),
            (date(2023, 9, 1), date(2023, 9, 4)),
            (date(2024, 2, 8), date(2024, 2, 14)),
            (date(2024, 4, 27), date(2024, 5, 1)),
            (date(2024, 8, 31), date(2024, 9, 3)),
            (date(2025, 1, 25), date(2025, 2, 2)),
            (date(2025, 4, 30), date(2025, 5, 4)),
            (date(2025, 8, 30), date(2025, 9, 2)),
            (date(2026, 1, 1), date(2026, 1, 4)),
            (date(2026, 2, 14), date(2026, 2, 22)),
            (date(2026, 4, 25), date(2026, 4, 27)),
            (date(2026, 8, 29), date(2026, 9, 2)),
        ] {
            let around = (first.yesterday().expect("a day"), last.tomorrow().expect("a day"));
            assert_eq!(off_days(around.0, around.1), days(first, last), "{first} to {last}");
        }
    }

    #[test]
    fn swapped_days_are_worked() {
        let calendar = calendar();
        assert_eq!(calendar.off(date(2024, 4, 29)), Some(Off::Holiday("Ngày nghỉ hoán đổi".into())));
        for saturday in [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10)] {
            assert!(calendar.is_working(saturday), "{saturday}");
        }
        // The day worked in its place is not known.
        assert!(!calendar.is_working(date(2026, 8, 31)));
        assert_eq!(calendar.off(date(2026, 11, 24)), Some(Off::Holiday("Ngày Văn hóa Việt Nam".into())));
        assert!(calendar.is_working(date(2025, 11, 24)));
    }

    #[test]
    fn a_limit_that_ends_on_a_day_off_ends_on_the_next_working_day() {
        let calendar = calendar();
        assert_eq!(calendar.last_day(date(2024, 4, 28)), date(2024, 5, 2));
        assert_eq!(calendar.last_day(date(2024, 4, 25)), date(2024, 4, 25));
    }

    #[test]
    fn the_day_of_the_event_is_not_counted() {
        let calendar = calendar();
        assert_eq!(calendar.after(date(2024, 4, 23), 10, Unit::Day), Some(date(2024, 5, 3)));
        assert_eq!(calendar.after(date(2024, 4, 25), 2, Unit::WorkingDay), Some(date(2024, 5, 2)));
        assert_eq!(calendar.before(date(2024, 5, 3), 2, Unit::WorkingDay), Some(date(2024, 4, 26)));
        assert_eq!(calendar.after(date(2024, 1, 31), 1, Unit::Month), Some(date(2024, 2, 29)));
        assert_eq!(calendar.after(date(2024, 4, 23), u32::MAX, Unit::WorkingDay), None);
        assert_eq!(calendar.after(date(2024, 4, 23), u32::MAX, Unit::Year), None);
    }
}
