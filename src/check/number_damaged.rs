//! `number-damaged`: the number of a basis document is not written as numbers are.

use super::Found;
use super::case::Case;
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let damaged = case.document.basis.iter().filter(|b| b.number_damaged);
    damaged.filter_map(|b| Some(Found::at(b.at, vec![("number", b.number.clone()?)]))).collect()
}
