//! `no-due`: a duty that is to be done regularly names no date.

use super::Found;
use super::case::Case;
use super::rule::Rule;
use crate::calendar::When;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let vague = case.dues().filter(|(_, d)| matches!(d.when, When::None { condition: None }) && rule.says(&d.says));
    vague.map(|(task, due)| Found::at(task.at, vec![("says", due.says.clone()), ("task", case.short(task))])).collect()
}
