//! The same annex read from two files (the plan's body and a workbook) is one annex: the workbook's cells win, differences are kept.

use std::collections::HashMap;

use super::Read;
use crate::extract::{Annex, Difference, Figure};
use crate::parse::table::plain;
use crate::repair::Repaired;
use crate::text::{Span, Words};

/// Makes one of each pair of annexes that stand in two files.
pub(super) fn same_annexes(repaired: &Repaired, read: &mut Vec<Read>) {
    let mut i = 0;
    while i < read.len() {
        let twin = (i + 1..read.len())
            .find(|j| file(repaired, read[i].annex.at) != file(repaired, read[*j].annex.at) && are_same(&read[i].annex, &read[*j].annex));
        if let Some(j) = twin {
            let mut other = read.remove(j);
            // The one from a workbook stays, else the one in the plan.
            if is_sheet(repaired, other.annex.at) && !is_sheet(repaired, read[i].annex.at) {
                std::mem::swap(&mut read[i], &mut other);
            }
            let differs = differences(&read[i].annex, &other.annex);
            read[i].annex.differs.extend(differs);
            if read[i].annex.title.is_empty() {
                read[i].annex.title = other.annex.title;
            }
            read[i].annex.attached = read[i].annex.attached.or(other.annex.attached);
        }
        i += 1;
    }
}

/// True when most rows have the same names, and there are as many columns of figures; where names were misread, when shape and totals agree.
fn are_same(a: &Annex, b: &Annex) -> bool {
    let labels: Vec<String> = b.rows.iter().map(|r| plain(&r.label)).collect();
    let shared = a.rows.iter().filter(|r| labels.contains(&plain(&r.label))).count();
    let most = a.rows.len().max(b.rows.len());
    let filled = |x: &Annex| (0..x.columns.len()).filter(|c| x.rows.iter().any(|r| r.cells[*c] != Figure::Empty(()))).count();
    shared * 3 >= most * 2 && filled(a) == filled(b) || have_same_totals(a, b)
}

/// As many rows, as many columns, and the same figures in the total rows, two or more of them.
fn have_same_totals(a: &Annex, b: &Annex) -> bool {
    let alike = a.rows.len() == b.rows.len() && a.columns.len() == b.columns.len();
    let figures = |t: &[Figure]| t.iter().filter(|f| matches!(f, Figure::Whole(n) if *n > 0)).count();
    alike && a.totals.as_ref().is_some_and(|t| figures(t) > 1 && a.totals == b.totals)
}

/// Cells that `there` has otherwise than `here`.
fn differences(here: &Annex, there: &Annex) -> Vec<Difference> {
    if here.columns.len() != there.columns.len() {
        return Vec::new();
    }
    let rows: HashMap<String, usize> = there.rows.iter().enumerate().map(|(i, r)| (plain(&r.label), i)).collect();
    let mut found = Vec::new();
    let mut compare = |label: &str, mine: &[Figure], theirs: &[Figure], at: Span| {
        // A figure that was read as a letter says nothing else.
        let unread = |a: &Figure, b: &Figure| matches!(b, Figure::Words(_)) && !matches!(a, Figure::Words(_));
        for (c, (a, b)) in mine.iter().zip(theirs).enumerate().filter(|(_, (a, b))| a != b && !unread(a, b)) {
            let column = here.columns[c].name.clone();
            found.push(Difference { label: label.to_owned(), column, here: a.clone(), there: b.clone(), at });
        }
    };
    for row in &here.rows {
        if let Some(other) = rows.get(&plain(&row.label)).map(|i| &there.rows[*i]) {
            compare(&row.label, &row.cells, &other.cells, other.at);
        }
    }
    if let (Some(a), Some(b)) = (&here.totals, &there.totals) {
        compare("", a, b, there.at);
    }
    found
}

fn file(repaired: &Repaired, at: Span) -> Option<usize> {
    repaired.source().page_at(repaired.raw(at).start).map(|p| p.file)
}

fn is_sheet(repaired: &Repaired, at: Span) -> bool {
    file(repaired, at).and_then(|f| repaired.source().files().get(f)).is_some_and(|f| f.words == Words::Sheet)
}
