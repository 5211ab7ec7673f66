//! Runs the examples and near misses that a rule file of this room carries.

use std::fmt::Debug;

use serde::Deserialize;

use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::rules::proof::Failure;
use crate::text::{Condition, Source};

/// A text and what is found in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example<G> {
    pub text: String,
    pub gives: G,
}

/// `text` as if it had been read from a clean file.
pub(super) fn as_read(text: &str) -> Repaired {
    Repaired::new(Source::of_text("", text, Condition::Clean), Vec::new())
}

/// The examples that give something else, and the near misses that give anything.
pub(super) fn prove<G: PartialEq + Debug>(
    book: &RuleBook,
    file: &str,
    examples: &[Example<G>],
    rejects: &[String],
    found: impl Fn(&str) -> Option<G>,
) -> Vec<Failure> {
    let other = |e: &Example<G>| {
        let found = found(&e.text);
        (found.as_ref() != Some(&e.gives)).then(|| Failure::new(book, file, "examples", &e.text, format!("gives {found:?}")))
    };
    let any = |text: &String| found(text).map(|f| Failure::new(book, file, "rejects", text, format!("gives {f:?}")));
    examples.iter().filter_map(other).chain(rejects.iter().filter_map(any)).collect()
}
