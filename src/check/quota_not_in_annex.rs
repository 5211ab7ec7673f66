//! `quota-not-in-annex`: the plan gives somebody a number, its annex gives out the same kind of numbers, and not to them.

use super::Found;
use super::case::{Case, list, plain};
use super::quota_differs::same_thing;
use super::rule::Rule;
use crate::extract::{Annex, Fact, Quota};
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    case.plan.annexes.iter().filter_map(|a| of_annex(case, rule, a)).collect()
}

fn of_annex(case: &Case<'_>, rule: &Rule, annex: &Annex) -> Option<Found> {
    let asked: Vec<_> = annex.columns.iter().filter_map(|c| Some((c, c.quota.as_ref()?))).collect();
    let has_row = |id: &String| {
        let name = plain(case.actor(id));
        annex.rows.iter().any(|r| plain(&r.label) == name || name.contains(&plain(&r.label)) || plain(&r.label).contains(&name))
    };
    let missing = |q: &&Fact<Quota>| {
        let about = asked.iter().any(|(c, a)| a.unit == q.what.unit && same_thing(case, annex, &c.name, q));
        let group = q.what.who.iter().any(|id| rule.silenced(case.actor(id)));
        !q.rule.starts_with("annex-") && !q.what.who.is_empty() && about && !group && !q.what.who.iter().any(has_row)
    };
    let quotas: Vec<&Fact<Quota>> = case.plan.quotas.iter().filter(missing).collect();
    let mut names: Vec<String> = quotas.iter().flat_map(|q| &q.what.who).map(|id| case.actor(id).to_owned()).collect();
    names.dedup();
    let mut places: Vec<Span> = quotas.iter().map(|q| q.at).collect();
    places.push(annex.at);
    (!names.is_empty()).then(|| Found::of(&places, vec![("names", list(&names))]))
}
