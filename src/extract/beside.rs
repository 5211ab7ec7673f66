//! Knows which of the dues of one sentence say the same thing, and which words belong to each.

use std::ops::Range;

use super::due::DueFound;
use crate::calendar::{Bound, Due, Every, When};

/// Two times with fewer words between them belong to one duty.
const CLOSE: usize = 4;

/// What is left when dues that say the same thing twice are taken together.
pub(super) fn tidy(text: &str, found: Vec<DueFound>) -> Vec<DueFound> {
    let manner = |d: &DueFound| matches!(d.due.when, When::None { .. });
    let all_manner = found.iter().all(manner);
    let mut out: Vec<DueFound> = Vec::new();
    for (k, due) in found.iter().enumerate() {
        let rest = found.iter().enumerate().filter(|(n, _)| *n != k).map(|(_, d)| d);
        let bare = is_bare(&due.due);
        let said_better = bare.is_some() && rest.clone().any(|d| every(&d.due) == bare && is_bare(&d.due).is_none());
        let next = found.get(k + 1);
        // "Dự kiến ngày 5 (chậm nhất ngày 10)", "hằng tháng (trước ngày 16)": the bracket is the limit.
        let bracketed = next.is_some_and(|n| text[due.range.end..n.range.start].trim() == "(" && (bare.is_some() || is_planned(&due.due)));
        let explains = k.checked_sub(1).is_some_and(|p| is_explained(text, &found[p], due));
        let frequency = matches!(&due.due.when, When::Repeat { repeat, .. } if repeat.times.is_some()) && rest.clone().any(|d| !manner(d));
        let vague = matches!(due.due.when, When::After { count: None, .. }) && rest.clone().any(|d| matches!(d.due.when, When::Day { .. }));
        if said_better || bracketed || explains || frequency || vague || (manner(due) && (!all_manner || !out.is_empty())) {
            continue;
        }
        out.push(due.clone());
    }
    out
}

/// "ngày 10/12/2025 - 95 ngày trước bầu cử": the count tells where the date comes from.
fn is_explained(text: &str, date: &DueFound, count: &DueFound) -> bool {
    let dated = matches!(date.due.when, When::Day { .. } | When::During { .. });
    let between = text[date.range.end..count.range.start].trim();
    dated && matches!(count.due.when, When::BeforeEvent { .. }) && matches!(between, "-" | "–" | "(" | "")
}

/// A stretch without an end: it is told once, at the heading of the phase; nothing below can be late for it.
pub(super) fn is_open(due: &DueFound) -> bool {
    matches!(due.due.when, When::During { to: None, .. })
}

fn is_planned(due: &Due) -> bool {
    matches!(due.when, When::Day { bound: Bound::Exactly, .. } | When::During { .. })
}

/// How often a recurrence comes that names no day.
fn is_bare(due: &Due) -> Option<Every> {
    match &due.when {
        When::Repeat { repeat, .. } if repeat.day.is_none() && repeat.month.is_none() && repeat.time.is_none() => Some(repeat.every),
        _ => None,
    }
}

fn every(due: &Due) -> Option<Every> {
    match &due.when {
        When::Repeat { repeat, .. } => Some(repeat.every),
        _ => None,
    }
}

/// The sentence cut behind each of its dues; dues that stand close together ("tháng 4 và tháng 8") are of the same words.
pub(super) fn pieces(text: &str, dues: &[DueFound]) -> Vec<(Range<usize>, Option<DueFound>)> {
    let [_, _, ..] = dues else { return vec![(0..text.len(), dues.first().cloned())] };
    let mut out: Vec<(Range<usize>, Option<DueFound>)> = Vec::new();
    let mut group = 0;
    let mut start = 0;
    for (k, due) in dues.iter().enumerate() {
        let next = dues.get(k + 1).map(|n| n.range.start);
        let close =
            next.is_some_and(|n| text[due.range.end..n].split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count() < CLOSE);
        let end = next.map_or(text.len(), |n| cut(text, due.range.end, n));
        let lead = text[start..end].len() - text[start..end].trim_start_matches([',', ';', ' ', ')']).len();
        out.push(((start + lead).min(due.range.start)..end, Some(due.clone())));
        if !close {
            let whole = out[group].0.start..end;
            out[group..].iter_mut().for_each(|(r, _)| *r = whole.clone());
            (group, start) = (out.len(), end);
        }
    }
    out
}

/// Where the words about a due that ends at `from` end: at the comma before the next due, or right behind it.
fn cut(text: &str, from: usize, next: usize) -> usize {
    let between = &text[from..next];
    let open = between.starts_with(')').then_some(1);
    open.or_else(|| between.find([',', ';'])).map_or(from, |k| from + k)
}
