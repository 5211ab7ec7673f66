//! `no-due`: a duty that is to be done regularly names no date.

use super::Found;
use super::case::Case;
use super::rule::Rule;
use crate::calendar::When;
use crate::extract::TaskKind;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let vague = case.dues().filter(|(_, d)| matches!(d.when, When::None { condition: None }) && rule.says(&d.says));
    // What is checked or trained "định kỳ" follows a rhythm of its own; a report is waited for.
    let vague = vague.filter(|(t, _)| t.what.kind == TaskKind::Report);
    vague.map(|(task, due)| Found::at(task.at, vec![("says", due.says.clone()), ("task", case.short(task))])).collect()
}
