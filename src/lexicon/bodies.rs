//! Knows how the name of a body or an office begins, runs on and ends, and when two names mean the same one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::Deserialize;

use super::units::Units;
use super::word::{Phrases, Word, floor, plain, plain_words, words};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};

const FILE: &str = "lexicon/bodies.yaml";

/// A name longer than this many words is a sentence that was misread.
const MOST_WORDS: usize = 34;
/// Names in one list.
const MOST_NAMES: usize = 24;
/// Bytes behind a colon in which a name that goes on there must end.
const NEAR: usize = 800;
/// Bytes that are looked at for one list.
const FARTHEST: usize = 2400;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    heads: Vec<String>,
    capital_heads: Vec<String>,
    never: Vec<String>,
    ends: Vec<String>,
    stops: Vec<String>,
    inside: Vec<String>,
    cites: Vec<String>,
    several: Vec<String>,
    chain: Vec<String>,
    levels: Vec<String>,
    no_level: Vec<String>,
    parts: Vec<String>,
    under: Vec<String>,
    fields: Vec<String>,
    light: Vec<String>,
    acts: Vec<String>,
    roles: Vec<String>,
    surnames: Vec<String>,
    examples: Vec<Example>,
    rejects: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    text: String,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Abbreviations {
    short: HashMap<String, String>,
}

/// One name in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its bytes.
    pub at: Range<usize>,
}

/// Names that stand in a list, and where the sentence goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The names, in order.
    pub names: Vec<Name>,
    /// First byte after the list, its brackets and its colon.
    pub end: usize,
    /// True when what follows says what they do, how or when, or a colon or nothing follows.
    pub acts: bool,
    /// True when what they do follows at once.
    pub does: bool,
}

/// The grammar of names.
#[derive(Debug)]
pub struct Bodies {
    pub(super) heads: Phrases,
    pub(super) capital_heads: Phrases,
    pub(super) never: Phrases,
    pub(super) ends: Phrases,
    pub(super) stops: Phrases,
    pub(super) inside: Phrases,
    pub(super) cites: Phrases,
    pub(super) several: Phrases,
    pub(super) acts: Phrases,
    pub(super) roles: Phrases,
    pub(super) chain: HashSet<String>,
    pub(super) levels: Phrases,
    pub(super) level_words: Vec<String>,
    pub(super) parts: Vec<String>,
    pub(super) under: Phrases,
    pub(super) fields: Phrases,
    /// The fields as they are written, by their plain words.
    pub(super) fields_written: HashMap<String, Vec<String>>,
    pub(super) light: HashSet<String>,
    pub(super) no_level: HashSet<String>,
    pub(super) surnames: HashSet<String>,
    pub(super) short: HashMap<String, String>,
    pub(super) units: Units,
}

impl Bodies {
    /// Reads `lexicon/bodies.yaml` and `lexicon/abbreviations.yaml`.
    ///
    /// # Errors
    /// When a rule file can't be read.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        let short: Abbreviations = book.load("lexicon/abbreviations.yaml")?;
        let set = |list: &[String]| list.iter().map(|w| plain(w)).collect();
        Ok(Self {
            heads: Phrases::new(&rules.heads),
            capital_heads: Phrases::new(&rules.capital_heads),
            never: Phrases::new(&rules.never),
            ends: Phrases::new(&rules.ends),
            stops: Phrases::new(&rules.stops),
            inside: Phrases::new(&rules.inside),
            cites: Phrases::new(&rules.cites),
            several: Phrases::new(&rules.several),
            acts: Phrases::new(&rules.acts),
            roles: Phrases::new(&rules.roles),
            chain: set(&rules.chain),
            levels: Phrases::new(&rules.levels),
            level_words: rules.levels.iter().map(|w| plain(w)).collect(),
            parts: rules.parts.iter().map(|w| plain(w)).collect(),
            under: Phrases::new(&rules.under),
            fields: Phrases::new(&rules.fields),
            fields_written: rules
                .fields
                .iter()
                .map(|f| (plain_words(f), words(f).iter().map(|w| f[w.at.clone()].to_owned()).collect()))
                .collect(),
            light: set(&rules.light),
            no_level: set(&rules.no_level),
            surnames: set(&rules.surnames),
            short: short.short.iter().map(|(k, v)| (k.to_lowercase(), v.clone())).collect(),
            units: Units::new(book)?,
        })
    }

    /// The list of names that begins at byte `from` of `text` (which has no line ends).
    pub fn list(&self, text: &str, from: usize) -> Option<Names> {
        let rest = text.get(from..)?;
        let words = words(&rest[..floor(rest, FARTHEST)]);
        let (mut names, mut i) = (Vec::new(), 0);
        self.head(&words, 0)?;
        let mut acts = false;
        while names.len() < MOST_NAMES && (self.head(&words, i).is_some() || !names.is_empty()) {
            let last = self.name_end(&words, i);
            names.push(Name { at: from + words[i].at.start..from + words[last].at.end });
            i = last + 1;
            let mut after = words[last].after;
            if words[last].opens {
                i = skip_bracket(text, from, &words, i);
                after = i.checked_sub(1).and_then(|k| words.get(k)).and_then(|w| w.after).filter(|c| *c != '(' && *c != ')');
            }
            if matches!(after, Some('-' | '–' | '—')) && self.head(&words, i).is_some() {
                // "… - Phó Chủ tịch Ủy ban": the post of the one just named.
                let post = self.name_end(&words, i);
                after = words[post].after;
                i = post + 1;
            }
            match after {
                None | Some(',' | ';') => {}
                _ => {
                    acts = true;
                    break;
                }
            }
            let joined = words.get(i).is_some_and(|w| w.plain == "và" || w.plain == "cùng");
            let next = if joined { i + 1 } else { i };
            if (joined || after.is_some()) && self.next_head(&words, next).is_some() {
                i = next;
            } else {
                break;
            }
        }
        let does = i < words.len() && self.verb(&words, i);
        acts |= does || i >= words.len() || self.stops.at(&words, i).is_some();
        let end = words.get(i).map_or(text.len(), |w| from + w.at.start);
        Some(Names { names, end, acts, does })
    }

    /// True when a name can begin at byte `from` of `text`.
    pub fn begins(&self, text: &str, from: usize) -> bool {
        text.get(from..).is_some_and(|t| self.head(&words(&t[..floor(t, 160)]), 0).is_some())
    }

    /// True when the words at byte `from` say what somebody does.
    pub fn verb_at(&self, text: &str, from: usize) -> bool {
        let Some(rest) = text.get(from..) else { return false };
        let words = words(&rest[..floor(rest, 160)]);
        self.verb(&words, 0)
    }

    /// True when any word of `text` says what somebody does.
    pub fn any_verb(&self, text: &str) -> bool {
        let words = words(&text[..floor(text, 400)]);
        (0..words.len()).any(|i| self.verb(&words, i))
    }

    pub(super) fn verb(&self, words: &[Word], at: usize) -> bool {
        self.ends.at(words, at).is_some() && self.inside.at(words, at).is_none()
    }

    /// A name ends before the word at `at`.
    pub(super) fn stops(&self, words: &[Word], at: usize) -> bool {
        self.ends.at(words, at).is_some() || self.stops.at(words, at).is_some()
    }

    pub(super) fn head(&self, words: &[Word], at: usize) -> Option<usize> {
        let any = self.heads.at(words, at);
        let capital = words.get(at).filter(|w| w.capital).and_then(|_| self.capital_heads.at(words, at));
        let head = any.max(capital)?;
        self.never.at(words, at).is_none_or(|n| n < head).then_some(head)
    }

    /// In a list a name may begin small before its capital: "Tổ chuyên môn, tổ Văn phòng".
    fn next_head(&self, words: &[Word], at: usize) -> Option<usize> {
        self.head(words, at).or_else(|| {
            let named = words.get(at).is_some_and(|w| w.after.is_none()) && words.get(at + 1).is_some_and(|w| w.capital);
            self.capital_heads.at(words, at).filter(|n| *n == 1 && named && self.never.at(words, at).is_none())
        })
    }

    /// "Công an xã Tăng cường": a verb that opens with a capital and goes on small, of those that no name holds.
    fn acts(&self, words: &[Word], at: usize) -> bool {
        let small = |n: usize| words.get(at + 1..at + n).is_some_and(|w| w.iter().all(|w| !w.capital));
        words[at].capital && self.acts.at(words, at).is_some_and(|n| n > 1 && small(n))
    }

    /// Index of the last word of the name whose head stands at `start`.
    pub(super) fn name_end(&self, words: &[Word], start: usize) -> usize {
        let mut i = start + self.next_head(words, start).unwrap_or(1) - 1;
        while i + 1 < words.len() && i - start < MOST_WORDS {
            let (here, next) = (&words[i], i + 1);
            if here.opens || self.cites.at(words, next).is_some() {
                break;
            }
            // "công lập", "đào tạo": what would end the name is half of a word that belongs to it.
            if let Some(more) = self.inside.at(words, i).filter(|n| *n > 1 && i > start) {
                i += more - 1;
                continue;
            }
            // "Văn phòng Đăng ký đất đai": a verb that a capital makes a part of the name is one word.
            if let Some(more) = self.ends.at(words, i).filter(|n| *n > 1 && i > start && here.capital && here.after.is_none()) {
                i += more - 1;
                continue;
            }
            match here.after {
                None => {}
                Some(':') if self.several_of(words, start, i) => {
                    i = self.last_of_several(words, next);
                    break;
                }
                Some(',') if self.carries_on(words, start, next) => {}
                Some('-' | '–' | '—') if words[next].capital && self.roles.at(words, next).is_none() => {}
                Some(_) => break,
            }
            if let Some(more) = self.inside.at(words, next) {
                i += more;
                continue;
            }
            if words[next].plain == "và" || words[next].plain == "hoặc" {
                let cited = self.cites.at(words, next + 1).is_some();
                if next + 1 >= words.len() || words[next].after.is_some() || cited || self.starts_another(words, next + 1) {
                    break;
                }
                i = next + 1;
                continue;
            }
            if !words[next].capital && self.stops(words, next) || self.acts(words, next) || counts(words, next) {
                break;
            }
            i = next;
        }
        i
    }

    /// "Giám đốc các Sở: Nội vụ, Tài chính": fields or places follow the colon, each with a capital and none with a verb.
    fn several_of(&self, words: &[Word], start: usize, colon: usize) -> bool {
        let many = (start..=colon).any(|k| self.several.at(words, k).is_some_and(|n| k + n == colon + 1));
        many && words.get(colon + 1).is_some_and(|w| w.capital) && !self.stops(words, colon + 1) && self.head(words, colon + 1).is_none()
    }

    /// True when a name goes on behind the colon at byte `colon` of `text`, and the sentence behind the name: "các Sở: Nội vụ, Tài chính".
    pub fn goes_on(&self, text: &str, colon: usize) -> bool {
        let Some(start) = (0..colon).rev().take(60).rfind(|i| text.is_char_boundary(*i)) else { return false };
        let words = words(&text[start..floor(text, colon + NEAR)]);
        let Some(last) = words.iter().position(|w| start + w.at.end == colon) else { return false };
        self.several_of(&words, 0, last) && self.last_of_several(&words, last + 1) + 1 < words.len()
    }

    /// The last word of the fields or places that begin at `first`.
    fn last_of_several(&self, words: &[Word], first: usize) -> usize {
        let mut i = first;
        while i + 1 < words.len() && i - first < MOST_WORDS {
            let next = i + 1;
            let list = matches!(words[i].after, None | Some(',' | ';' | '-' | '–')) && !words[i].opens;
            let body = self.head(words, next).is_some() && words[i].after.is_some();
            let joins = words[next].plain == "và" && words.get(next + 1).is_some_and(|w| w.capital) && self.head(words, next + 1).is_none();
            let within = words[next].capital || self.inside.at(words, i).is_some_and(|n| n > 1);
            // The small syllables of a field: "Giáo dục", "Nông nghiệp".
            let opens = i == first || words[i - 1].after.is_some() || !words[i - 1].capital;
            let small = opens && words[i].capital && words[i].after.is_none() && !words[next].capital && !self.stops(words, next);
            if !list || body || !(joins || within || small) {
                break;
            }
            i = next;
        }
        i
    }

    /// After "và": another body, or a verb, rather than the rest of this name.
    fn starts_another(&self, words: &[Word], at: usize) -> bool {
        let verb = !words[at].capital && self.stops(words, at) && self.inside.at(words, at).is_none();
        verb || (self.head(words, at).is_some() && (words[at].capital || !self.chain.contains(&words[at].plain)))
    }

    /// After a comma: still the same name ("Các sở, ban, ngành", "Văn hóa, Thể thao và Du lịch").
    fn carries_on(&self, words: &[Word], start: usize, at: usize) -> bool {
        let word = &words[at];
        if !word.capital {
            let two = words.get(at + 1).map(|w| format!("{} {}", word.plain, w.plain));
            let pair = two.is_some_and(|t| self.chain.contains(&t));
            let named = self.head(words, at).is_none() && self.next_head(words, at).is_some();
            let known = (self.chain.contains(&word.plain) || pair) && !named;
            let plural = words[start].plain == "các" || words[start].plain == "những";
            return known && (self.head(words, at).is_none() || self.chain.contains(&word.plain) || pair && plural);
        }
        if self.head(words, at).is_some() {
            return false;
        }
        // "Sở Văn hóa, Thể thao và Du lịch": a capital that is no verb is one more field of work.
        start < at && !self.stops(words, at)
    }
}

/// "3 ngày/lần", "02 lần": how often, no part of a name.
fn counts(words: &[Word], at: usize) -> bool {
    let unit = |w: &Word| {
        ["ngày", "tuần", "tháng", "lần", "giờ"].iter().any(|u| w.plain == *u || w.plain.strip_prefix(u).is_some_and(|r| r.starts_with('/')))
    };
    words[at].plain.starts_with(|c: char| c.is_ascii_digit()) && words.get(at + 1).is_some_and(unit)
}

fn skip_bracket(text: &str, from: usize, words: &[Word], at: usize) -> usize {
    let open = words[at - 1].at.end;
    let mut depth = 0usize;
    for (k, c) in text[from + open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth <= 1 => {
                let close = open + k;
                return words.iter().position(|w| w.at.start > close).unwrap_or(words.len());
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    words.len()
}

impl Proof for Bodies {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let rules: Rules = book.load(FILE)?;
        let names =
            |text: &str| self.list(text, 0).map_or_else(Vec::new, |l| l.names.iter().map(|n| text[n.at.clone()].to_owned()).collect());
        let mut failures = Vec::new();
        for e in rules.examples.iter().filter(|e| names(&e.text) != e.names) {
            failures.push(Failure::new(book, FILE, "examples", &e.text, format!("names {:?}", names(&e.text))));
        }
        for text in rules.rejects.iter().filter(|t| !names(t).is_empty()) {
            failures.push(Failure::new(book, FILE, "rejects", text, format!("names {:?}", names(text))));
        }
        failures.extend(self.units.prove(book)?);
        Ok(failures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies() -> Bodies {
        Bodies::new(&RuleBook::embedded()).expect("our own rules are right")
    }

    #[test]
    fn every_rule_keeps_its_examples() {
        let book = RuleBook::embedded();
        assert_eq!(bodies().prove(&book).expect("readable"), Vec::new());
    }

    #[test]
    fn a_list_ends_before_what_they_do() {
        let bodies = bodies();
        let text = "Trạm Y tế xã, các thôn báo cáo kết quả";
        let list = bodies.list(text, 0).expect("a list");
        assert!(list.acts);
        assert_eq!(&text[list.end..], "báo cáo kết quả");
    }
}
