//! `annex-differs`: the same annex says different figures in two files.

use super::Found;
use super::case::{Case, figure};
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let differences = case.plan.annexes.iter().flat_map(|a| a.differs.iter().map(move |d| (a, d)));
    let found = |(annex, d): (&crate::extract::Annex, &crate::extract::Difference)| {
        let row = annex.rows.iter().find(|r| r.label == d.label).map_or(annex.at, |r| r.at);
        let label = if d.label.is_empty() { "Tổng cộng".to_owned() } else { d.label.clone() };
        Found::of(&[row, d.at], vec![("row", label), ("column", d.column.clone()), ("here", figure(&d.here)), ("there", figure(&d.there))])
    };
    differences.map(found).collect()
}
