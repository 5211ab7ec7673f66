//! `unit-doubtful`: somebody's name says an administrative unit that is in no list, and that a mark makes one of the list.

use super::Found;
use super::case::{Case, list};
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let mut found: Vec<(String, Found)> = Vec::new();
    for actor in &case.plan.actors {
        for name in std::iter::once(&actor.name).chain(&actor.also) {
            let Some((read, alike)) = case.units.doubtful(name) else { continue };
            if !found.iter().any(|(r, _)| *r == read) {
                found.push((read.clone(), Found::at(actor.at, vec![("read", read), ("alike", list(&alike))])));
            }
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}
