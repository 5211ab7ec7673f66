//! How good repair is: syllable error rates on pairs of lines as read and as they should read, before and after, and what became of
//! numbers and of right words.

use super::{Repaired, Repairer};
use crate::model::alphabet;
use crate::model::{self, train::pairs::Line};
use crate::text::{Condition, Source, Sure};

/// What was counted on some pairs. Case counts; the two places of a tone (hòa, hoà) are one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Syllables of the truth.
    pub syllables: usize,
    /// Syllables to put in, take out or replace, in the lines as read.
    pub before: usize,
    /// The same in the lines as repaired.
    pub after: usize,
    /// The same when the truth itself is repaired, nothing being known of it: what repair does to clean text.
    pub clean: usize,
    /// Syllables of the truth that were read rightly and are wrong after repair.
    pub harmed: usize,
    /// Words as read that hold digits and the marks `. , / - : %`, and nothing else.
    pub numbers: usize,
    /// Those of them that repair changed.
    pub numbers_changed: usize,
    /// Those of them that it changed without marking the change doubtful.
    pub numbers_unmarked: usize,
}

/// Repairs `lines` document by document, as they would come, and counts. `told` is what repair is told of them; where that is
/// [`Condition::Stripped`] the truths without their marks are read instead.
pub fn score(repairer: &Repairer, lines: &[Line], told: Condition) -> Score {
    let mut score = Score::default();
    for document in lines.chunk_by(|a, b| a.document() == b.document()) {
        let truth: String = document.iter().map(|l| l.truth.clone() + "\n").collect();
        let read: String = match told {
            Condition::Stripped => truth.chars().map(unmarked).collect(),
            _ => document.iter().map(|l| l.read.clone() + "\n").collect(),
        };
        let repaired = repairer.repair(Source::of_text("", &read, told));
        let before = model::score::score(&truth, &read);
        score.syllables += before.syllables;
        score.before += before.errors;
        score.after += model::score::score(&truth, repaired.text()).errors;
        score.clean += model::score::score(&truth, repairer.repair(Source::of_text("", &truth, Condition::Unknown)).text()).errors;
        let (was, is) = (model::score::right(&truth, &read), model::score::right(&truth, repaired.text()));
        score.harmed += was.iter().zip(is).filter(|(was, is)| **was && !is).count();
        score.count_numbers(&repaired);
    }
    score
}

fn unmarked(letter: char) -> char {
    alphabet::number(letter).map_or(letter, |n| alphabet::letter(alphabet::bare(n)))
}

impl Score {
    fn count_numbers(&mut self, repaired: &Repaired) {
        let text = repaired.source().text();
        let mut start = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            let (from, to) = (start, start + word.trim_end().len());
            start += word.len();
            let number = text[from..to].bytes().any(|b| b.is_ascii_digit())
                && text[from..to].bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'/' | b'-' | b':' | b'%'));
            if number {
                let edits = || repaired.log().edits().iter().filter(|e| e.raw.start < to && e.raw.end > from);
                self.numbers += 1;
                self.numbers_changed += usize::from(edits().next().is_some());
                self.numbers_unmarked += usize::from(edits().any(|e| e.sure != Sure::Doubtful));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    #[test]
    fn lines_are_counted_as_told() {
        let repairer = Repairer::new(&RuleBook::embedded()).expect("our own rules");
        let line = |read: &str, truth: &str| Line { page: "a/1".into(), read: read.into(), truth: truth.into() };
        let lines = [line("Té chirc thuc hién 12/KH ngay 03/4/2024", "Tổ chức thực hiện 12/KH ngày 03/4/2024")];
        let told = score(&repairer, &lines, Condition::ForeignOcr);
        assert_eq!((told.syllables, told.before, told.after, told.clean, told.numbers, told.numbers_changed), (10, 5, 0, 0, 1, 0));
        assert_eq!(score(&repairer, &lines, Condition::Stripped).before, 5);
        assert_eq!(score(&repairer, &lines, Condition::Clean).after, 5);
    }
}
