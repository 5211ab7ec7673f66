//! `reference-missing`: the plan points to a part of itself that is not there.

use regex::Regex;

use super::Found;
use super::case::Case;
use super::rule::Rule;
use crate::text::Span;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let Ok(points) = Regex::new(r"(?i:(?:khoản|điểm|tiểu mục)\s+(\d{1,2})[,\s]+)?(?i:mục|phần)\s+([IVX]{1,5})(?:[.,]\s?(\d{1,2}))?\b")
    else {
        return Vec::new();
    };
    let paths: Vec<&str> = case.document.clauses.iter().map(|c| c.path.as_str()).collect();
    let roman = |p: &&str| p.split('.').next().is_some_and(|r| !r.is_empty() && r.bytes().all(|b| matches!(b, b'I' | b'V' | b'X')));
    if !paths.iter().any(roman) {
        return Vec::new();
    }
    let text = case.repaired.text();
    let mut found = Vec::new();
    for c in points.captures_iter(text) {
        let Some(whole) = c.get(0) else { continue };
        let mut path = c[2].to_owned();
        if let Some(sub) = c.get(3).or(c.get(1)) {
            path = format!("{path}.{}", sub.as_str());
        }
        let after: String = text[whole.end()..].chars().take(40).collect();
        let own = rule.says(&after) && !rule.silenced(&after);
        if own && !paths.contains(&path.as_str()) {
            let reference = whole.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
            found.push(Found::at(Span::new(whole.start(), whole.end()), vec![("reference", reference)]));
        }
    }
    found
}
