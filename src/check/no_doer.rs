//! `no-doer`: something is due on a day, and nobody is named who does it.

use super::Found;
use super::case::{Case, named_day};
use super::rule::Rule;
use crate::extract::TaskKind;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let nobody = case.dues().filter(|(t, d)| {
        let asked = matches!(t.what.kind, TaskKind::Report | TaskKind::Registration) || rule.says(&t.what.what);
        asked && t.what.who.is_empty() && named_day(case.words, d).is_some()
    });
    nobody.map(|(task, due)| Found::at(task.at, vec![("says", due.says.clone()), ("task", case.short(task))])).collect()
}
