//! Knows the administrative units, before and after July 2025: how a name says one, shortened or misread.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use jiff::civil::Date;
use serde::Deserialize;

use super::word::{Phrases, Word, plain, words};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};
use crate::text::letters;

const FILE: &str = "lexicon/units.yaml";
/// Words of the longest name of a place.
const MOST_WORDS: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    short: BTreeMap<String, Vec<String>>,
    examples: Vec<Example>,
    rejects: Vec<String>,
    units: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    text: String,
    gives: String,
}

/// The units of one level at one time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    level: String,
    /// They were there up to this day, which is not counted …
    #[serde(default)]
    until: Option<Date>,
    /// … or are there from this day on.
    #[serde(default)]
    since: Option<Date>,
    names: String,
}

/// The units of one level.
#[derive(Debug, Default)]
struct Level {
    /// Names in plain words.
    known: HashSet<String>,
    /// Names as they are written.
    names: Vec<String>,
}

/// The list of administrative units.
#[derive(Debug)]
pub struct Units {
    levels: HashMap<String, Level>,
    level_words: Phrases,
    short: HashMap<String, String>,
}

/// A unit that a name says.
struct Said {
    /// The words that say the level.
    level_at: Range<usize>,
    level: String,
    /// The words of the proper name.
    name_at: Range<usize>,
    shortened: bool,
}

impl Units {
    /// Reads `lexicon/units.yaml`.
    ///
    /// # Errors
    /// When the rule file can't be read, or lists units of no time.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        let mut levels: HashMap<String, Level> = HashMap::new();
        for listed in &rules.units {
            if listed.until.is_some() == listed.since.is_some() {
                return Err(book.fault(FILE, &format!("level: {}", listed.level), "units have either `until` or `since`"));
            }
            let level = levels.entry(plain(&listed.level)).or_default();
            for name in listed.names.split(", ").map(str::trim).filter(|n| !n.is_empty()) {
                if level.known.insert(key(name)) {
                    level.names.push(name.to_owned());
                }
            }
        }
        let names: Vec<String> = rules.units.iter().map(|l| l.level.clone()).collect();
        let short = rules.short.iter().flat_map(|(long, all)| all.iter().map(move |s| (s.clone(), long.clone()))).collect();
        Ok(Self { levels, level_words: Phrases::new(&names), short })
    }

    /// `name`, a body's, with the unit in it written out: "UBND P. Thọ Xương" is of the ward; a name that only one unit of the level can
    /// be, its marks aside, is that unit's.
    pub fn written<'n>(&self, name: &'n str) -> Cow<'n, str> {
        let words = words(name);
        let Some(said) = self.said(name, &words) else { return Cow::Borrowed(name) };
        let read = &name[said.name_at.clone()];
        let alike = if self.is_known(&said.level, read) { Vec::new() } else { self.alike(&said, read) };
        let proper = match alike.as_slice() {
            [] if self.is_known(&said.level, read) => read,
            [one] if !said.shortened => one,
            _ => return Cow::Borrowed(name),
        };
        let (level, rest) = (&name[..said.level_at.start], &name[said.name_at.end..]);
        let level_word = if said.shortened { said.level.as_str() } else { &name[said.level_at.clone()] };
        Cow::Owned(format!("{level}{level_word} {proper}{rest}"))
    }

    /// The unit in `name`, a body's, that is in no list, and those it may be: level and name as read, names as listed.
    pub fn doubtful(&self, name: &str) -> Option<(String, Vec<String>)> {
        let words = words(name);
        let said = self.said(name, &words).filter(|s| !s.shortened)?;
        let read = &name[said.name_at.clone()];
        if self.is_known(&said.level, read) {
            return None;
        }
        let alike: Vec<String> = self.alike(&said, read).into_iter().map(str::to_owned).collect();
        (!alike.is_empty()).then(|| (format!("{} {read}", said.level), alike))
    }

    fn is_known(&self, level: &str, name: &str) -> bool {
        self.levels.get(level).is_some_and(|l| l.known.contains(&key(name)))
    }

    /// The known names of the level that have the letters of `name`, marks aside.
    fn alike(&self, said: &Said, name: &str) -> Vec<&str> {
        let wanted = letters::fold(&key(name));
        let names = self.levels.get(&said.level).map_or(&[][..], |l| &l.names);
        names.iter().map(String::as_str).filter(|n| n.len() < 2 * wanted.len() + 8 && letters::fold(&key(n)) == wanted).collect()
    }

    /// The last unit that `name` says: a level and the capital words behind it, as many as make a known name, else all of them.
    fn said(&self, name: &str, words: &[Word]) -> Option<Said> {
        (0..words.len()).rev().find_map(|i| {
            let (level, count, shortened) = self.level(words, i)?;
            let first = i + count;
            let bound = |w: &Word| w.after.is_none() || w.after == Some('-');
            let run = (first..words.len().min(first + MOST_WORDS))
                .take_while(|&k| words[k].capital && (k == first || bound(&words[k - 1])))
                .count();
            let at = |n: usize| words[first].at.start..words[first + n - 1].at.end;
            let known = (1..=run).rev().find(|&n| self.is_known(&level, &name[at(n)]));
            let length = known.or((run > 1).then_some(run))?;
            (!shortened || known.is_some()).then(|| Said {
                level_at: words[i].at.start..words[i + count - 1].at.end,
                level,
                name_at: at(length),
                shortened,
            })
        })
    }

    /// The level that the words at `i` say, how many they are, and whether they are short for it.
    fn level(&self, words: &[Word], i: usize) -> Option<(String, usize, bool)> {
        if let Some(n) = self.level_words.at(words, i) {
            let level = words[i..i + n].iter().map(|w| w.plain.as_str()).collect::<Vec<_>>().join(" ");
            return Some((level, n, false));
        }
        let word = &words[i];
        let dotted = word.after == Some('.') || word.after.is_none() && word.plain.chars().count() > 1;
        let long = self.short.get(&word.plain).filter(|_| word.capital && dotted)?;
        Some((plain(long), 1, true))
    }
}

/// A name of a place in the form in which two are equal.
fn key(name: &str) -> String {
    words(name).iter().flat_map(|w| w.plain.split('-')).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Proof for Units {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let rules: Rules = book.load(FILE)?;
        let mut failures = Vec::new();
        for e in rules.examples.iter().filter(|e| self.written(&e.text) != e.gives) {
            failures.push(Failure::new(book, FILE, "examples", &e.text, format!("gives {:?}", self.written(&e.text))));
        }
        for text in rules.rejects.iter().filter(|t| self.written(t) != t.as_str()) {
            failures.push(Failure::new(book, FILE, "rejects", text, format!("gives {:?}", self.written(text))));
        }
        Ok(failures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_proves_itself() {
        let book = RuleBook::embedded();
        assert_eq!(Units::new(&book).expect("rules").prove(&book).expect("readable"), Vec::new());
    }

    #[test]
    fn units_of_both_times_are_known_and_others_doubted() {
        let units = Units::new(&RuleBook::embedded()).expect("rules");
        // A district of before, a special zone of after.
        assert!(units.is_known("huyện", "Lục Ngạn") && units.is_known("đặc khu", "Phú Quốc"));
        assert_eq!(units.doubtful("UBND tỉnh Bac Gjang"), None, "nothing in the list is near");
        assert_eq!(units.doubtful("UBND tỉnh Bac Giang"), Some(("tỉnh Bac Giang".to_owned(), vec!["Bắc Giang".to_owned()])));
        assert_eq!(units.doubtful("UBND tỉnh Bắc Giang"), None);
        assert_eq!(units.doubtful("Công an xã Tăng cường"), None);
    }
}
