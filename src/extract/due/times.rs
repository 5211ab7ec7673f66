//! How times are spelled (`rules/extract/times.yaml`): dates, months, quarters, hours and lengths found in a text, each put in as one
//! byte, so that a rule sees `trước ngày` and a date.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::{Date, Time, Weekday};
use serde::Deserialize;

use crate::calendar::{Day, Every, Unit};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::pattern::{FIRST_TOKEN, Hole, LAST_TOKEN, Match, Pattern, Spelled, is_word, reads_as};

/// The rule file.
pub(super) const FILE: &str = "extract/times.yaml";

/// What a hole holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Held {
    Stretch(Stretch),
    Time(Time),
    /// "24 giờ": an hour of the day or a length.
    Hours(u8),
    Length(u32, Unit),
    Weekday(Weekday),
    Every(Every),
    Number(u32),
    Words(String),
}

/// A day, a month, a quarter, half a year, a year, or some years; the year may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub year: Option<i16>,
    pub part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Day { month: i8, day: i8 },
    Month(i8),
    Quarter(i8),
    Half(i8),
    Year,
    Until(i16),
}

impl Stretch {
    /// First and last day in `year`, or in its own.
    pub fn days(self, year: i16) -> Option<(Date, Date)> {
        let year = self.year.unwrap_or(year);
        let months = |first: i8, last: i8| Some((Date::new(year, first, 1).ok()?, Date::new(year, last, 1).ok()?.last_of_month()));
        match self.part {
            Part::Day { month, day } => Date::new(year, month, day).ok().map(|d| (d, d)),
            Part::Month(m) => months(m, m),
            Part::Quarter(q) => months(q * 3 - 2, q * 3),
            Part::Half(h) => months(h * 6 - 5, h * 6),
            Part::Year => months(1, 12),
            Part::Until(last) => Some((Date::new(year, 1, 1).ok()?, Date::new(last, 12, 31).ok()?)),
        }
    }
}

impl Stretch {
    /// The day before its first.
    pub fn eve(self, year: i16) -> Option<Date> {
        self.days(year)?.0.yesterday().ok()
    }

    /// Its first day, or its middle: the 15th of a month, 30 June of a year (Civil Code 2015, article 146).
    pub fn point(self, middle: bool) -> Option<Self> {
        let (month, day) = match (self.part, middle) {
            (Part::Month(m), false) => (m, 1),
            (Part::Month(m), true) => (m, 15),
            (Part::Quarter(q), false) => (q * 3 - 2, 1),
            (Part::Quarter(q), true) => (q * 3 - 1, 15),
            (Part::Year, false) => (1, 1),
            (Part::Year, true) => (6, 30),
            _ => return None,
        };
        Some(Self { year: self.year, part: Part::Day { month, day } })
    }
}

impl From<Date> for Held {
    fn from(date: Date) -> Self {
        Self::Stretch(Stretch { year: Some(date.year()), part: Part::Day { month: date.month(), day: date.day() } })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimesFile {
    /// Fields that are words: the name of the field, each value, and how it is spelled.
    words: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Words after which a number and a unit are no length: `ngày 05 tháng đầu quý`.
    no_length_after: Vec<String>,
    /// Words at which the words of an event end.
    event_ends: Vec<String>,
    /// Events that are the signing of the plan itself.
    issue_events: Vec<String>,
    holes: BTreeMap<Kinds, Vec<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Kinds {
    Date,
    Month,
    Quarter,
    Half,
    Year,
    Years,
    Time,
    Length,
    Weekday,
    Every,
    Each,
}

/// The bytes that stand for what was found; `{time}` and `{length}` share the hours.
const DATE: u8 = FIRST_TOKEN;
const MONTH: u8 = FIRST_TOKEN + 1;
const QUARTER: u8 = FIRST_TOKEN + 2;
const HALF: u8 = FIRST_TOKEN + 3;
const YEAR: u8 = FIRST_TOKEN + 4;
const YEARS: u8 = FIRST_TOKEN + 5;
const TIME: u8 = FIRST_TOKEN + 6;
const HOURS: u8 = FIRST_TOKEN + 7;
const LENGTH: u8 = FIRST_TOKEN + 8;
const WEEKDAY: u8 = FIRST_TOKEN + 9;
const EVERY: u8 = FIRST_TOKEN + 10;
/// "mỗi năm": often a rate and no duty's time.
const EACH: u8 = FIRST_TOKEN + 12;
/// A day and a month without their year.
const SHORT: u8 = FIRST_TOKEN + 11;

/// The holes made of those bytes.
const HOLES: [(&str, &[u8]); 17] = [
    ("term", &[MONTH, QUARTER, HALF]),
    ("date", &[DATE, SHORT]),
    ("short", &[SHORT]),
    ("full", &[DATE]),
    ("month", &[MONTH]),
    ("quarter", &[QUARTER]),
    ("half", &[HALF]),
    ("year", &[YEAR]),
    ("years", &[YEARS]),
    ("when", &[DATE, SHORT, MONTH, QUARTER, HALF, YEAR]),
    ("season", &[MONTH, QUARTER, HALF, YEAR]),
    ("time", &[TIME, HOURS]),
    ("hours", &[HOURS]),
    ("length", &[LENGTH, HOURS]),
    ("weekday", &[WEEKDAY]),
    ("every", &[EVERY, EACH]),
    ("always", &[EVERY]),
];

/// Words of one field and what each stands for, spelled.
#[derive(Debug, Default)]
struct Field {
    hole: Hole,
    words: Vec<(Pattern, String)>,
}

impl Field {
    fn new(words: &BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        let hole = Hole::any_of(words.values().flatten().map(String::as_str))?;
        let mut all = Vec::new();
        for (key, phrases) in words {
            for phrase in phrases {
                all.push((Pattern::new(&format!("^({phrase})$"), &|_| None)?, key.clone()));
            }
        }
        Ok(Self { hole, words: all })
    }

    fn read(&self, words: &Spelled) -> Option<&str> {
        self.words.iter().find(|(p, _)| !p.find_all(words).is_empty()).map(|(_, k)| k.as_str())
    }
}

/// The spellings of times, compiled.
#[derive(Debug)]
pub(super) struct Times {
    shapes: Vec<(Kinds, Pattern)>,
    fields: BTreeMap<String, Field>,
    no_length_after: Vec<Spelled>,
    event_ends: Vec<Pattern>,
    issue_events: Vec<Pattern>,
}

/// A text with its times put in as bytes.
#[derive(Debug)]
pub(in crate::extract) struct Timed {
    pub spelled: Spelled,
    /// What each byte put in stands for, by its place in `spelled`; and whether marks were lost in it.
    held: Vec<(usize, Held, bool)>,
}

impl Timed {
    /// What stands at byte `at` of the spelling, and whether marks were lost in it.
    pub(super) fn held(&self, at: usize) -> Option<(&Held, bool)> {
        let i = self.held.binary_search_by_key(&at, |h| h.0).ok()?;
        Some((&self.held[i].1, self.held[i].2))
    }

    /// How many times stand in `range` of the spelling.
    pub(super) fn count(&self, range: &Range<usize>) -> usize {
        let from = self.held.partition_point(|h| h.0 < range.start);
        self.held[from..].partition_point(|h| h.0 < range.end)
    }

    /// Every time with its bytes in the text, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (Range<usize>, &Held)> {
        self.held.iter().map(|(i, held, _)| (self.spelled.origin(*i..*i + 1), held))
    }

    /// The time that begins at byte `at` of the text.
    pub(super) fn held_from(&self, at: usize) -> Option<&Held> {
        self.held.iter().find(|(i, ..)| self.spelled.origin(*i..*i + 1).start == at).map(|(_, held, _)| held)
    }
}

impl Times {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let file: TimesFile = book.load(FILE)?;
        Self::compile(&file).map_err(|reason| book.fault(FILE, reason.split('`').nth(1).unwrap_or_default(), &reason))
    }

    fn compile(file: &TimesFile) -> Result<Self, String> {
        let fields: Result<BTreeMap<String, Field>, String> =
            file.words.iter().map(|(name, words)| Ok((name.clone(), Field::new(words)?))).collect();
        let fields = fields?;
        if let Some(lacking) =
            ["q", "roman", "half", "unit", "weekday", "every", "each", "number"].iter().find(|n| !fields.contains_key(**n))
        {
            return Err(format!("the words of `{lacking}` are missing"));
        }
        let known = |name: &str, key: &str| match name {
            "weekday" => matches!(from_word::<Day>(key), Some(Day::Week(_))),
            "unit" => from_word::<Unit>(key).is_some(),
            "every" | "each" | "per" => from_word::<Every>(key).is_some(),
            "number" | "q" | "roman" | "half" => key.parse::<u32>().is_ok(),
            _ => true,
        };
        for (name, words) in &file.words {
            if let Some(odd) = words.keys().find(|key| !known(name, key)) {
                return Err(format!("`{odd}` is no {name}"));
            }
        }
        let mut shapes = Vec::new();
        for (kind, spellings) in &file.holes {
            for spelling in spellings {
                shapes.push((*kind, Pattern::new(spelling, &|name| field_hole(name, &fields))?));
            }
        }
        let no_length_after = file.no_length_after.iter().map(|w| Spelled::new(&format!("{w} "))).collect();
        let patterns = |all: &[String]| all.iter().map(|p| Pattern::new(p, &|_| None)).collect::<Result<Vec<_>, String>>();
        let (event_ends, issue_events) = (patterns(&file.event_ends)?, patterns(&file.issue_events)?);
        Ok(Self { shapes, fields, no_length_after, event_ends, issue_events })
    }

    /// The hole `name` as the rules of dues know it.
    pub fn hole(&self, name: &str) -> Option<Hole> {
        let of = |regex: &str| Some(Hole { regex: regex.to_owned(), ..Hole::default() });
        if let Some(hole) = time_hole(name) {
            return Some(hole);
        }
        match name {
            // A year alone: the whole of a cell.
            "yyyy" => of("(?:19|20)[0-9][0-9]"),
            "day" => of("(?:3[01]|[12][0-9]|0?[1-9])"),
            "number" => {
                let words = &self.fields.get("number")?.hole;
                Some(Hole { regex: format!("[0-9]{{1,4}}|{}", words.regex), words: words.words.clone(), one_of: Vec::new() })
            }
            "code" => of("[^ |,;()]*/[^ |,;()]*[a-z\\xc8][^ |,;()]*"),
            // An event does not begin with a number: what follows "trước ngày 18" is no event.
            "event" => {
                let word = format!("[^ |;,.:()\\x{FIRST_TOKEN:02x}-\\x{LAST_TOKEN:02x}]");
                of(&format!("[^ |;,.:()0-9\\x{FIRST_TOKEN:02x}-\\x{LAST_TOKEN:02x}]{word}*(?: {word}+){{0,11}}"))
            }
            _ => self.fields.get(name).map(|f| f.hole.clone()),
        }
    }

    /// The names of all holes, for messages.
    pub fn hole_names(&self) -> impl Iterator<Item = &str> {
        HOLES.iter().map(|(n, _)| *n).chain(["yyyy", "day", "number", "code", "event"]).chain(self.fields.keys().map(String::as_str))
    }

    /// The value that `bytes` stand for in the hole `name`, where its words have values.
    pub fn word(&self, name: &str, bytes: &[u8]) -> Option<&str> {
        self.fields.get(name)?.read(&Spelled::of(bytes))
    }

    /// `text` with its times put in.
    pub fn put(&self, text: &str) -> Timed {
        let plain = Spelled::new(text);
        let mut found: Vec<(Range<usize>, u8, Held, bool)> = Vec::new();
        for (kind, pattern) in &self.shapes {
            for m in pattern.find_all(&plain).into_iter().filter(|m| stands_alone(plain.bytes(), &m.range)) {
                let before = &plain.bytes()[..m.range.start];
                if *kind == Kinds::Length && (self.is_a_day_before(before) || is_fraction(before)) {
                    continue;
                }
                found.extend(self.read(*kind, &m, &plain).map(|(byte, held)| (m.range.clone(), byte, held, m.stripped)));
            }
        }
        found.sort_by_key(|(r, ..)| (r.start, std::cmp::Reverse(r.end)));
        let mut end = 0;
        found.retain(|(r, ..)| {
            let keep = r.start >= end;
            end = if keep { r.end } else { end };
            keep
        });
        let mut shift = 0;
        let mut held = Vec::with_capacity(found.len());
        let mut tokens = Vec::with_capacity(found.len());
        for (range, byte, what, stripped) in found {
            held.push((range.start - shift, what, stripped));
            shift += range.len() - 1;
            tokens.push((range, byte));
        }
        Timed { spelled: plain.put(&tokens), held }
    }

    fn is_a_day_before(&self, before: &[u8]) -> bool {
        self.no_length_after.iter().map(Spelled::bytes).any(|w| before.len() >= w.len() && reads_as(&before[before.len() - w.len()..], w))
    }

    fn read(&self, kind: Kinds, m: &Match, text: &Spelled) -> Option<(u8, Held)> {
        let bytes = |name: &str| m.hole(name).map(|r| &text.bytes()[r]);
        let number = |name: &str| bytes(name).and_then(|b| std::str::from_utf8(b).ok()?.parse::<i16>().ok());
        let small = |name: &str| number(name).and_then(|n| i8::try_from(n).ok());
        let word = |name: &str| self.fields.get(name)?.read(&Spelled::of(bytes(name)?));
        let year = number("y").or_else(|| number("yy").map(|y| 2000 + y));
        let stretch = |token: u8, part: Part| {
            let held = Stretch { year, part };
            held.days(held.year.unwrap_or(2024)).map(|_| (token, Held::Stretch(held)))
        };
        match kind {
            Kinds::Date => stretch(if year.is_some() { DATE } else { SHORT }, Part::Day { month: small("m")?, day: small("d")? }),
            Kinds::Month => stretch(MONTH, Part::Month(small("m")?)),
            Kinds::Quarter => stretch(QUARTER, Part::Quarter(word("q").or_else(|| word("roman"))?.parse().ok()?)),
            Kinds::Half => stretch(HALF, Part::Half(word("half")?.parse().ok()?)),
            Kinds::Year => stretch(YEAR, Part::Year),
            Kinds::Years => number("y2").filter(|last| Some(*last) > number("y")).and_then(|last| stretch(YEARS, Part::Until(last))),
            Kinds::Time => match (small("h")?, small("min")) {
                (hour, Some(minute)) => Some((TIME, Held::Time(Time::new(hour, minute, 0, 0).ok()?))),
                (hour, None) => Some((HOURS, Held::Hours(u8::try_from(hour).ok()?))),
            },
            Kinds::Length => {
                let count = number("n2").or_else(|| number("n")).and_then(|n| u32::try_from(n).ok());
                Some((LENGTH, Held::Length(count.or_else(|| self.number(bytes("n")?))?, from_word(word("unit")?)?)))
            }
            Kinds::Weekday => match from_word(word("weekday")?)? {
                Day::Week(day) => Some((WEEKDAY, Held::Weekday(day))),
                Day::Month(_) | Day::Last => None,
            },
            Kinds::Every => Some((EVERY, Held::Every(from_word(word("every")?)?))),
            Kinds::Each => Some((EACH, Held::Every(from_word(word("each")?)?))),
        }
    }

    /// How many of `bytes`, the words of an event and what follows it, belong to the event.
    pub fn event_length(&self, bytes: &[u8]) -> usize {
        let words = Spelled::of(bytes);
        // "thi" is no "thì" that lost its mark.
        let all = self.event_ends.iter().flat_map(|p| p.find_all(&words)).filter(|m| !m.stripped);
        let ends = all.map(|m| m.range.start).filter(|at| *at > 0).min();
        ends.map_or(bytes.len(), |end| bytes[..end].trim_ascii_end().len())
    }

    /// True when the event is the signing of the plan itself: "kể từ ngày ban hành Kế hoạch này".
    pub fn is_issue(&self, event: &str) -> bool {
        let words = Spelled::new(event);
        self.issue_events.iter().any(|p| !p.find_all(&words).is_empty())
    }

    /// The number that `bytes` spell, in figures or in words.
    pub fn number(&self, bytes: &[u8]) -> Option<u32> {
        let figures = std::str::from_utf8(bytes).ok().and_then(|t| t.parse().ok());
        figures.or_else(|| self.fields.get("number")?.read(&Spelled::of(bytes))?.parse().ok())
    }
}

/// The hole `name` where it is one of the times that are put in as bytes.
pub(in crate::extract) fn time_hole(name: &str) -> Option<Hole> {
    let (_, bytes) = HOLES.iter().find(|(n, _)| *n == name)?;
    let class: String = bytes.iter().map(|b| format!("\\x{b:02x}")).collect();
    Some(Hole { regex: format!("[{class}]"), words: Vec::new(), one_of: bytes.to_vec() })
}

fn field_hole(name: &str, fields: &BTreeMap<String, Field>) -> Option<Hole> {
    let regex = match name {
        "d" => "3[01]|[12][0-9]|0?[1-9]",
        "m" => "1[0-2]|0?[1-9]",
        "y" => "(?:19|20)[0-9][0-9]",
        "yy" => "[1-4][0-9]",
        "h" => "2[0-4]|[01]?[0-9]",
        "min" => "[0-5][0-9]",
        "n" => {
            let words = &fields.get("number")?.hole;
            return Some(Hole { regex: format!("[0-9]{{1,4}}|{}", words.regex), words: words.words.clone(), one_of: Vec::new() });
        }
        _ => return fields.get(name).map(|f| f.hole.clone()),
    };
    Some(Hole { regex: regex.to_owned(), ..Hole::default() })
}

fn from_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_yaml::from_str(word).ok()
}

/// "3,5 ngày" is no five days.
fn is_fraction(before: &[u8]) -> bool {
    matches!(before, [.., figure, b',' | b'.'] if figure.is_ascii_digit())
}

/// A time is no part of a code or of a longer number: `25/4/2024` is, `12/2025/NĐ-CP` is not.
fn stands_alone(bytes: &[u8], range: &Range<usize>) -> bool {
    let at = |i: usize| bytes.get(i).copied().unwrap_or(b' ');
    let before = |back: usize| range.start.checked_sub(back).map_or(b' ', at);
    let left = match before(1) {
        b'/' => before(2).is_ascii_digit() || is_word(before(2)),
        b'.' => before(2).is_ascii_digit() && bytes[range.start].is_ascii_digit(),
        _ => false,
    };
    let right = match at(range.end) {
        _ if !bytes[range.end - 1].is_ascii_digit() => false,
        b'/' => is_word(at(range.end + 1)),
        b'-' => is_word(at(range.end + 1)) && !at(range.end + 1).is_ascii_digit(),
        b'.' | b',' => at(range.end + 1).is_ascii_digit(),
        _ => false,
    };
    !left && !right
}
