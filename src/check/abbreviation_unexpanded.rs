//! `abbreviation-unexpanded`: letters stand for words that the plan never gives, and that no office takes as known.

use std::collections::BTreeMap;

use super::Found;
use super::case::{Case, list, plain};
use super::rule::Rule;
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let text = case.repaired.text();
    let duties: Vec<Span> = case.plan.tasks.iter().map(|t| t.at).collect();
    let initials = initials(text);
    let mut unknown: BTreeMap<&str, Span> = BTreeMap::new();
    for at in duties.iter().flat_map(|d| words(text, *d)) {
        let word = &text[at.range()];
        let known = rule.words.iter().any(|w| w == word) || expanded(&initials, word) || in_capitals(text, at) || is_code(text, at);
        if is_abbreviation(word) && !known {
            unknown.entry(word).or_insert(at);
        }
    }
    let names: Vec<String> = unknown.keys().map(|w| (*w).to_owned()).collect();
    let places: Vec<Span> = unknown.into_values().collect();
    if places.is_empty() { Vec::new() } else { vec![Found::of(&places, vec![("names", list(&names))])] }
}

fn words(text: &str, at: Span) -> Vec<Span> {
    let whole = &text[at.range()];
    let parts = whole.split(|c: char| !(c.is_alphanumeric() || matches!(c, '&' | '-')));
    let span = |w: &str| {
        let start = at.start + (w.as_ptr() as usize - whole.as_ptr() as usize);
        Span::new(start, start + w.len())
    };
    parts.filter(|w| w.chars().count() >= 3).map(span).collect()
}

/// Three capitals or more, and nothing but capitals: no Roman numeral.
fn is_abbreviation(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() >= 3
        && word.chars().all(|c| c.is_uppercase() || matches!(c, '&' | '-'))
        && !letters.iter().all(|c| matches!(c, 'I' | 'V' | 'X'))
        // Vietnamese abbreviations are written without tone marks.
        && letters.iter().all(|c| c.is_ascii() || *c == 'Đ')
}

/// First letters of every run of words, as one string: an abbreviation that stands in it was written out somewhere.
fn initials(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter_map(|w| w.chars().next().filter(|_| w.chars().count() > 1))
        .flat_map(char::to_lowercase)
        .collect()
}

fn expanded(initials: &str, word: &str) -> bool {
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    initials.contains(&letters)
}

/// True within a line of capitals, where words are no abbreviations.
fn in_capitals(text: &str, at: Span) -> bool {
    let start = text[..at.start].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at.end..].find('\n').map_or(text.len(), |i| at.end + i);
    !text[start..end].chars().any(char::is_lowercase) || plain(&text[start..end]).split(' ').count() < 2
}

/// True for a part of a document's number.
fn is_code(text: &str, at: Span) -> bool {
    text[..at.start].ends_with(['/', '-', '_', '.', '@']) || text[at.end..].starts_with(['/', '_', '@'])
}
