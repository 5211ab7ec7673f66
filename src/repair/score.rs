//! How good repair is: syllable error rates on pairs of lines as read and as they should read, before and after.

use super::Repairer;
use crate::model::{self, train::pairs::Line};
use crate::text::{Condition, Source};

/// What was counted on some pairs. Case counts; the two places of a tone (hòa, hoà) are one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Syllables of the truth.
    pub syllables: usize,
    /// Syllables to put in, take out or replace, in the lines as read.
    pub before: usize,
    /// The same in the lines as repaired.
    pub after: usize,
    /// The same when the truth itself is repaired: what repair does to clean text.
    pub clean: usize,
}

/// Repairs `lines` document by document, as they would come, and counts.
pub fn score(repairer: &Repairer, lines: &[Line]) -> Score {
    let mut score = Score::default();
    for document in lines.chunk_by(|a, b| a.document() == b.document()) {
        let read: Vec<&str> = document.iter().map(|l| l.read.as_str()).collect();
        let truth: Vec<&str> = document.iter().map(|l| l.truth.as_str()).collect();
        let (read, truth) = (read.join("\n"), truth.join("\n"));
        let before = model::score::score(&truth, &read);
        score.syllables += before.syllables;
        score.before += before.errors;
        score.after += model::score::score(&truth, &repaired(repairer, &read)).errors;
        score.clean += model::score::score(&truth, &repaired(repairer, &truth)).errors;
    }
    score
}

fn repaired(repairer: &Repairer, text: &str) -> String {
    repairer.repair(Source::of_text("", text, Condition::Unknown)).text().to_owned()
}
