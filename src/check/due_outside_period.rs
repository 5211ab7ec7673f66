//! `due-outside-period`: a duty is due after the plan's period has ended; summing-up, reports and milestones may be.

use super::Found;
use super::case::{Case, named_day, show};
use super::rule::Rule;
use crate::extract::TaskKind;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let Some(ends) = case.ends else { return Vec::new() };
    let mut found = Vec::new();
    for (task, due) in case.dues() {
        let after = task.what.kind != TaskKind::Task || rule.silenced(case.repaired.words(task.at)) || rule.silenced(&task.what.what);
        if let Some((_, date)) = named_day(case.words, due).filter(|(_, d)| *d > ends && !after) {
            let says = vec![("date", show(date)), ("ends", show(ends)), ("task", case.short(task))];
            found.push(Found::at(task.at, says));
        }
    }
    found
}
