//! `quota-differs`: the plan's own number and the total of its annex are not the same.

use super::Found;
use super::case::{Case, figure, plain, value};
use super::rule::Rule;
use crate::calendar::When;
use crate::extract::{Annex, Fact, Quota};

/// Two words that follow each other in both, so often: they speak of the same thing.
const SHARED_PAIRS: usize = 2;
/// Numbers further apart than this are not meant to be the same.
const NEAREST: f64 = 0.5;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mut found = Vec::new();
    for annex in &case.plan.annexes {
        let Some(totals) = &annex.totals else { continue };
        for (c, column) in annex.columns.iter().enumerate() {
            // The parts of a sum are shares of its target.
            let part = annex.sums.iter().any(|s| s.parts.contains(&c));
            let (Some(asked), Some(total), false) = (&column.quota, value(&totals[c]), part) else { continue };
            let year = |by: &Option<crate::calendar::Due>| match by.as_ref().map(|d| &d.when) {
                Some(When::Day { date, .. }) => Some(date.year()),
                _ => None,
            };
            let about = |q: &&Fact<Quota>| {
                let near = (q.what.amount / total).min(total / q.what.amount) >= NEAREST;
                !q.rule.starts_with("annex-")
                    && q.what.unit == asked.unit
                    && near
                    && (q.what.by.is_none() || year(&q.what.by) == year(&asked.by))
            };
            let same: Vec<&Fact<Quota>> =
                case.plan.quotas.iter().filter(about).filter(|q| is_whole(case, q) && same_thing(case, annex, &column.name, q)).collect();
            let nearest = same.iter().min_by(|a, b| (a.what.amount - total).abs().total_cmp(&(b.what.amount - total).abs()));
            if let Some(quota) = nearest.filter(|q| q.what.amount != total) {
                let body =
                    format!("{}{} {}", if quota.what.change.is_some() { "thêm " } else { "" }, number(quota.what.amount), quota.what.unit);
                let says = vec![("body", body), ("annex", figure(&totals[c])), ("column", column.name.clone())];
                found.push(Found::of(&[quota.at, annex.at], says));
            }
        }
    }
    found
}

fn number(amount: f64) -> String {
    amount.to_string().replace('.', ",")
}

/// True for a quota of the whole: of nobody in particular, or of the body that signs.
fn is_whole(case: &Case<'_>, quota: &Fact<Quota>) -> bool {
    let issuer = case.document.header.issuer.as_ref().map(|i| plain(&i.what)).unwrap_or_default();
    let own = |id: &String| {
        case.plan.actors.iter().any(|a| a.id == *id && (plain(&a.name) == issuer || a.also.iter().any(|n| plain(n) == issuer)))
    };
    quota.what.who.is_empty() || quota.what.who.iter().all(own)
}

/// True when a quota and a column of an annex speak of the same thing.
pub(super) fn same_thing(case: &Case<'_>, annex: &Annex, column: &str, quota: &Fact<Quota>) -> bool {
    let pairs = |text: &str| -> Vec<(String, String)> {
        let words: Vec<String> = plain(text).split(' ').map(str::to_owned).collect();
        words.windows(2).map(|w| (w[0].clone(), w[1].clone())).collect()
    };
    let theirs = pairs(&format!("{column} {}", annex.title));
    let mut ours = pairs(&format!("{} {}", case.repaired.words(quota.at), quota.what.what));
    ours.sort();
    ours.dedup();
    ours.iter().filter(|p| theirs.contains(p)).count() >= SHARED_PAIRS
}
