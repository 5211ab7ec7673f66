//! `document-cited-twice-differently`: a document is named twice, with two dates.

use super::Found;
use super::case::{Case, Cited, plain, show};
use super::rule::Rule;
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let mut found = Vec::new();
    for (i, first) in case.cited.iter().enumerate().filter(|(_, c)| is_one(rule, &c.number)) {
        let again = |c: &&Cited| plain(&c.number) == plain(&first.number);
        if case.cited[..i].iter().any(|c| again(&c)) {
            continue;
        }
        let Some(date) = first.date else { continue };
        let others: Vec<&Cited> = case.cited[i + 1..].iter().filter(again).filter(|c| c.date.is_some_and(|d| d != date)).collect();
        if let Some(other) = others.first().and_then(|c| c.date) {
            let places: Vec<Span> = std::iter::once(first.at).chain(others.iter().map(|c| c.at)).collect();
            found.push(Found::of(&places, vec![("number", first.number.clone()), ("first", show(date)), ("second", show(other))]));
        }
    }
    found
}

/// True for a number that one document alone bears: it has a year, or the sign of a central body. Others begin anew each year, in each office.
fn is_one(rule: &Rule, number: &str) -> bool {
    let year = number.split(['/', '-']).nth(1).is_some_and(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()));
    year || rule.words.iter().any(|sign| number.ends_with(sign.as_str()))
}
