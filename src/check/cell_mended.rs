//! `cell-mended`: sums told that a figure of an annex was misread.

use super::Found;
use super::case::{Case, figure};
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mended = case.plan.annexes.iter().flat_map(|a| a.mended.iter().map(move |m| (a, m)));
    let found = |(annex, m): (&crate::extract::Annex, &crate::extract::Mended)| {
        let row = annex.rows.get(m.row - 1);
        let label = row.map_or("Tổng cộng", |r| r.label.as_str());
        let read = m.as_read.clone().unwrap_or_else(|| "không đọc được".into());
        let says = vec![
            ("row", label.to_owned()),
            ("column", m.column.to_string()),
            ("read", read),
            ("value", figure(&m.value)),
            ("why", m.why.clone()),
        ];
        Found::at(row.map_or(annex.at, |r| r.at), says)
    };
    mended.map(found).collect()
}
