//! Knows what a plan does to another: takes its place, changes it, carries it out.

use serde::Deserialize;

use super::basis::Bases;
use super::proof::{self, Example};
use super::{Basis, Does, Link};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::proof::Failure;
use crate::text::{Span, letters};

const FILE: &str = "parse/link.yaml";
/// Bytes before the other document in which the words stand.
const NEAR: usize = 120;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    kinds: Vec<String>,
    links: Vec<Rule>,
    examples: Vec<Example<Vec<Given>>>,
    rejects: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    does: Does,
    says: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    opening: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    does: Does,
    number: String,
    issued: Option<jiff::civil::Date>,
}

/// Finds links.
#[derive(Debug)]
pub(super) struct Links {
    rules: Rules,
}

impl Links {
    pub fn new(book: &RuleBook) -> Result<Self> {
        Ok(Self { rules: book.load(FILE)? })
    }

    /// The links that `text` tells: `opening` is its title and what it rests on, `body` what it says below, line by line.
    pub fn find(&self, text: &str, bases: &Bases, opening: &[Span], body: &[Span]) -> Vec<Link> {
        let mut out: Vec<Link> = Vec::new();
        let places = opening.iter().map(|s| (s, true)).chain(body.iter().map(|s| (s, false)));
        for (span, opens) in places {
            let named = bases.read(text, *span);
            for other in named.into_iter().filter(|b| self.rules.kinds.contains(&b.kind)) {
                let Some(link) = self.link(&text[span.start..other.at.start], &other, opens) else { continue };
                if !out.iter().any(|l| l.number == link.number) {
                    out.push(link);
                }
            }
        }
        out
    }

    /// What the words `before` the name of `other` say is done to it.
    fn link(&self, before: &str, other: &Basis, opens: bool) -> Option<Link> {
        let number = other.number.clone()?;
        let from = (before.len().saturating_sub(NEAR)..=before.len()).find(|i| before.is_char_boundary(*i))?;
        let near = plain(before[from..].rsplit([';', '.', '\n']).next().unwrap_or_default());
        let says = |rule: &&Rule| {
            rule.says.iter().any(|s| near == plain(s) || near.ends_with(&format!(" {}", plain(s))))
                && !rule.unless.iter().any(|u| near.split(' ').any(|w| w == plain(u)))
                && (opens || !rule.opening)
        };
        let rule = self.rules.links.iter().find(says)?;
        Some(Link { does: rule.does, kind: other.kind.clone(), number, issued: other.issued, at: other.at })
    }
}

/// In lower case, marks kept, one blank between words.
fn plain(words: &str) -> String {
    let letters = letters::old_tone_placement(&words.to_lowercase());
    letters.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Runs the examples and near misses of `parse/link.yaml`, as sentences of the body.
pub(super) fn prove(book: &RuleBook) -> Result<Vec<Failure>> {
    let (links, bases) = (Links::new(book)?, Bases::new(book)?);
    let found = |text: &str| {
        let found = links.find(text, &bases, &[], &[Span::new(0, text.len())]).into_iter();
        let given: Vec<Given> = found.map(|l| Given { does: l.does, number: l.number, issued: l.issued }).collect();
        (!given.is_empty()).then_some(given)
    };
    Ok(proof::prove(book, FILE, &links.rules.examples, &links.rules.rejects, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_keeps_its_examples() {
        assert_eq!(prove(&RuleBook::embedded()).expect("readable"), Vec::new());
    }

    #[test]
    fn what_a_plan_carries_out_stands_in_its_opening() {
        let book = RuleBook::embedded();
        let (links, bases) = (Links::new(&book).expect("rules"), Bases::new(&book).expect("rules"));
        let text = "Thực hiện Kế hoạch số 45/KH-UBND ngày 20/02/2026 của UBND tỉnh về trồng cây xanh;";
        let all = Span::new(0, text.len());
        assert_eq!(links.find(text, &bases, &[all], &[]).iter().map(|l| l.does).collect::<Vec<_>>(), [Does::CarriesOut]);
        assert!(links.find(text, &bases, &[], &[all]).is_empty());
    }
}
