//! `document-sign-unknown`: a document is called a kind that has a sign of its own, and bears none of the signs there are.

use super::Found;
use super::case::{Case, plain};
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    let text = case.repaired.text();
    let mut found: Vec<(String, Found)> = Vec::new();
    for cited in &case.cited {
        let from = (cited.at.start.saturating_sub(40)..=cited.at.start).find(|i| text.is_char_boundary(*i)).unwrap_or(cited.at.start);
        let before = plain(&text[from..cited.at.start]);
        let before = before.strip_suffix(" so").unwrap_or(&before);
        // `unless` names the kinds whose signs are told by decree; others sign as they like.
        let Some(kind) = rule.unless.iter().find(|k| before.ends_with(plain(k).as_str())) else { continue };
        let sign: Vec<String> = cited
            .number
            .split(['/', '-'])
            .filter(|p| !p.is_empty() && !p.starts_with(|c: char| c.is_ascii_digit()))
            .map(without_stroke)
            .collect();
        let known = |part: &String| rule.words.iter().any(|w| part.starts_with(&without_stroke(w)));
        if !sign.is_empty() && !sign.iter().any(known) && !found.iter().any(|(n, _)| *n == cited.number) {
            let says = vec![("kind", kind.clone()), ("number", cited.number.clone()), ("sign", sign.join("-"))];
            found.push((cited.number.clone(), Found::at(cited.at, says)));
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}

/// An OCR reads Đ as D.
fn without_stroke(sign: &str) -> String {
    sign.replace('Đ', "D")
}
