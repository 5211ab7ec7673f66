//! Rules prove themselves: the examples and near misses that every rule carries, and what failed when they were run.

use std::ops::Range;

use serde::Deserialize;

use super::RuleBook;
use crate::error::{Result, Spot};

/// A stage whose rules carry examples.
pub trait Proof {
    /// Runs every example and near miss of the stage's rules in `book`; what does not hold comes back.
    ///
    /// # Errors
    /// When the rules can't be read.
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>>;
}

/// An example of a rule: a text with the words that the rule must find between `[[` and `]]`, and what they come to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example<T> {
    /// The text.
    pub text: String,
    /// What the rule makes of it.
    #[serde(default = "none")]
    pub gives: Option<T>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T> Example<T> {
    /// The text without the marks, and where they stood.
    pub fn parts(&self) -> (String, Vec<Range<usize>>) {
        let (mut text, mut spans) = (String::with_capacity(self.text.len()), Vec::new());
        for (i, piece) in self.text.split("[[").enumerate() {
            match piece.split_once("]]").filter(|_| i > 0) {
                Some((inside, after)) => {
                    spans.push(text.len()..text.len() + inside.len());
                    text.push_str(inside);
                    text.push_str(after);
                }
                None => text.push_str(piece),
            }
        }
        (text, spans)
    }
}

/// An example or a near miss that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule file, as in `extract/due.yaml`.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// The line of the example.
    pub spot: Spot,
    /// Why, in one sentence.
    pub reason: String,
}

impl Failure {
    /// The example `text` of `rule` in the file at `path` does not hold because of `reason`.
    pub fn new(book: &RuleBook, path: &str, rule: &str, text: &str, reason: String) -> Self {
        let whole = book.text(path).unwrap_or_default();
        let rule_at = find_line(&whole, &format!("id: {rule}"), 0).unwrap_or(0);
        // A near miss has no marks: an example of the same words, which stands before it, is not meant.
        let says = |line: &str| line.contains(text) && (text.contains("[[") || !line.contains("[["));
        let line = whole.lines().enumerate().skip(rule_at).find(|(_, l)| says(l)).map_or(rule_at, |(i, _)| i);
        Self { path: path.to_owned(), rule: rule.to_owned(), spot: Spot { line: line + 1, column: 1, text: whole.into_owned() }, reason }
    }
}

/// The first line (from 0) at or after `from` that holds `what`.
pub(super) fn find_line(text: &str, what: &str, from: usize) -> Option<usize> {
    text.lines().enumerate().skip(from).find(|(_, line)| line.contains(what)).map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out() {
        let example: Example<()> = Example { text: "gửi [[trước ngày 1/6]] và [[sau]]".into(), gives: None };
        let (text, spans) = example.parts();
        assert_eq!(text, "gửi trước ngày 1/6 và sau");
        assert_eq!(spans.iter().map(|s| &text[s.clone()]).collect::<Vec<_>>(), ["trước ngày 1/6", "sau"]);
    }
}
