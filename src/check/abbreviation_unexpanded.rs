//! `abbreviation-unexpanded`: letters in the name of somebody who must do something stand for words that the plan never gives, and that
//! no office takes as known.

use std::collections::BTreeMap;

use super::Found;
use super::case::{Case, list, plain};
use super::rule::Rule;
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let text = case.repaired.text();
    let initials = initials(text);
    let mut unknown: BTreeMap<String, Span> = BTreeMap::new();
    for actor in &case.plan.actors {
        for word in actor.name.split(|c: char| !(c.is_alphanumeric() || matches!(c, '&' | '-'))) {
            let parts = || word.split('&').filter(|p| !p.is_empty());
            let known = |w: &str| rule.words.iter().any(|k| without_stroke(k) == without_stroke(w));
            let all_known = known(word) || parts().all(known) || expanded(&initials, word) || is_explained(text, word);
            if is_abbreviation(word) && !all_known && !in_capitals(text, actor.at) {
                unknown.entry(word.to_owned()).or_insert(actor.at);
            }
        }
    }
    let names: Vec<String> = unknown.keys().cloned().collect();
    let places: Vec<Span> = unknown.into_values().collect();
    if places.is_empty() { Vec::new() } else { vec![Found::of(&places, vec![("names", list(&names))])] }
}

/// `… công tư (PPP)`: what stands in brackets behind words is what they are called from there on.
fn is_explained(text: &str, word: &str) -> bool {
    text.contains(&format!("({word})")) || text.contains(&format!("là {word})")) || text.contains(&format!("là {word} "))
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
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// `BCD` is `BCĐ` as an OCR reads it.
fn without_stroke(word: &str) -> String {
    word.replace('Đ', "D")
}

fn expanded(initials: &str, word: &str) -> bool {
    let letters: String = without_stroke(word).chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    initials.contains(&letters)
}

/// True within a line of capitals, where words are no abbreviations.
fn in_capitals(text: &str, at: Span) -> bool {
    let start = text[..at.start].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at.end..].find('\n').map_or(text.len(), |i| at.end + i);
    !text[start..end].chars().any(char::is_lowercase) || plain(&text[start..end]).split(' ').count() < 2
}
