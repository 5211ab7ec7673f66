//! `overlapping-duty`: two doers have nearly the same duty by the same day, so that one waits for the other.

use super::Found;
use super::case::{Case, alike, list, named_day};
use super::rule::Rule;

/// Duties that share so much of their words are the same work.
const ALIKE: f64 = 0.6;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let dated: Vec<_> = case.dues().filter_map(|(t, d)| Some((t, named_day(case.words, d)?))).collect();
    let mut found: Vec<Found> = Vec::new();
    let mut told: Vec<usize> = Vec::new();
    for (i, (a, day)) in dated.iter().enumerate() {
        let twins = dated.iter().enumerate().skip(i + 1).filter(|(_, (b, other))| {
            let apart = !a.what.who.is_empty() && !b.what.who.is_empty() && a.what.who.iter().all(|w| !b.what.who.contains(w));
            day == other && apart && !a.at.meets(b.at) && alike(&a.what.what, &b.what.what) >= ALIKE
        });
        let twins: Vec<usize> = twins.map(|(j, _)| j).filter(|j| !told.contains(j)).collect();
        let Some(first) = twins.first().filter(|_| !told.contains(&i)) else { continue };
        let b = dated[*first].0;
        let names: Vec<String> = a.what.who.iter().chain(&b.what.who).map(|w| case.actor(w).to_owned()).collect();
        let says =
            vec![("names", list(&names)), ("says", a.what.due.as_ref().map_or(String::new(), |d| d.says.clone())), ("task", case.short(a))];
        found.push(Found::of(&[a.at, b.at], says));
        told.extend(twins);
    }
    found
}
