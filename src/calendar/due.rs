//! When a duty must be done: the shapes of `due` in `plan.yaml`, each a variant, written and read as one flat record.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// When a duty must be done, and the repaired words that say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Record", into = "Record")]
pub struct Due {
    /// The repaired words.
    pub says: String,
    /// What they mean.
    pub when: When,
}

/// The meaning of a due.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// Before, by, or on a day.
    Day {
        /// [`Bound::Before`], [`Bound::By`] or [`Bound::Exactly`].
        bound: Bound,
        /// The day.
        date: Date,
        /// The hour of that day, where one is named.
        time: Option<Time>,
    },
    /// From one day to another, both included.
    During {
        /// First day.
        from: Date,
        /// Last day; `None` when the end is open.
        to: Option<Date>,
        /// The hour of the first day, where one is named.
        time: Option<Time>,
        /// The event that ends it, in words.
        until: Option<String>,
    },
    /// Counted from an event.
    After {
        /// How many units; `None` for "ngay sau khi".
        count: Option<u32>,
        /// Of what.
        unit: Option<Unit>,
        /// The event, in words.
        of: String,
        /// The day it comes to, where the event's day is known.
        date: Option<Date>,
    },
    /// Counted back from an event.
    BeforeEvent {
        /// How many units; `None` for a bare "trước khi".
        count: Option<u32>,
        /// Of what.
        unit: Option<Unit>,
        /// The event, in words.
        of: String,
        /// The day it comes to, where the event's day is known.
        date: Option<Date>,
    },
    /// Again and again.
    Repeat {
        /// Before, by, exactly, or during each occurrence.
        bound: Bound,
        /// How often and on which day.
        repeat: Repeat,
    },
    /// A manner, not a date.
    None {
        /// "khi có …": the condition, in words.
        condition: Option<String>,
    },
}

/// On which side of its date a due lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// Ends when that day (or hour) begins.
    Before,
    /// That day still counts.
    By,
    /// On that day.
    Exactly,
    /// Between two days, both included.
    During,
    /// Counted from an event.
    After,
    /// A manner, not a date.
    None,
}

/// What durations are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    Hour,
    Day,
    WorkingDay,
    Week,
    Month,
    Year,
}

/// How often something recurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Every {
    Day,
    Week,
    Month,
    Quarter,
    HalfYear,
    Year,
}

/// The day within a recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Day {
    /// A weekday, `mon` … `sun`.
    Week(jiff::civil::Weekday),
    /// A day of the month, from 1.
    Month(u8),
    /// The last day.
    Last,
}

/// The month within a recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Month {
    /// 1 to 12.
    Number(u8),
    /// The first of the quarter or half-year.
    First,
    /// The last of the quarter or half-year.
    Last,
}

/// A recurrence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How often.
    pub every: Every,
    /// On which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub day: Option<Day>,
    /// The last day, where each occurrence is a span of days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_to: Option<u8>,
    /// In which month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Scalar>")]
    pub month: Option<Month>,
    /// At which hour.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "hour")]
    #[schemars(with = "Option<String>")]
    pub time: Option<Time>,
    /// How many times in each `every`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Once in how many `every`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// First day on which an occurrence may fall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// Last day on which an occurrence may fall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
}

impl Repeat {
    /// A bare recurrence, as in "hằng năm".
    pub fn every(every: Every) -> Self {
        Self { every, day: None, day_to: None, month: None, time: None, times: None, step: None, from: None, until: None }
    }
}

/// A stretch of days, both included; an open end has no `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub to: Option<Date>,
    /// The event that ends it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A due as `plan.yaml` holds it: flat, with only the keys of its shape.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Record {
    /// The repaired words.
    says: String,
    /// On which side of its date it lies.
    bound: Bound,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "hour")]
    #[schemars(with = "Option<String>")]
    time: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    from: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    to: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repeat: Option<Repeat>,
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
}

impl schemars::JsonSchema for Due {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Due".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Record::json_schema(generator)
    }
}

impl From<Due> for Record {
    fn from(due: Due) -> Self {
        let mut r = Self {
            says: due.says,
            bound: Bound::None,
            date: None,
            time: None,
            from: None,
            to: None,
            until: None,
            count: None,
            unit: None,
            of: None,
            repeat: None,
            condition: None,
        };
        match due.when {
            When::Day { bound, date, time } => (r.bound, r.date, r.time) = (bound, Some(date), time),
            When::During { from, to, time, until } => {
                (r.bound, r.from, r.to, r.time, r.until) = (Bound::During, Some(from), to, time, until)
            }
            When::After { count, unit, of, date } => (r.bound, r.count, r.unit, r.of, r.date) = (Bound::After, count, unit, Some(of), date),
            When::BeforeEvent { count, unit, of, date } => {
                (r.bound, r.count, r.unit, r.of, r.date) = (Bound::Before, count, unit, Some(of), date)
            }
            When::Repeat { bound, repeat } => (r.bound, r.repeat) = (bound, Some(repeat)),
            When::None { condition } => r.condition = condition,
        }
        r
    }
}

impl TryFrom<Record> for Due {
    type Error = String;

    fn try_from(r: Record) -> Result<Self, String> {
        let when = match (r.bound, r.repeat, r.date, r.of) {
            (bound, Some(repeat), None, None) => When::Repeat { bound, repeat },
            (Bound::After, None, date, Some(of)) => When::After { count: r.count, unit: r.unit, of, date },
            (Bound::Before, None, date, Some(of)) => When::BeforeEvent { count: r.count, unit: r.unit, of, date },
            (bound @ (Bound::Before | Bound::By | Bound::Exactly), None, Some(date), None) => When::Day { bound, date, time: r.time },
            (Bound::During, None, None, None) => When::During {
                from: r.from.ok_or("a due that lasts (`bound: during`) needs `from`")?,
                to: r.to,
                time: r.time,
                until: r.until,
            },
            (Bound::None, None, None, None) => When::None { condition: r.condition },
            (bound, ..) => return Err(format!("the keys of this due do not belong together (bound: {bound:?})")),
        };
        Ok(Self { says: r.says, when })
    }
}

mod hour {
    //! Times of day as `"15:00"`.
    use jiff::civil::Time;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "the shape serde asks for")]
    pub fn serialize<S: Serializer>(time: &Option<Time>, s: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(t) => s.serialize_str(&format!("{:02}:{:02}", t.hour(), t.minute())),
            None => s.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Time>, D::Error> {
        let Some(text) = Option::<String>::deserialize(d)? else { return Ok(None) };
        let parts = text.split_once(':').and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
        let time = parts.and_then(|(h, m)| Time::new(h, m, 0, 0).ok());
        time.map(Some).ok_or_else(|| D::Error::custom(format!("`{text}` is not a time of day such as \"15:00\"")))
    }
}

const WEEKDAYS: [(&str, jiff::civil::Weekday); 7] = {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    [("mon", Monday), ("tue", Tuesday), ("wed", Wednesday), ("thu", Thursday), ("fri", Friday), ("sat", Saturday), ("sun", Sunday)]
};

/// A number or a word, as YAML gives it.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
enum Scalar {
    Number(u8),
    Word(String),
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Week(day) => s.serialize_str(WEEKDAYS.iter().find(|(_, d)| d == day).map_or("", |(n, _)| n)),
            Self::Month(day) => s.serialize_u8(*day),
            Self::Last => s.serialize_str("last"),
        }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match Scalar::deserialize(d)? {
            Scalar::Number(n @ 1..=31) => Ok(Self::Month(n)),
            Scalar::Word(w) if w == "last" => Ok(Self::Last),
            Scalar::Word(w) if WEEKDAYS.iter().any(|(n, _)| *n == w) => {
                Ok(Self::Week(WEEKDAYS.iter().find(|(n, _)| *n == w).map_or(jiff::civil::Weekday::Monday, |(_, d)| *d)))
            }
            Scalar::Number(_) | Scalar::Word(_) => Err(serde::de::Error::custom("a day is mon … sun, 1 to 31, or last")),
        }
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(n) => s.serialize_u8(*n),
            Self::First => s.serialize_str("first"),
            Self::Last => s.serialize_str("last"),
        }
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match Scalar::deserialize(d)? {
            Scalar::Number(n @ 1..=12) => Ok(Self::Number(n)),
            Scalar::Word(w) if w == "first" => Ok(Self::First),
            Scalar::Word(w) if w == "last" => Ok(Self::Last),
            Scalar::Number(_) | Scalar::Word(_) => Err(serde::de::Error::custom("a month is 1 to 12, first or last")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(yaml: &str) {
        let due: Due = serde_yaml::from_str(yaml).expect(yaml);
        let again: Due = serde_yaml::from_str(&serde_yaml::to_string(&due).expect("writes")).expect("reads its own words");
        assert_eq!(due, again, "{yaml}");
    }

    #[test]
    fn every_shape_survives_writing() {
        for yaml in [
            "{says: trước ngày 25/4/2024, bound: before, date: 2024-04-25}",
            "{says: vào 8 giờ 00, bound: exactly, date: 2025-11-12, time: '08:00'}",
            "{says: từ … đến …, bound: during, from: 2024-04-24, to: 2024-05-31}",
            "{says: trong 05 ngày làm việc, bound: after, count: 5, unit: working-day, of: nhận văn bản}",
            "{says: trước khi họp, bound: before, of: họp}",
            "{says: thứ ba, bound: before, repeat: {every: week, day: tue, time: '15:00', until: 2024-05-31}}",
            "{says: cuối quý, bound: before, repeat: {every: quarter, day: 25, month: last}}",
            "{says: khi có yêu cầu, bound: none, if: có yêu cầu}",
        ] {
            there_and_back(yaml);
        }
    }

    #[test]
    fn a_due_of_two_shapes_is_refused() {
        for yaml in ["{says: x, bound: during, date: 2024-04-25}", "{says: x, bound: by}", "{says: x, bound: none, date: 2024-01-01}"] {
            assert!(serde_yaml::from_str::<Due>(yaml).is_err(), "{yaml}");
        }
    }
}
