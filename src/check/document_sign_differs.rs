//! `document-sign-differs`: a document is called one kind and signed as another: `Kế hoạch số 12/QĐ-UBND`.

use super::Found;
use super::case::{Case, plain};
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, rule: &Rule) -> Vec<Found> {
    // `Kế hoạch: KH`; a kind may have several signs.
    let kinds: Vec<(&str, String, Vec<&str>)> = rule.words.iter().filter_map(|w| kind(w)).collect();
    let text = case.repaired.text();
    let mut found: Vec<(String, Found)> = Vec::new();
    for cited in &case.cited {
        let from = (cited.at.start.saturating_sub(40)..=cited.at.start).find(|i| text.is_char_boundary(*i)).unwrap_or(cited.at.start);
        let before = plain(&text[from..cited.at.start]);
        let before = before.strip_suffix(" so").unwrap_or(&before);
        let Some((name, _, own)) = kinds.iter().find(|(_, plain, _)| before.ends_with(plain.as_str())) else { continue };
        let signs: Vec<String> = cited.number.split(['/', '-']).map(without_stroke).collect();
        let bears = |all: &[&str]| all.iter().any(|s| signs.contains(&without_stroke(s)));
        let Some((other, ..)) = kinds.iter().find(|(_, _, all)| bears(all)).filter(|_| !bears(own)) else { continue };
        if !found.iter().any(|(n, _)| *n == cited.number) {
            let says = vec![("kind", name.to_lowercase()), ("number", cited.number.clone()), ("other", other.to_lowercase())];
            found.push((cited.number.clone(), Found::at(cited.at, says)));
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}

/// The name, the name as it is looked for, and the signs of one line of the rule.
fn kind(words: &str) -> Option<(&str, String, Vec<&str>)> {
    let (name, signs) = words.split_once(": ")?;
    Some((name, plain(name), signs.split(' ').collect()))
}

/// An OCR reads Đ as D.
fn without_stroke(sign: &str) -> String {
    sign.replace('Đ', "D")
}
