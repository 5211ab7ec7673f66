//! `digit-doubtful`: a figure can be read in more than one way, and nothing in the plan tells which.

use super::Found;
use super::case::{Case, figure};
use super::rule::Rule;
use crate::text::{Cause, Sure};

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mut found = Vec::new();
    for annex in case.plan.annexes.iter().filter(|a| !a.flattened) {
        for d in &annex.doubtful {
            let row = annex.rows.get(d.row - 1).map_or("Tổng cộng", |r| r.label.as_str());
            let others: Vec<String> = d.others.iter().map(figure).collect();
            let may = if others.is_empty() {
                "không rõ là số nào".to_owned()
            } else {
                format!("có thể là {}", others.join(" hoặc "))
            };
            let read = d.as_read.clone().unwrap_or_else(|| "trống".into());
            found.push(Found::at(d.at, vec![("what", format!("ô cột {} của “{row}”", d.column)), ("read", read), ("may", may)]));
        }
    }
    let log = case.repaired.log();
    for edit in log.edits().iter().filter(|e| e.cause == Cause::Digit && e.sure == Sure::Doubtful) {
        let read = case.repaired.source().text()[edit.raw.range()].to_owned();
        let says = vec![("what", "con số".to_owned()), ("read", read), ("may", format!("có thể là {}", edit.fixed))];
        found.push(Found::at(log.to_fixed(edit.raw), says));
    }
    found
}
