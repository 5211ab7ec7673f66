//! `digit-doubtful`: a figure can be read in more than one way, and nothing in the plan tells which.

use super::Found;
use super::case::{Case, figure, list};
use super::rule::Rule;
use crate::extract::Annex;
use crate::text::{Cause, Span, Sure};

/// More doubtful cells than this are told together.
const ONE_BY_ONE: usize = 4;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mut found: Vec<Found> = case.plan.annexes.iter().filter(|a| !a.flattened).flat_map(cells).collect();
    let log = case.repaired.log();
    for edit in log.edits().iter().filter(|e| e.cause == Cause::Digit && e.sure == Sure::Doubtful) {
        let read = case.repaired.source().text()[edit.raw.range()].to_owned();
        // Where two readings of the page differ the text stays, and the other reading goes along.
        let may = if edit.fixed == read { list(&edit.others) } else { edit.fixed.clone() };
        let says = vec![("what", "con số".to_owned()), ("read", read), ("may", format!("có thể là {may}"))];
        found.push(Found::at(log.to_fixed(edit.raw), says));
    }
    found
}

fn cells(annex: &Annex) -> Vec<Found> {
    let row = |r: usize| annex.rows.get(r - 1).map_or("Tổng cộng", |r| r.label.as_str());
    if annex.doubtful.len() > ONE_BY_ONE {
        let mut rows: Vec<String> = annex.doubtful.iter().map(|d| format!("“{}”", row(d.row))).collect();
        rows.dedup();
        let read: Vec<String> = annex.doubtful.iter().filter_map(|d| d.as_read.clone()).collect();
        let places: Vec<Span> = annex.doubtful.iter().map(|d| d.at).collect();
        let what = format!("{} ô của phụ lục, hàng {}", annex.doubtful.len(), list(&rows));
        return vec![Found::of(&places, vec![("what", what), ("read", list(&read)), ("may", "các tổng không đủ để suy ra".into())])];
    }
    let one = |d: &crate::extract::DoubtfulCell| {
        let others: Vec<String> = d.others.iter().map(figure).collect();
        let may =
            if others.is_empty() { "không rõ là số nào".to_owned() } else { format!("có thể là {}", others.join(" hoặc ")) };
        let read = d.as_read.clone().unwrap_or_else(|| "trống".into());
        Found::at(d.at, vec![("what", format!("ô cột {} của “{}”", d.column, row(d.row))), ("read", read), ("may", may)])
    };
    annex.doubtful.iter().map(one).collect()
}
