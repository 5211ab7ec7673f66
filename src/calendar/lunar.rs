//! The Vietnamese lunar calendar: which day a lunar date is. New moons and solar terms after Jean Meeus, *Astronomical Algorithms*,
//! in the short form that Hồ Ngọc Đức gave them for Hà Nội (UTC+7).

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Hours by which Hà Nội is ahead of Greenwich, as a part of a day.
const HANOI: f64 = 7.0 / 24.0;
/// Mean length of a lunar month, in days.
const MONTH: f64 = 29.530_588_853;
/// The new moon from which they are counted, near 1 January 1900, as a Julian date.
const FIRST_MOON: f64 = 2_415_021.076_998_695;
/// The Julian day number of 1 January 2000.
const J2000: i32 = 2_451_545;

/// Day `day` of lunar month `month` (no leap month) of the lunar year that begins in the year `year`; `None` outside 1900 to 2199
/// or where that month has no such day.
///
/// ```
/// # use plan_ingest::calendar::lunar;
/// assert_eq!(lunar::day(2024, 1, 1), jiff::civil::Date::new(2024, 2, 10).ok());
/// ```
pub fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    if !(1900..2200).contains(&year) || !(1..=12).contains(&month) || !(1..=30).contains(&day) {
        return None;
    }
    // Month 11 holds the winter solstice; the year's first ten months are counted from month 11 of the year before.
    let (start, end) = if month < 11 { (eleventh(year - 1)?, eleventh(year)?) } else { (eleventh(year)?, eleventh(year + 1)?) };
    let first = moon_index(start);
    let mut after = i32::from(month) - 11;
    if after < 0 {
        after += 12;
    }
    if end - start > 365 && after >= leap_after(first) {
        after += 1;
    }
    let begins = new_moon(first + after);
    let length = new_moon(first + after + 1) - begins;
    (i32::from(day) <= length).then(|| from_julian(begins + i32::from(day) - 1)).flatten()
}

/// The last day of the lunar year before the one that begins in `year`.
pub fn eve(year: i16) -> Option<Date> {
    day(year, 1, 1)?.yesterday().ok()
}

/// The Julian day on which the lunar month begins that holds the winter solstice of `year`.
fn eleventh(year: i16) -> Option<i32> {
    let new_year = julian(date(year, 12, 31));
    let moon = moon_index(new_year);
    let begins = new_moon(moon);
    Some(if solar_term(begins) >= 9 { new_moon(moon - 1) } else { begins })
}

/// How many months after the eleventh the leap month comes: the first that no principal solar term falls in.
fn leap_after(first: i32) -> i32 {
    let mut last = solar_term(new_moon(first + 1));
    for i in 2..14 {
        let term = solar_term(new_moon(first + i));
        if term == last {
            return i - 1;
        }
        last = term;
    }
    14
}

/// The number of the last new moon on or before a Julian day.
fn moon_index(day: i32) -> i32 {
    let guess = ((f64::from(day) - FIRST_MOON) / MONTH).floor() as i32 + 1;
    (guess - 2..=guess + 1).rev().find(|k| new_moon(*k) <= day).unwrap_or(guess)
}

/// The Julian day, in Hà Nội, of new moon number `k`.
fn new_moon(k: i32) -> i32 {
    let k = f64::from(k);
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let mean = 2_415_020.759_33 + 29.530_588_68 * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * (166.56 + 132.87 * t - 0.009_173 * t2).to_radians().sin();
    let sun = (359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3).to_radians();
    let moon = (306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3).to_radians();
    let node = (21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3).to_radians();
    let shift = (0.1734 - 0.000_393 * t) * sun.sin() + 0.0021 * (2.0 * sun).sin() - 0.4068 * moon.sin() + 0.0161 * (2.0 * moon).sin()
        - 0.0004 * (3.0 * moon).sin()
        + 0.0104 * (2.0 * node).sin()
        - 0.0051 * (sun + moon).sin()
        - 0.0074 * (sun - moon).sin()
        + 0.0004 * (2.0 * node + sun).sin()
        - 0.0004 * (2.0 * node - sun).sin()
        - 0.0006 * (2.0 * node + moon).sin()
        + 0.0010 * (2.0 * node - moon).sin()
        + 0.0005 * (2.0 * moon + sun).sin();
    let clock = if t < -11.0 {
        0.001 + 0.000_839 * t + 0.000_226_1 * t2 - 0.000_008_45 * t3 - 0.000_000_081 * t * t3
    } else {
        -0.000_278 + 0.000_265 * t + 0.000_262 * t2
    };
    (mean + shift - clock + 0.5 + HANOI).floor() as i32
}

/// In which twelfth of its yearly path the sun stands as a Julian day begins in Hà Nội: 0 from the spring equinox, 9 from the winter
/// solstice.
fn solar_term(day: i32) -> i32 {
    let t = (f64::from(day) - 2_451_545.5 - HANOI) / 36_525.0;
    let t2 = t * t;
    let anomaly = (357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t2 - 0.000_000_48 * t * t2).to_radians();
    let mean = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t2;
    let centre = (1.914_600 - 0.004_817 * t - 0.000_014 * t2) * anomaly.sin()
        + (0.019_993 - 0.000_101 * t) * (2.0 * anomaly).sin()
        + 0.000_290 * (3.0 * anomaly).sin();
    ((mean + centre).rem_euclid(360.0) / 30.0).floor() as i32
}

fn julian(day: Date) -> i32 {
    J2000 + date(2000, 1, 1).until(day).map_or(0, |span| span.get_days())
}

fn from_julian(day: i32) -> Option<Date> {
    date(2000, 1, 1).checked_add((day - J2000).days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tet_of_sixteen_years() {
        let tet = [
            date(2020, 1, 25),
            date(2021, 2, 12),
            date(2022, 2, 1),
            date(2023, 1, 22),
            date(2024, 2, 10),
            date(2025, 1, 29),
            date(2026, 2, 17),
            date(2027, 2, 6),
            date(2028, 1, 26),
            date(2029, 2, 13),
            date(2030, 2, 2),
            date(2031, 1, 23),
            date(2032, 2, 11),
            date(2033, 1, 31),
            date(2034, 2, 19),
            date(2035, 2, 8),
        ];
        for day_one in tet {
            assert_eq!(day(day_one.year(), 1, 1), Some(day_one));
        }
    }

    #[test]
    fn years_in_which_hanoi_and_beijing_differ() {
        // Việt Nam kept Tết on 21 January 1985, a month before China; and a day before it in 1968 and 2007.
        assert_eq!(day(1985, 1, 1), Some(date(1985, 1, 21)));
        assert_eq!(day(1968, 1, 1), Some(date(1968, 1, 29)));
        assert_eq!(day(2007, 1, 1), Some(date(2007, 2, 17)));
        assert_eq!(day(2030, 1, 1), Some(date(2030, 2, 2)));
    }

    #[test]
    fn the_kings_commemoration() {
        let known = [
            date(2020, 4, 2),
            date(2021, 4, 21),
            date(2022, 4, 10),
            date(2023, 4, 29),
            date(2024, 4, 18),
            date(2025, 4, 7),
            date(2026, 4, 26),
            date(2027, 4, 16),
        ];
        for d in known {
            assert_eq!(day(d.year(), 3, 10), Some(d));
        }
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(eve(2025), Some(date(2025, 1, 28)));
        assert_eq!(day(2025, 12, 30), None, "the last month of Ất Tỵ has 29 days");
        assert_eq!(day(1500, 1, 1), None);
    }
}
