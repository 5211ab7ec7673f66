//! `due-before-signing`: a duty was to be done before the plan was signed.

use super::Found;
use super::case::{Case, show};
use super::rule::Rule;
use crate::calendar::When;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let Some(issued) = case.issued else { return Vec::new() };
    let over = |when: &When| match when {
        When::Day { date, .. } => Some(*date).filter(|d| *d < issued),
        When::During { to: Some(to), .. } => Some(*to).filter(|d| *d < issued),
        _ => None,
    };
    let found = case.dues().filter_map(|(task, due)| {
        over(&due.when).map(|_| Found::at(task.at, vec![("says", due.says.clone()), ("issued", show(issued)), ("task", case.short(task))]))
    });
    found.collect()
}
