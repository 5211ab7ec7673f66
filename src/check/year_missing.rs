//! `year-missing`: a due names a day and a month, and no year.

use super::Found;
use super::case::{Case, show};
use super::rule::Rule;
use crate::calendar::When;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mut found: Vec<(String, Found)> = Vec::new();
    for (task, due) in case.dues().filter(|(_, d)| case.words.lacks_year(&d.says)) {
        let read = match &due.when {
            When::Day { date, .. } => show(*date),
            When::During { from, to: Some(to), .. } => format!("từ {} đến {}", show(*from), show(*to)),
            _ => continue,
        };
        match found.iter_mut().find(|(r, _)| *r == read) {
            Some((_, f)) => f.also.push(task.at),
            None => found.push((read.clone(), Found::at(task.at, vec![("says", due.says.clone()), ("read", read)]))),
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}
