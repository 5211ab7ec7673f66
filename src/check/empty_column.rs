//! `empty-column`: a column of an annex has a head and no figure, its total neither.

use super::Found;
use super::case::Case;
use super::rule::Rule;
use crate::extract::Figure;

/// In a shorter annex an empty column tells nothing.
const FEWEST_ROWS: usize = 3;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mut found = Vec::new();
    for annex in case.plan.annexes.iter().filter(|a| a.rows.len() >= FEWEST_ROWS && !a.flattened && a.columns_are_sure) {
        for (c, column) in annex.columns.iter().enumerate().filter(|(_, c)| !c.name.is_empty()) {
            let blank = |f: &Figure| *f == Figure::Empty(());
            if annex.rows.iter().all(|r| blank(&r.cells[c])) && annex.totals.as_ref().is_none_or(|t| blank(&t[c])) {
                found.push(Found::at(annex.at, vec![("column", (c + 1).to_string()), ("name", column.name.clone())]));
            }
        }
    }
    found
}
