//! `file-damaged`: a file was cut short or has lost parts, so that the plan may hold more than what was read.

use super::Found;
use super::case::Case;
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let source = case.repaired.source();
    let mut found = Vec::new();
    for (i, file) in source.files().iter().enumerate() {
        let torn: Vec<_> = source.notes().iter().filter(|n| n.file == i && n.is_damage()).collect();
        let pages: Vec<_> = torn.iter().filter_map(|n| source.pages().get(n.page?)).collect();
        let numbers: Vec<String> = pages.iter().filter_map(|p| p.number).map(|n| n.to_string()).collect();
        let lost: Vec<&str> = torn.iter().filter(|n| n.page.is_none()).map(|n| n.detail.as_str()).collect();
        let said = [rule.part("missing", &lost.join(", ")), rule.part("torn", &numbers.join(", "))];
        let says: Vec<String> = said.into_iter().flatten().collect();
        if says.is_empty() {
            continue;
        }
        let says = says.join(", ");
        found.push(Found { says: vec![("file", file.name.clone()), ("lost", says)], at: None, also: Vec::new() });
    }
    found
}
