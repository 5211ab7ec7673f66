//! How good repair is: syllable error rates on pairs of lines as read and as they should read, before and after, and what became of
//! numbers and of right words.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::{Repaired, Repairer};
use crate::model::alphabet;
use crate::model::score::Pair;
use crate::model::{self, train::pairs::Line};
use crate::text::{Condition, Edit, Source, Span, Sure};

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

/// What became of the edits of one grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Graded {
    /// Edits in which a syllable of the result stands.
    pub edits: usize,
    /// Those all of whose syllables are in the truth.
    pub right: usize,
}

/// Counts, how sure the edits were beside how right they are, and what is still wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// The counts.
    pub score: Score,
    /// Edits by how sure they say they are; those of numbers apart, for they are doubtful whatever their margin.
    pub sure: BTreeMap<Sure, Graded>,
    /// Edits of numbers.
    pub numbers: Graded,
    /// Runs of wrong syllables, truth and result, with how often they came.
    pub wrong: HashMap<(String, String), usize>,
}

/// Repairs `lines` document by document, as they would come, and counts. `told` is what repair is told of them; where that is
/// [`Condition::Stripped`] the truths without their marks are read instead.
pub fn measure(repairer: &Repairer, lines: &[Line], told: Condition) -> Measure {
    let mut measure = Measure::default();
    for document in lines.chunk_by(|a, b| a.document() == b.document()) {
        let truth: String = document.iter().map(|l| l.truth.clone() + "\n").collect();
        let read: String = match told {
            Condition::Stripped => truth.chars().map(unmarked).collect(),
            _ => document.iter().map(|l| l.read.clone() + "\n").collect(),
        };
        let repaired = repairer.repair(Source::of_text("", &read, told));
        let score = &mut measure.score;
        let before = model::score::score(&truth, &read);
        score.syllables += before.syllables;
        score.before += before.errors;
        score.after += model::score::score(&truth, repaired.text()).errors;
        score.clean += model::score::score(&truth, repairer.repair(Source::of_text("", &truth, Condition::Unknown)).text()).errors;
        let (was, is) = (model::score::right(&truth, &read), model::score::right(&truth, repaired.text()));
        score.harmed += was.iter().zip(is).filter(|(was, is)| **was && !is).count();
        score.count_numbers(&repaired);
        measure.hold(&truth, &repaired);
    }
    measure
}

/// Digits and the marks between them, and nothing else.
fn is_number(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'/' | b'-' | b':' | b'%'))
}

impl Measure {
    /// Holds the result against the truth, line by line.
    fn hold(&mut self, truth: &str, repaired: &Repaired) {
        let mut start = 0;
        for (truth, text) in truth.split('\n').zip(repaired.text().split('\n')) {
            let pairs = model::score::align(truth, text);
            let edits = repaired.log().under(Span::new(start, start + text.len()));
            for edit in edits {
                self.grade(edit, repaired, start, &pairs);
            }
            for run in pairs.split(|p| p.right).filter(|run| !run.is_empty()) {
                let words = |line: &str, place: fn(&Pair) -> Option<&Range<usize>>| {
                    let words: Vec<&str> = run.iter().filter_map(place).map(|r| &line[r.clone()]).collect();
                    words.join(" ")
                };
                *self.wrong.entry((words(truth, |p| p.truth.as_ref()), words(text, |p| p.text.as_ref()))).or_default() += 1;
            }
            start += text.len() + 1;
        }
    }

    /// Is `edit`, in the line that begins at `start`, right?
    fn grade(&mut self, edit: &Edit, repaired: &Repaired, start: usize, pairs: &[Pair]) {
        let span = repaired.log().to_fixed(edit.raw);
        let touched = |p: &&Pair| p.text.as_ref().is_some_and(|r| start + r.start < span.end && start + r.end > span.start);
        let Some(right) = pairs.iter().filter(touched).map(|p| p.right).reduce(|a, b| a && b) else { return };
        let number = is_number(&repaired.source().text()[edit.raw.range()]);
        let grade = if number { &mut self.numbers } else { self.sure.entry(edit.sure).or_default() };
        grade.edits += 1;
        grade.right += usize::from(right);
    }
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
            if is_number(&text[from..to]) {
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
        let measured = measure(&repairer, &lines, Condition::ForeignOcr);
        let told = measured.score;
        assert_eq!((told.syllables, told.before, told.after, told.clean, told.numbers, told.numbers_changed), (10, 5, 0, 0, 1, 0));
        assert!(measured.wrong.is_empty(), "{:?}", measured.wrong);
        assert!(measured.sure.values().all(|g| g.edits == g.right), "{:?}", measured.sure);
        assert_eq!(measure(&repairer, &lines, Condition::Stripped).score.before, 5);
        let clean = measure(&repairer, &lines, Condition::Clean);
        assert_eq!(clean.score.after, 5);
        assert_eq!(clean.wrong[&("ngày".to_owned(), "ngay".to_owned())], 1);
    }
}
