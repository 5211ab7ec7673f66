//! How good repair is: syllable error rates on pairs of lines as read and as they should read, before and after.

use unicode_normalization::UnicodeNormalization;

use super::Repairer;
use crate::model::train::pairs::Line;
use crate::text::letters::old_tone_placement;
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

/// Repairs `lines` page by page, as they would come, and counts.
pub fn score(repairer: &Repairer, lines: &[Line]) -> Score {
    let mut score = Score::default();
    for page in lines.chunk_by(|a, b| a.page == b.page) {
        let read: Vec<&str> = page.iter().map(|l| l.read.as_str()).collect();
        let truth: Vec<&str> = page.iter().map(|l| l.truth.as_str()).collect();
        let (repaired, kept) = (repaired(repairer, &read), repaired(repairer, &truth));
        for (i, line) in page.iter().enumerate() {
            let wanted = syllables(&line.truth);
            score.syllables += wanted.len();
            score.before += distance(&wanted, &syllables(&line.read));
            score.after += distance(&wanted, &syllables(repaired.get(i).map_or("", String::as_str)));
            score.clean += distance(&wanted, &syllables(kept.get(i).map_or("", String::as_str)));
        }
    }
    score
}

fn repaired(repairer: &Repairer, lines: &[&str]) -> Vec<String> {
    let source = Source::of_text("", &lines.join("\n"), Condition::Unknown);
    repairer.repair(source).text().split('\n').map(str::to_owned).collect()
}

/// Runs of letters and digits, each with its tone in the old place.
fn syllables(line: &str) -> Vec<String> {
    let line: String = line.nfc().collect();
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty());
    words.map(old_tone_placement).collect()
}

/// Levenshtein's distance, a syllable a step.
fn distance(a: &[String], b: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let step = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], step);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syllable_is_one_step() {
        let count = |a: &str, b: &str| distance(&syllables(a), &syllables(b));
        assert_eq!(count("tổ dân phố", "t6 dan phố"), 2);
        assert_eq!(count("Xã hội hoà bình.", "Xã hội, hòa bình"), 0);
        assert_eq!((count("một", ""), count("", "một hai"), count("a b c", "a c")), (1, 2, 1));
    }
}
