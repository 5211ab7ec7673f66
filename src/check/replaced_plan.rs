//! `replaced-plan`: this plan takes the place of another, or changes it.

use super::Found;
use super::case::{Case, plain};
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let text = case.repaired.text();
    let mut found = Vec::new();
    for cited in case.cited.iter() {
        // What stands just before the number tells what happens to it.
        let from = (cited.at.start.saturating_sub(90)..=cited.at.start).find(|i| text.is_char_boundary(*i)).unwrap_or(cited.at.start);
        let before = text[from..cited.at.start].rsplit(['.', ';']).next().unwrap_or("");
        let title = case.document.header.title.as_ref().is_some_and(|t| t.at.holds(cited.at));
        let said = format!(" {} ", plain(before));
        let replaces = rule.words.iter().any(|w| said.contains(&format!(" {} ", plain(w))));
        if (replaces || (title && rule.silenced(before))) && !found.iter().any(|(n, _)| *n == cited.number) {
            found.push((cited.number.clone(), Found::at(cited.at, vec![("number", cited.number.clone())])));
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}
