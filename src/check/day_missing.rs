//! `day-missing`: a due names a month and no day.

use super::Found;
use super::case::{Case, list, plain, show};
use super::rule::Rule;
use crate::calendar::{Bound, When};
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mut says: Vec<String> = Vec::new();
    let mut places: Vec<Span> = Vec::new();
    for (task, due) in case.dues() {
        let When::Day { bound: Bound::By, date, .. } = &due.when else { continue };
        let words = plain(&due.says);
        // `cuối tháng 6` is the last day; `ngày … tháng …` names one.
        if words.contains("thang")
            && !words.contains("ngay")
            && !words.contains("cuoi")
            && !case.words.names_day(&due.says.replace("tháng", ""))
        {
            let one = format!("“{}” (hiểu là đến hết {})", due.says, show(*date));
            if !says.contains(&one) {
                says.push(one);
            }
            places.push(task.at);
        }
    }
    if places.is_empty() { Vec::new() } else { vec![Found::of(&places, vec![("says", list(&says))])] }
}
