//! `replaced-plan`: this plan takes the place of another, or changes it.

use super::Found;
use super::case::{Case, show};
use super::rule::Rule;
use crate::parse::Does;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    // `words` are how each is said: the first replaces, the second amends.
    let said = |does: Does| match does {
        Does::Replaces => rule.words.first(),
        Does::Amends => rule.words.get(1),
        Does::CarriesOut => None,
    };
    let links = case.document.links.iter().filter_map(|l| Some((l, said(l.does)?)));
    links
        .map(|(l, does)| {
            let day = l.issued.map(|d| format!(" ngày {}", show(d))).unwrap_or_default();
            Found::at(l.at, vec![("does", does.clone()), ("number", l.number.clone()), ("day", day)])
        })
        .collect()
}
