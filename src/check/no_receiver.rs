//! `no-receiver`: a report is due, and nobody is named who gets it.

use super::Found;
use super::case::Case;
use super::rule::Rule;
use crate::calendar::When;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let nobody = case.dues().filter(|(t, d)| {
        let dated = matches!(d.when, When::Day { .. } | When::Repeat { .. });
        let words = case.repaired.words(t.at);
        let sent = rule.says(&t.what.what) || rule.says(words);
        dated && sent && t.what.to.is_empty() && !rule.silenced(words)
    });
    nobody.map(|(task, due)| Found::at(task.at, vec![("says", due.says.clone()), ("task", case.short(task))])).collect()
}
