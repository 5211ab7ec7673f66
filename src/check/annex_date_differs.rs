//! `annex-date-differs`: an annex says it hangs on this plan, and dates the plan otherwise.

use super::Found;
use super::case::{Case, plain, show};
use super::rule::Rule;
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let Some(issued) = case.issued else { return Vec::new() };
    let own = case.document.header.number.as_ref().map(|n| n.what.as_str()).unwrap_or_default();
    let mut places: Vec<Span> = case.plan.annexes.iter().filter_map(|a| a.attached).collect();
    places.extend(case.repaired.lines().filter(|l| rule.says(case.repaired.words(*l))));
    places.sort();
    places.dedup_by(|a, b| a.meets(*b));
    let mut found = Vec::new();
    for at in places {
        let words = case.repaired.words(at);
        let Some(Some(date)) = case.words.date(words) else { continue };
        let blank = match number(words) {
            Some(number) if same(&number, own) => "",
            Some(_) => continue, // it hangs on another document
            None => ", và để trống số",
        };
        if date != issued {
            found.push(Found::at(at, vec![("annex", show(date)), ("plan", show(issued)), ("blank", blank.to_owned())]));
        }
    }
    found
}

/// The number and sign that `words` name; `None` where the number was left blank.
fn number(words: &str) -> Option<String> {
    let slash = words.find("/KH").or_else(|| words.find("/QĐ")).or_else(|| words.find('/'))?;
    let before: String = words[..slash].chars().rev().skip_while(|c| *c == ' ').take_while(char::is_ascii_digit).collect();
    let after: String = words[slash..].chars().take_while(|c| !c.is_whitespace()).collect();
    (!before.is_empty()).then(|| format!("{}{after}", before.chars().rev().collect::<String>()))
}

fn same(a: &str, b: &str) -> bool {
    plain(a) == plain(b) && !b.is_empty()
}
