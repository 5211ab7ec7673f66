//! `conflicting-due`: the same duty of the same doer stands twice, with different dates.

use super::Found;
use super::case::{Case, alike, named_day};
use super::rule::Rule;

/// Duties that share nearly all their words are one duty.
const ALIKE: f64 = 0.9;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let dated: Vec<_> = case.dues().filter_map(|(t, d)| Some((t, d, named_day(case.words, d)?.1))).collect();
    let mut found = Vec::new();
    for (i, (a, due, day)) in dated.iter().enumerate() {
        for (b, other, date) in dated[i + 1..].iter().filter(|(_, _, d)| d != day) {
            let same = !a.what.who.is_empty() && a.what.who == b.what.who && a.what.kind == b.what.kind;
            let without = |text: &str, due: &crate::calendar::Due| text.replace(&due.says, " ");
            // Two dates in one sentence are two occasions.
            if same && date != day && !a.at.meets(b.at) && alike(&without(&a.what.what, due), &without(&b.what.what, other)) >= ALIKE {
                let says = vec![("first", due.says.clone()), ("second", other.says.clone()), ("task", case.short(a))];
                found.push(Found::of(&[a.at, b.at], says));
            }
        }
    }
    found
}
