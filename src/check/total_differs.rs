//! `total-differs`: the rows of an annex do not add up to its total, or a column that is the sum of others is not, in one row.

use super::Found;
use super::case::{Case, figure, list, value};
use super::rule::Rule;
use crate::extract::{Annex, Figure};

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    case.plan.annexes.iter().flat_map(|a| columns(a).chain(rows(a))).collect()
}

fn columns(annex: &Annex) -> impl Iterator<Item = Found> + '_ {
    annex.not_added.iter().filter_map(|c| {
        let total = annex.totals.as_ref()?.get(*c)?;
        // A cell that could not be read may hold what is missing.
        if annex.rows.iter().any(|r| matches!(r.cells[*c], Figure::Words(_))) || annex.doubtful.iter().any(|d| d.column == c + 1) {
            return None;
        }
        let sum: f64 = annex.rows.iter().filter_map(|r| value(&r.cells[*c])).sum();
        let sum = (sum * 1000.0).round() / 1000.0;
        let what = format!("cột “{}”", annex.columns[*c].name);
        (value(total)? != sum).then(|| {
            let says = vec![("what", what), ("given", figure(total)), ("counted", sum.to_string().replace('.', ","))];
            Found::at(annex.at, says)
        })
    })
}

/// A few rows in which a sum fails are slips of the document; many tell that the columns do not sum at all.
fn rows(annex: &Annex) -> impl Iterator<Item = Found> + '_ {
    let few = annex.broken.len() * 4 <= annex.rows.len();
    annex.broken.iter().filter(move |_| few).filter_map(|r| {
        let row = &annex.rows[*r];
        if row.cells.iter().any(|f| matches!(f, Figure::Words(_))) || annex.doubtful.iter().any(|d| d.row == r + 1) {
            return None;
        }
        let sum = annex.sums.iter().find(|s| {
            let parts: f64 = s.parts.iter().filter_map(|p| value(&row.cells[*p])).sum();
            value(&row.cells[s.target]).unwrap_or(0.0) != parts
        })?;
        let parts: f64 = sum.parts.iter().filter_map(|p| value(&row.cells[*p])).sum();
        let names: Vec<String> = sum.parts.iter().map(|p| (p + 1).to_string()).collect();
        let what = format!("hàng “{}”, cột {} (bằng các cột {} cộng lại)", row.label, sum.target + 1, list(&names));
        Some(Found::at(
            row.at,
            vec![("what", what), ("given", figure(&row.cells[sum.target])), ("counted", parts.to_string().replace('.', ","))],
        ))
    })
}
