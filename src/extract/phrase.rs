//! Knows phrases of the rules, each with its examples, and where they stand in a text.

use std::ops::Range;

use serde::Deserialize;

use crate::error::{Error, Kind, Result};
use crate::rules::RuleBook;
use crate::rules::pattern::{Hole, Pattern, Spelled};
use crate::rules::proof::{Example, Failure};

/// A rule of phrases that mean the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhraseRule {
    pub id: String,
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    pub kind: Option<super::TaskKind>,
    says: Vec<String>,
    examples: Vec<Example<()>>,
    rejects: Vec<String>,
}

/// The phrases of one rule, ready to be found.
#[derive(Debug)]
pub(super) struct Phrase {
    pub id: String,
    pub kind: Option<super::TaskKind>,
    patterns: Vec<Pattern>,
}

/// A year written in four digits.
fn hole(name: &str) -> Option<Hole> {
    (name == "year").then(|| Hole { regex: "(19|20)[0-9][0-9]".into(), ..Hole::default() })
}

impl Phrase {
    pub fn new(file: &str, rule: &PhraseRule) -> Result<Self> {
        let patterns = rule.says.iter().map(|s| Pattern::new(s, &hole)).collect::<std::result::Result<_, _>>();
        let patterns = patterns.map_err(|e| Error::new(Kind::BadRule).at(format!("rules/{file}")).detail(format!("{}: {e}", rule.id)))?;
        Ok(Self { id: rule.id.clone(), kind: rule.kind, patterns })
    }

    /// The phrases of `rules`, in order.
    pub fn all(file: &str, rules: &[PhraseRule]) -> Result<Vec<Self>> {
        rules.iter().map(|r| Self::new(file, r)).collect()
    }

    /// Where the phrase stands in `text`, from left to right; of two that begin together the longer.
    pub fn find(&self, text: &Spelled) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = self.patterns.iter().flat_map(|p| p.find_all(text)).map(|m| text.origin(m.says)).collect();
        found.sort_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
        found.dedup_by_key(|r| r.start);
        found
    }

    pub fn is_in(&self, text: &Spelled) -> bool {
        self.patterns.iter().any(|p| !p.find_all(text).is_empty())
    }
}

/// Runs the examples and near misses of `rules`.
pub(super) fn prove(book: &RuleBook, file: &str, rules: &[PhraseRule], failures: &mut Vec<Failure>) -> Result<()> {
    for rule in rules {
        let phrase = Phrase::new(file, rule)?;
        for example in &rule.examples {
            let (text, spans) = example.parts();
            let found = phrase.find(&Spelled::new(&text));
            if found != spans {
                let heard: Vec<&str> = found.iter().map(|r| &text[r.clone()]).collect();
                failures.push(Failure::new(book, file, &rule.id, &example.text, format!("found {heard:?}")));
            }
        }
        for text in rule.rejects.iter().filter(|t| phrase.is_in(&Spelled::new(t))) {
            failures.push(Failure::new(book, file, &rule.id, text, "fits, though it is listed under `rejects`".into()));
        }
    }
    Ok(())
}
