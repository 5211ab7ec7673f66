//! Knows how the name of a body or an office begins, runs on and ends, and when two names mean the same one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::Deserialize;

use super::word::{Phrases, Word, floor, plain, plain_words, words};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};

const FILE: &str = "lexicon/bodies.yaml";

/// A name longer than this many words is a sentence that was misread.
const MOST_WORDS: usize = 34;
/// Names in one list.
const MOST_NAMES: usize = 24;
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
    parts: Vec<String>,
    under: Vec<String>,
    fields: Vec<String>,
    light: Vec<String>,
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
    heads: Phrases,
    capital_heads: Phrases,
    never: Phrases,
    ends: Phrases,
    stops: Phrases,
    inside: Phrases,
    cites: Phrases,
    several: Phrases,
    roles: Phrases,
    chain: HashSet<String>,
    levels: Phrases,
    level_words: Vec<String>,
    parts: Vec<String>,
    under: Phrases,
    fields: Phrases,
    /// The fields as they are written, by their plain words.
    fields_written: HashMap<String, Vec<String>>,
    light: HashSet<String>,
    surnames: HashSet<String>,
    short: HashMap<String, String>,
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
            surnames: set(&rules.surnames),
            short: short.short.iter().map(|(k, v)| (k.to_lowercase(), v.clone())).collect(),
        })
    }

    /// The list of names that begins at byte `from` of `text` (which has no line ends).
    pub fn list(&self, text: &str, from: usize) -> Option<Names> {
        let rest = text.get(from..)?;
        let words = words(&rest[..floor(rest, FARTHEST)]);
        let (mut names, mut i) = (Vec::new(), 0);
        self.head(&words, 0)?;
        let mut acts = false;
        while names.len() < MOST_NAMES && self.head(&words, i).is_some() {
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
            if (joined || after.is_some()) && self.head(&words, next).is_some() {
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

    fn verb(&self, words: &[Word], at: usize) -> bool {
        self.ends.at(words, at).is_some() && self.inside.at(words, at).is_none()
    }

    /// A name ends before the word at `at`.
    fn stops(&self, words: &[Word], at: usize) -> bool {
        self.ends.at(words, at).is_some() || self.stops.at(words, at).is_some()
    }

    fn head(&self, words: &[Word], at: usize) -> Option<usize> {
        let any = self.heads.at(words, at);
        let capital = words.get(at).filter(|w| w.capital).and_then(|_| self.capital_heads.at(words, at));
        let head = any.max(capital)?;
        self.never.at(words, at).is_none_or(|n| n < head).then_some(head)
    }

    /// Index of the last word of the name whose head stands at `start`.
    fn name_end(&self, words: &[Word], start: usize) -> usize {
        let mut i = start + self.head(words, start).unwrap_or(1) - 1;
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
            if !words[next].capital && self.stops(words, next) {
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
            let small = words[i].capital && words[i].after.is_none() && !words[next].capital && !self.stops(words, next);
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
            let known = self.chain.contains(&word.plain) || two.is_some_and(|t| self.chain.contains(&t));
            return known && (self.head(words, at).is_none() || self.chain.contains(&word.plain));
        }
        if self.head(words, at).is_some() {
            return false;
        }
        // "Sở Văn hóa, Thể thao và Du lịch": a capital that is no verb is one more field of work.
        start < at && !self.stops(words, at)
    }

    /// The name in the form in which two names of one body are equal: lower case, abbreviations written out, without the words
    /// that say nothing, without the person who holds the office, and without the plan's own level and place (`home`).
    pub fn key(&self, name: &str, home: &[String]) -> String {
        let without_person = self.without_person(name);
        let mut key: Vec<String> = Vec::new();
        for word in without_person.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '“' | '”' | '"' | '*'))
        {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if word.is_empty() {
                continue;
            }
            match self.short.get(&word.to_lowercase()) {
                Some(long) => key.extend(long.split(' ').map(plain)),
                None => key.extend(word.split(['-', '–', '—', '/', '&']).filter(|w| !w.is_empty()).flat_map(|w| {
                    match self.short.get(&w.to_lowercase()) {
                        Some(long) => long.split(' ').map(plain).collect(),
                        None => vec![plain(w)],
                    }
                })),
            }
        }
        key.retain(|w| !self.light.contains(w));
        self.strip_home(&mut key, home);
        key.join(" ")
    }

    /// An office with its holder's name ("… LĐTBXH Nguyễn Thị Hoa") without the holder.
    fn without_person<'a>(&self, name: &'a str) -> &'a str {
        let words = words(name);
        let person = (1..words.len()).rev().take(5).find(|&i| {
            self.surnames.contains(&words[i].plain)
                && words[i].capital
                && (2..=5).contains(&(words.len() - i))
                && words[i..].iter().all(|w| w.capital && w.plain.len() < name[w.at.clone()].len() + 1 && is_name_word(&name[w.at.clone()]))
                && !matches!(
                    words[i - 1].plain.as_str(),
                    "xã" | "phường" | "tỉnh" | "huyện" | "thôn" | "phố" | "trấn" | "quận" | "khu" | "đường"
                )
                && words[i - 1].after.is_none()
        });
        // The word before the person must belong to an office, not to a place: two capitals in a row are one proper name.
        match person {
            Some(i) if words[..i].iter().any(|w| self.holds_office(&w.plain)) => &name[..words[i - 1].at.end],
            _ => name,
        }
    }

    fn holds_office(&self, word: &str) -> bool {
        matches!(word, "trách" | "chức" | "viên" | "chí" | "trưởng" | "đốc" | "tịch" | "bộ" | "thư" | "toán")
    }

    fn strip_home(&self, key: &mut Vec<String>, home: &[String]) {
        for (n, _) in home.iter().enumerate() {
            let tail = &home[..home.len() - n];
            if key.len() > tail.len() && key.ends_with(tail) {
                key.truncate(key.len() - tail.len());
                return;
            }
        }
    }

    /// Level and proper name of the place that `name` (a body) governs, in key form: `["phường", "thọ", "xương"]`.
    pub fn home(&self, name: &str) -> Vec<String> {
        let words = words(name);
        let level = (0..words.len()).rev().find_map(|i| self.levels.at(&words, i).map(|n| (i, n)));
        let Some((i, _)) = level else { return Vec::new() };
        // "thành phố" is found at "phố" too only if it were a level: the longest phrase begins earlier.
        words[i..].iter().map(|w| w.plain.clone()).collect()
    }

    /// True when `longer`, a key, is the key `shorter` written out: nothing but what the body is for follows.
    pub fn extends(&self, shorter: &str, longer: &str) -> bool {
        let Some(rest) = longer.strip_prefix(shorter).and_then(|r| r.strip_prefix(' ')) else { return false };
        let few = shorter.split(' ').count() < 3;
        let other = self.level_words.iter().any(|l| rest.starts_with(l.as_str()));
        !few && !other && !rest.starts_with(|c: char| c.is_numeric())
    }

    /// True when `name` is a part that needs its whole ("Ban Thường trực").
    pub fn is_part(&self, name: &str) -> bool {
        self.parts.contains(&plain(name))
    }

    /// `capitals`, a name in capital letters, as it is written in a sentence: heads and levels small but for their first letter.
    pub fn in_sentence(&self, capitals: &str) -> String {
        let words = words(capitals);
        let mut out = String::new();
        let mut small = 0usize;
        let mut field: Vec<String> = Vec::new();
        for (i, w) in words.iter().enumerate() {
            if let Some(n) = self.fields.at(&words, i).filter(|_| field.is_empty() && i > 0) {
                let key = words[i..i + n].iter().map(|w| w.plain.as_str()).collect::<Vec<_>>().join(" ");
                field = self.fields_written.get(&key).cloned().unwrap_or_default();
                field.reverse();
            }
            let read = &capitals[w.at.clone()];
            let head = if small == 0 { self.heads.at(&words, i).or_else(|| self.capital_heads.at(&words, i)) } else { None };
            let level = self.levels.at(&words, i);
            let abbreviation = self.short.contains_key(&read.to_lowercase());
            let text = match () {
                () if !field.is_empty() => field.pop().unwrap_or_default(),
                () if abbreviation => read.to_owned(),
                () if i > 0 && (small > 0 || level.is_some() || w.plain == "và") => w.plain.clone(),
                () => first_up(&w.plain),
            };
            small = small.saturating_sub(1).max(head.or(level).map_or(0, |n| n - 1));
            if i > 0 {
                out.push_str(&capitals[words[i - 1].at.end..w.at.start]);
            }
            out.push_str(&text);
        }
        out
    }

    /// The bodies named one after the other in `capitals`, as the head of an official paper lists them: the one above first.
    /// A line that begins a name begins a body; a line that doesn't carries on the one above it.
    pub fn split_heads(&self, capitals: &str) -> Vec<Range<usize>> {
        let words = words(capitals);
        let mut starts = Vec::new();
        let (mut i, mut since) = (0, 0);
        while i < words.len() {
            let first = i == 0 || capitals[words[i - 1].at.end..words[i].at.start].contains('\n');
            // The level of a place ("TỈNH …") looks like a head in capitals.
            let head = self.head(&words, i).filter(|_| self.levels.at(&words, i).is_none());
            let begins = first || (since >= 3 && self.under.at(&words, i).is_some());
            if let Some(n) = head.filter(|_| begins) {
                starts.push(words[i].at.start);
                (i, since) = (i + n, n);
            } else {
                (i, since) = (i + 1, if first { 1 } else { since + 1 });
            }
        }
        let mut out: Vec<Range<usize>> = starts.windows(2).map(|w| w[0]..w[1]).collect();
        out.extend(starts.last().map(|&s| s..capitals.len()));
        out
    }
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

fn is_name_word(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.clone().count() > 0 && letters.any(char::is_lowercase)
}

fn first_up(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
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

    #[test]
    fn one_body_has_one_key() {
        let bodies = bodies();
        let home = bodies.home("UBND xã Bình Lộc");
        assert_eq!(home, ["xã", "bình", "lộc"]);
        let key = |n: &str| bodies.key(n, &home);
        assert_eq!(key("Công chức phụ trách Lao động - TB&XH xã"), key("công chức phụ trách LĐ-TB&XH Nguyễn Văn An"));
        assert_eq!(key("Ủy ban nhân dân xã Bình Lộc"), key("UBND xã"));
        assert_ne!(key("Ủy ban nhân dân tỉnh"), key("UBND xã"));
        assert!(bodies.extends(&key("Thành viên BCĐ xã"), &key("Các thành viên Ban Chỉ đạo chuyển đổi số xã")));
        assert!(!bodies.extends(&key("UBND xã"), &key("UBND các xã, phường")));
    }

    #[test]
    fn capitals_become_a_sentence() {
        let bodies = bodies();
        assert_eq!(bodies.in_sentence("ỦY BAN NHÂN DÂN XÃ BÌNH LỘC"), "Ủy ban nhân dân xã Bình Lộc");
        let head = "UBND TỈNH TÂN AN SỞ CÔNG THƯƠNG";
        assert_eq!(bodies.split_heads(head).len(), 2);
        assert_eq!(bodies.split_heads("THỦ TƯỚNG\nCHÍNH PHỦ").len(), 1);
        assert_eq!(bodies.split_heads("UBND HUYỆN TÂN AN\nPHÒNG NỘI VỤ").len(), 2);
    }
}
