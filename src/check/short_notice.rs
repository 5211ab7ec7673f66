//! `short-notice`: duties must be done a few days after the plan is signed.

use jiff::civil::Date;

use super::Found;
use super::case::{Case, list, named_day, plain, show};
use super::rule::Rule;
use crate::calendar::{Bound, Due, When};
use crate::extract::TaskKind;
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let Some(issued) = case.issued else { return Vec::new() };
    let soon = |date: &Date| *date >= issued && (*date - issued).get_days() <= rule.days;
    let mut days: Vec<Date> = Vec::new();
    let mut places: Vec<Span> = Vec::new();
    for (task, due) in case.dues().filter(|(t, _)| t.what.kind != TaskKind::Milestone) {
        let named = named_day(case.words, due).filter(|(b, d)| *b != Bound::Exactly && soon(d)).map(|(_, d)| d);
        if let Some(date) = named.or_else(|| ending_quarter(due, issued)) {
            days.push(date);
            places.push(task.at);
        }
    }
    days.sort();
    days.dedup();
    let shown: Vec<String> = days.into_iter().map(show).collect();
    if places.is_empty() {
        Vec::new()
    } else {
        vec![Found::of(&places, vec![("count", places.len().to_string()), ("days", list(&shown)), ("issued", show(issued))])]
    }
}

/// The end of the quarter by which something is due, when the plan is signed in its last month.
fn ending_quarter(due: &Due, issued: Date) -> Option<Date> {
    let When::Day { bound: Bound::By, date, .. } = &due.when else { return None };
    let quarter = plain(&due.says).split(' ').any(|w| matches!(w, "quy" | "qui"));
    (quarter && date.first_of_month() <= issued && issued <= *date).then_some(*date)
}
