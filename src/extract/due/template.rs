//! The `due` of a rule, its holes still open: `{ bound: before, date: "{date}" }`; and how it is filled.

use jiff::civil::{Date, Time};
use serde::Deserialize;

use super::times::{Held, Part, Stretch};
use crate::calendar::{Bound, Calendar, Day, Every, Month, Repeat, Unit, When};

/// A due with holes: the keys of `due` in the contract, each a value or a hole's name in braces.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    pub bound: Bound,
    #[serde(default)]
    date: Option<Slot>,
    #[serde(default)]
    time: Option<Slot>,
    #[serde(default)]
    from: Option<Slot>,
    #[serde(default)]
    to: Option<Slot>,
    #[serde(default)]
    until: Option<Slot>,
    #[serde(default)]
    length: Option<Slot>,
    #[serde(default)]
    of: Option<Slot>,
    #[serde(default)]
    repeat: Option<RepeatTemplate>,
    #[serde(default, rename = "if")]
    condition: Option<Slot>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RepeatTemplate {
    every: Slot,
    #[serde(default)]
    day: Option<Slot>,
    #[serde(default)]
    day_to: Option<Slot>,
    #[serde(default)]
    month: Option<Slot>,
    #[serde(default)]
    time: Option<Slot>,
    #[serde(default)]
    times: Option<Slot>,
    #[serde(default)]
    step: Option<Slot>,
    #[serde(default)]
    from: Option<Slot>,
    #[serde(default)]
    until: Option<Slot>,
}

/// A value, or the hole it comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Slot {
    Number(u32),
    Text(String),
}

impl Slot {
    /// The hole it comes from, and the words before it: `có {event}`.
    fn hole(&self) -> Option<(&str, &str)> {
        match self {
            Self::Number(_) => None,
            Self::Text(t) => t.strip_suffix('}')?.split_once('{'),
        }
    }
}

/// What fills the holes of one match, and the years that a date without a year may mean.
pub(super) struct Filling<'a> {
    pub held: &'a dyn Fn(&str) -> Option<Held>,
    pub years: &'a dyn Fn(Stretch) -> Option<i16>,
    pub issued: Option<Date>,
    pub is_issue: &'a dyn Fn(&str) -> bool,
    pub calendar: &'a Calendar,
}

/// The day of issue, as a value.
const ISSUED: &str = "issued";
/// The plan's year, as a value.
const THIS_YEAR: &str = "this-year";

impl Template {
    fn slots(&self) -> impl Iterator<Item = &Slot> {
        let own = [&self.date, &self.time, &self.from, &self.to, &self.until, &self.length, &self.of, &self.condition];
        let repeat = self.repeat.iter().flat_map(|r| {
            let inner = [&r.day, &r.day_to, &r.month, &r.time, &r.times, &r.step, &r.from, &r.until];
            std::iter::once(&r.every).chain(inner.into_iter().flatten())
        });
        own.into_iter().flatten().chain(repeat)
    }

    /// The names of the holes it asks for.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.slots().filter_map(Slot::hole).map(|(_, h)| h.split('.').next().unwrap_or(h))
    }

    /// One sentence when its keys do not belong together.
    pub fn fault(&self) -> Option<String> {
        let dated = matches!(self.bound, Bound::Before | Bound::By | Bound::Exactly);
        let good = match (&self.repeat, &self.date, &self.from, &self.of) {
            (Some(_), None, None, None) => true,
            (None, Some(_), None, None) => dated,
            (None, None, Some(_), None) => self.bound == Bound::During,
            (None, None, None, Some(_)) => matches!(self.bound, Bound::Before | Bound::After),
            (None, None, None, None) => self.bound == Bound::None,
            _ => false,
        };
        (!good).then(|| format!("the keys of this due do not belong together (bound: {:?})", self.bound).to_lowercase())
    }

    /// The due that comes of filling the holes; `None` where a hole it cannot do without is empty. True with it: a year was put in.
    pub fn fill(&self, with: &Filling<'_>) -> Option<(When, bool)> {
        let get = |slot: &Option<Slot>| slot.as_ref().and_then(|s| value(s, with));
        let time = |slot: &Option<Slot>| get(slot).and_then(|h| as_time(&h));
        let words = |slot: &Option<Slot>| get(slot).and_then(|h| as_words(&h));
        if let Some(repeat) = &self.repeat {
            return Some((When::Repeat { bound: self.bound, repeat: repeat.fill(with)? }, false));
        }
        if self.date.is_some() {
            let Held::Stretch(stretch) = get(&self.date)? else { return None };
            let (first, last) = days(stretch, with)?;
            let date = if self.bound == Bound::Before { first } else { last };
            return Some((When::Day { bound: self.bound, date, time: time(&self.time) }, stretch.year.is_none()));
        }
        if self.from.is_some() {
            let (from, to, implied) = span(get(&self.from)?, get(&self.to), with)?;
            return Some((When::During { from, to, time: time(&self.time), until: words(&self.until) }, implied));
        }
        let length = match get(&self.length) {
            Some(Held::Length(count, unit)) => Some((count, unit)),
            Some(Held::Hours(hours)) => Some((u32::from(hours), Unit::Hour)),
            _ => None,
        };
        if self.of.is_none() {
            return Some((When::None { condition: words(&self.condition) }, false));
        }
        let (of, event) = self.event(get(&self.of)?, with)?;
        let date = event.and_then(|day| match (length, self.bound) {
            (Some((count, unit)), Bound::Before) => with.calendar.before(day, count, unit),
            (Some((count, unit)), _) => with.calendar.after(day, count, unit),
            (None, _) => None,
        });
        let (count, unit) = (length.map(|l| l.0), length.map(|l| l.1));
        let when =
            if self.bound == Bound::Before { When::BeforeEvent { count, unit, of, date } } else { When::After { count, unit, of, date } };
        Some((when, false))
    }

    /// The event in words, and its day where that is known.
    fn event(&self, held: Held, with: &Filling<'_>) -> Option<(String, Option<Date>)> {
        match held {
            Held::Words(words) => {
                let day = with.issued.filter(|_| (with.is_issue)(&words));
                Some((words, day))
            }
            Held::Stretch(stretch) => {
                let (day, _) = days(stretch, with)?;
                Some((format!("ngày {:02}/{:02}/{}", day.day(), day.month(), day.year()), Some(day)))
            }
            _ => None,
        }
    }
}

impl RepeatTemplate {
    fn fill(&self, with: &Filling<'_>) -> Option<Repeat> {
        let get = |slot: &Option<Slot>| slot.as_ref().and_then(|s| value(s, with));
        let number = |slot: &Option<Slot>| get(slot).and_then(|h| as_number(&h));
        let date = |slot: &Option<Slot>, end: bool| match get(slot)? {
            Held::Stretch(s) => days(s, with).map(|(first, last)| if end { last } else { first }),
            _ => None,
        };
        let every = match value(&self.every, with)? {
            Held::Every(every) => every,
            Held::Length(6, Unit::Month) => Every::HalfYear,
            Held::Length(_, unit) => per(unit)?,
            Held::Words(word) => serde_yaml::from_str(&word).ok()?,
            _ => return None,
        };
        let day = match get(&self.day) {
            None => None,
            Some(Held::Weekday(day)) => Some(Day::Week(day)),
            Some(Held::Words(word)) => Some(serde_yaml::from_str(&word).ok()?),
            Some(held) => Some(Day::Month(u8::try_from(as_number(&held)?).ok().filter(|d| (1..=31).contains(d))?)),
        };
        let month = match get(&self.month) {
            // The last day of a longer stretch is the last of its last month.
            None if day == Some(Day::Last) => match every {
                Every::Day | Every::Week => return None,
                Every::Month => None,
                Every::Quarter | Every::HalfYear => Some(Month::Last),
                Every::Year => Some(Month::Number(12)),
            },
            None => None,
            Some(Held::Words(word)) => Some(serde_yaml::from_str(&word).ok()?),
            Some(held) => Some(Month::Number(u8::try_from(as_number(&held)?).ok()?)),
        };
        Some(Repeat {
            every,
            day,
            day_to: number(&self.day_to).and_then(|d| u8::try_from(d).ok()),
            month,
            time: get(&self.time).and_then(|h| as_time(&h)),
            times: number(&self.times).filter(|n| *n > 1),
            step: number(&self.step).filter(|n| *n > 1),
            from: date(&self.from, false),
            until: date(&self.until, true),
        })
    }
}

/// The recurrence named by a unit: "3 lần/năm".
fn per(unit: Unit) -> Option<Every> {
    match unit {
        Unit::Day => Some(Every::Day),
        Unit::Week => Some(Every::Week),
        Unit::Month => Some(Every::Month),
        Unit::Year => Some(Every::Year),
        Unit::Hour | Unit::WorkingDay => None,
    }
}

fn value(slot: &Slot, with: &Filling<'_>) -> Option<Held> {
    let (before, name) = match slot {
        Slot::Number(n) => return Some(Held::Number(*n)),
        Slot::Text(text) => match (slot.hole(), text.as_str()) {
            (Some(hole), _) => hole,
            (None, ISSUED) => return with.issued.map(Held::from),
            (None, THIS_YEAR) => return Some(Held::Stretch(Stretch { year: None, part: Part::Year })),
            (None, _) => return Some(Held::Words(text.clone())),
        },
    };
    if !before.is_empty() {
        let Held::Words(words) = (with.held)(name)? else { return None };
        return Some(Held::Words(format!("{before}{words}")));
    }
    let Some((name, part)) = name.split_once('.') else { return (with.held)(name) };
    match ((with.held)(name)?, part) {
        (Held::Stretch(Stretch { part: Part::Day { day, .. }, .. }), "day") => Some(Held::Number(day.unsigned_abs().into())),
        (Held::Stretch(Stretch { part: Part::Day { month, .. } | Part::Month(month), .. }), "month") => {
            Some(Held::Number(month.unsigned_abs().into()))
        }
        (Held::Stretch(Stretch { part: Part::Quarter(quarter), .. }), "month") => Some(Held::Number(u32::from(quarter.unsigned_abs()) * 3)),
        (Held::Stretch(stretch), "first" | "middle") => stretch.point(part == "middle").map(Held::Stretch),
        (Held::Stretch(stretch), "eve") => stretch.eve(stretch.year.or_else(|| (with.years)(stretch))?).map(Held::from),
        (Held::Length(count, _), "count") => Some(Held::Number(count)),
        (Held::Length(_, unit), "unit") => per(unit).map(Held::Every),
        _ => None,
    }
}

fn days(stretch: Stretch, with: &Filling<'_>) -> Option<(Date, Date)> {
    stretch.days(match stretch.year {
        Some(year) => year,
        None => (with.years)(stretch)?,
    })
}

/// First and last day of "từ … đến …"; what one end leaves out the other tells. True: a year was put in.
fn span(from: Held, to: Option<Held>, with: &Filling<'_>) -> Option<(Date, Option<Date>, bool)> {
    let Some(to) = to else {
        let Held::Stretch(only) = from else { return None };
        let (first, last) = days(only, with)?;
        // "trong giai đoạn 2026 - 2030" is one stretch with two ends; the caller asks for `from` alone where the end is open.
        let to = matches!(only.part, Part::Until(_)).then_some(last);
        return Some((first, to, only.year.is_none()));
    };
    let (mut from, to) = match (from, to) {
        (Held::Stretch(from), Held::Stretch(to)) => (from, to),
        (Held::Number(day), Held::Stretch(to)) => {
            let Part::Day { month, .. } = to.part else { return None };
            (Stretch { year: to.year, part: Part::Day { month, day: i8::try_from(day).ok()? } }, to)
        }
        _ => return None,
    };
    let implied = from.year.is_none() && to.year.is_none();
    let to_days = match (from.year, to.year) {
        // "từ tháng 11/2025 đến tháng 4": the first such month after it.
        (Some(year), None) => to.days(year).filter(|d| from.days(year).is_some_and(|f| f.0 <= d.1)).or_else(|| to.days(year + 1))?,
        _ => days(to, with)?,
    };
    if from.year.is_none() {
        let year = to_days.1.year();
        let fits = from.days(year).is_some_and(|f| f.0 <= to_days.1);
        from.year = Some(if fits { year } else { year - 1 });
    }
    let first = days(from, with)?.0;
    (first <= to_days.1).then_some((first, Some(to_days.1), implied))
}

fn as_time(held: &Held) -> Option<Time> {
    match held {
        Held::Time(time) => Some(*time),
        // The day's last hour ends it: 24 giờ is no hour that begins.
        Held::Hours(hour) => Time::new(i8::try_from(*hour).ok()?, 0, 0, 0).ok(),
        _ => None,
    }
}

fn as_number(held: &Held) -> Option<u32> {
    match held {
        Held::Number(n) => Some(*n),
        Held::Length(n, _) => Some(*n),
        _ => None,
    }
}

fn as_words(held: &Held) -> Option<String> {
    match held {
        Held::Words(words) => Some(words.clone()),
        _ => None,
    }
}
