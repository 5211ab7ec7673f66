//! How far a text is from its truth, in syllables: the measure of `docs/accuracy.md`.

use std::ops::Range;

use crate::text::letters::old_tone_placement;

/// Syllables of the truth, and the least number of syllables to change, add or leave out to reach it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Syllables of the truth.
    pub syllables: usize,
    /// Wrong, missing and added syllables.
    pub errors: usize,
}

impl Score {
    /// Errors per syllable of the truth.
    pub fn rate(self) -> f64 {
        self.errors as f64 / self.syllables.max(1) as f64
    }
}

/// Scores `text` against `truth`, line by line where both have as many lines, else as a whole. Old and new placement of tones are one.
pub fn score(truth: &str, text: &str) -> Score {
    let (t, r): (Vec<&str>, Vec<&str>) = (truth.split('\n').collect(), text.split('\n').collect());
    let pairs: Vec<(&str, &str)> = if t.len() == r.len() { t.into_iter().zip(r).collect() } else { vec![(truth, text)] };
    pairs.into_iter().fold(Score::default(), |sum, (truth, text)| {
        let (truth, text) = (syllables(truth), syllables(text));
        Score { syllables: sum.syllables + truth.len(), errors: sum.errors + distance(&truth, &text) }
    })
}

/// Which syllables of `truth` stand in `text`, line by line (both must have as many lines).
pub fn right(truth: &str, text: &str) -> Vec<bool> {
    let lines = truth.split('\n').zip(text.split('\n'));
    lines.flat_map(|(truth, text)| align(truth, text).into_iter().filter(|p| p.truth.is_some()).map(|p| p.right)).collect()
}

/// A syllable of the truth beside one of a text: where each stands, in bytes of its line. One that is missing or added stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Of the truth.
    pub truth: Option<Range<usize>>,
    /// Of the text.
    pub text: Option<Range<usize>>,
    /// Both are there and are one.
    pub right: bool,
}

/// A cheapest alignment of two lines, in their order.
pub fn align(truth: &str, text: &str) -> Vec<Pair> {
    let (a, b): (Vec<_>, Vec<_>) = (placed(truth).collect(), placed(text).collect());
    let mut table = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => (table[i - 1][j - 1] + usize::from(a[i - 1].1 != b[j - 1].1)).min(table[i - 1][j] + 1).min(table[i][j - 1] + 1),
            };
        }
    }
    let (mut i, mut j, mut pairs) = (a.len(), b.len(), Vec::new());
    while i > 0 || j > 0 {
        let same = i > 0 && j > 0 && a[i - 1].1 == b[j - 1].1;
        let both = i > 0 && j > 0 && table[i][j] == table[i - 1][j - 1] + usize::from(!same);
        let (left, down) = (both || (i > 0 && table[i][j] == table[i - 1][j] + 1), both);
        let (truth, text) = (left.then(|| a[i - 1].0.clone()), (down || !left).then(|| b[j - 1].0.clone()));
        (i, j) = (i - usize::from(truth.is_some()), j - usize::from(text.is_some()));
        pairs.push(Pair { right: both && same, truth, text });
    }
    pairs.reverse();
    pairs
}

fn syllables(line: &str) -> Vec<String> {
    placed(line).map(|(_, syllable)| syllable).collect()
}

/// The syllables of a line with where they stand, in one spelling.
fn placed(line: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    let runs = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| w.chars().any(char::is_alphanumeric));
    runs.map(move |run| {
        let start = run.as_ptr() as usize - line.as_ptr() as usize;
        (start..start + run.len(), one_spelling(run))
    })
}

/// `HOÀ` and `HÒA` are one, `Hòa` is another.
fn one_spelling(word: &str) -> String {
    let small = word.to_lowercase();
    let old = old_tone_placement(&small);
    if old == small && small == word {
        return small;
    }
    let capitals: Vec<bool> = word.chars().map(char::is_uppercase).collect();
    if capitals.len() != old.chars().count() {
        return word.to_owned();
    }
    old.chars().zip(capitals).flat_map(|(c, capital)| if capital { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] }).collect()
}

fn distance(a: &[String], b: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let here = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], here);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_by_syllable() {
        assert_eq!(score("Tổ dân phố Hoà Yên", "T6 dân phố Hòa Yên"), Score { syllables: 5, errors: 1 });
        assert_eq!(score("một\nhai ba", "một\nhai").errors, 1);
        assert_eq!(score("a, b", "a b").errors, 0);
        assert_eq!(right("một hai ba\nbốn", "một hải ba\nba bốn"), [true, false, true, true]);
        assert_eq!(right("một hai", "hai"), [false, true]);
        let pair = |truth, text, right| Pair { truth, text, right };
        assert_eq!(
            align("a, bc", "x bc d"),
            [pair(Some(0..1), Some(0..1), false), pair(Some(3..5), Some(2..4), true), pair(None, Some(5..6), false)]
        );
    }
}
