//! `annex-missing`: the plan says that an annex hangs on it, and none was read.

use regex::Regex;

use super::Found;
use super::case::{Case, plain};
use super::rule::Rule;
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let text = case.repaired.text();
    let Ok(named) = Regex::new(r"(?i)(?:phụ lục|biểu)(?:\s+số)?\s*:?\s*(\d{1,2}|[IVX]{1,4})?\b") else { return Vec::new() };
    let other_file = case.repaired.source().files().len() > 1;
    let captions: Vec<String> = case.repaired.lines().filter_map(|l| caption(&named, case.repaired.words(l))).collect();
    let mut found: Vec<Found> = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for c in named.captures_iter(text) {
        let Some(whole) = c.get(0) else { continue };
        let number = c.get(1).map_or(String::new(), |n| normal(n.as_str()));
        let sentence = around(text, whole.start(), whole.end());
        let hangs = rule.says(&text[sentence.range()]) && !rule.silenced(&text[sentence.range()]);
        let there = captions.iter().any(|k| number.is_empty() || *k == number || k.is_empty());
        if hangs && !there && !other_file && !told.contains(&number) && caption(&named, line_of(text, whole.start())).is_none() {
            found.push(Found::at(sentence, vec![("annex", whole.as_str().split_whitespace().collect::<Vec<_>>().join(" "))]));
            told.push(number);
        }
    }
    found
}

/// The number of the annex that `line` is the caption of; empty where it has none.
fn caption(named: &Regex, line: &str) -> Option<String> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || c == '*');
    let c = named.captures(line).filter(|c| c.get(0).is_some_and(|m| m.start() == 0))?;
    let rest = plain(&line[c.get(0).map_or(0, |m| m.end())..]);
    // `Phụ lục 01` or `PHỤ LỤC II: DANH MỤC`, not a sentence that begins with the word.
    let short = rest.split(' ').filter(|w| !w.is_empty()).count() <= 3;
    let capitals = line.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    (short || capitals).then(|| c.get(1).map_or(String::new(), |n| normal(n.as_str())))
}

/// `01` and `I` are annex 1.
fn normal(number: &str) -> String {
    let roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let upper = number.to_uppercase();
    let value = roman.iter().position(|r| *r == upper).map(|i| i + 1).or_else(|| number.parse().ok());
    value.map_or(upper, |v: usize| v.to_string())
}

/// The words around a mention that tell what it is: some before, some after, within the sentence.
fn around(text: &str, start: usize, end: usize) -> Span {
    const REACH: usize = 60;
    let back = |i: usize| (0..=i).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let from = back(start.saturating_sub(REACH));
    let to = back((end + REACH).min(text.len()));
    let from = text[from..start].rfind(['.', ';', '(']).map_or(from, |i| from + i + 1);
    let to = text[end..to].find(['.', ';', ')']).map_or(to, |i| end + i);
    Span::new(from, to.max(end))
}

fn line_of(text: &str, at: usize) -> &str {
    let start = text[..at].rfind(['\n', '\u{c}']).map_or(0, |i| i + 1);
    let end = text[at..].find(['\n', '\u{c}']).map_or(text.len(), |i| at + i);
    &text[start..end]
}
