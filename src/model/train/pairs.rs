//! Pairs of lines as read and as they should read, cut into words that were read as one another.

use std::collections::BTreeMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Kind, Result};
use crate::text::letters::fold_char;

/// A line as read and its truth, with the page it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Document and page.
    pub page: String,
    /// As read.
    pub read: String,
    /// As it should read.
    pub truth: String,
}

impl Line {
    /// The document: what stands before the stroke in the page's name, or the page itself.
    pub fn document(&self) -> &str {
        self.page.split('/').next().unwrap_or_default()
    }
}

/// The lines of a file `page ⇥ line ⇥ as read ⇥ truth`.
///
/// # Errors
/// When the file can't be read, or a line has not four fields.
pub fn lines(path: &Path) -> Result<Vec<Line>> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(path, Kind::Unreadable, e))?;
    text.lines()
        .filter(|l| !l.trim().is_empty())
        .map(|line| {
            let mut fields = line.split('\t');
            match (fields.next(), fields.next(), fields.next(), fields.next()) {
                (Some(page), Some(_), Some(read), Some(truth)) => {
                    Ok(Line { page: page.into(), read: read.nfc().collect(), truth: truth.nfc().collect() })
                }
                _ => Err(Error::new(Kind::BadRecord).at(path).detail("a line needs four fields: page, line, as read, truth")),
            }
        })
        .collect()
}

/// One page in twenty is held back from training, to weigh evidence and to calibrate on.
pub fn is_held_back(page: &str) -> bool {
    let h = page.bytes().fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
    // Names of pages differ in their last letters only: mix before the remainder is taken.
    let mixed = (h ^ h >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    (mixed >> 33).is_multiple_of(20)
}

/// Words as read against words of the truth, with how often each pair was met. What was read may hold blanks (one word fell apart).
pub type WordPairs = BTreeMap<(String, String), u32>;

/// Adds the words of one line to `pairs`. Marks that stand equal on both sides of a word are peeled off.
pub fn add_words(line: &Line, pairs: &mut WordPairs) {
    let read: Vec<&str> = line.read.split_whitespace().collect();
    let truth: Vec<&str> = line.truth.split_whitespace().collect();
    for (from, to) in aligned(&read, &truth) {
        if to.len() == 1 && !from.is_empty() {
            let joined = read[from].join(" ");
            if let Some(pair) = peeled(&joined, truth[to.start]) {
                *pairs.entry(pair).or_default() += 1;
            }
        }
    }
}

/// What stands around a word and is kept when it is read rightly.
fn is_mark(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The letters of a word and what was read for them, without the marks around both; `None` where the word has other signs within.
pub(crate) fn peeled(read: &str, truth: &str) -> Option<(String, String)> {
    let core = truth.trim_matches(is_mark);
    let before = &truth[..truth.len() - truth.trim_start_matches(is_mark).len()];
    let after = &truth[truth.trim_end_matches(is_mark).len().max(before.len())..];
    let mut read = read;
    for mark in before.chars() {
        read = read.strip_prefix(|c| looks_like(c, mark)).unwrap_or(read);
    }
    for mark in after.chars().rev() {
        read = read.strip_suffix(|c| looks_like(c, mark)).unwrap_or(read);
    }
    (!core.is_empty() && core.chars().all(char::is_alphabetic) && !read.is_empty()).then(|| (read.to_owned(), core.to_owned()))
}

fn looks_like(read: char, mark: char) -> bool {
    let same = |c: char| match c {
        '“' | '”' | '‘' | '’' | '\'' => '"',
        '–' | '—' => '-',
        '…' => '.',
        ';' | ':' => ',',
        c => c,
    };
    same(read) == same(mark)
}

type Cut = (std::ops::Range<usize>, std::ops::Range<usize>);

/// The cheapest way to lay the words of two lines beside each other: one to one, up to three to one, one to two, or alone.
fn aligned(read: &[&str], truth: &[&str]) -> Vec<Cut> {
    const STEPS: [(usize, usize); 6] = [(1, 1), (2, 1), (3, 1), (1, 2), (1, 0), (0, 1)];
    let (n, m) = (read.len(), truth.len());
    let folded = |words: &[&str]| -> Vec<Vec<char>> { words.iter().map(|w| w.chars().map(alike).collect()).collect() };
    let (r, t) = (folded(read), folded(truth));
    let mut cost = vec![vec![f32::INFINITY; m + 1]; n + 1];
    let mut step = vec![vec![0usize; m + 1]; n + 1];
    cost[0][0] = 0.0;
    for i in 0..=n {
        for j in 0..=m {
            if !cost[i][j].is_finite() {
                continue;
            }
            for (s, &(a, b)) in STEPS.iter().enumerate() {
                if i + a > n || j + b > m {
                    continue;
                }
                let far = distance(&r[i..i + a].concat(), &t[j..j + b].concat()) + if a == b { 0.0 } else { 0.6 };
                if cost[i][j] + far < cost[i + a][j + b] {
                    cost[i + a][j + b] = cost[i][j] + far;
                    step[i + a][j + b] = s;
                }
            }
        }
    }
    let (mut i, mut j, mut cuts) = (n, m, Vec::new());
    while i > 0 || j > 0 {
        let (a, b) = STEPS[step[i][j]];
        cuts.push((i - a..i, j - b..j));
        (i, j) = (i - a, j - b);
    }
    cuts.reverse();
    cuts
}

/// Digits and signs that stand for letters count as those letters when words are laid side by side.
pub(crate) fn alike(c: char) -> char {
    match fold_char(c) {
        '6' | '0' | '@' => 'o',
        '1' | '|' | 'l' => 'i',
        '4' => 'a',
        '¢' => 'c',
        '¥' => 'y',
        c => c,
    }
}

/// How many letters must be put in, taken out or replaced.
pub(crate) fn distance(a: &[char], b: &[char]) -> f32 {
    let mut row: Vec<f32> = (0..=b.len()).map(|j| j as f32).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i as f32 + 1.0;
        for (j, y) in b.iter().enumerate() {
            let here = (corner + if x == y { 0.0 } else { 1.0 }).min(row[j] + 1.0).min(row[j + 1] + 1.0);
            corner = std::mem::replace(&mut row[j + 1], here);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_laid_beside_their_truth() {
        let line = Line {
            page: "p".into(),
            read: "T ruyén théng, “Pot thudc linhvuc co' y".into(),
            truth: "Truyền thông, “Đợt thuộc lĩnh vực cơ ý".into(),
        };
        let mut pairs = WordPairs::new();
        add_words(&line, &mut pairs);
        let got: Vec<String> = pairs.keys().map(|(r, t)| format!("{r}>{t}")).collect();
        assert_eq!(got, ["Pot>Đợt", "T ruyén>Truyền", "co'>cơ", "thudc>thuộc", "théng>thông", "y>ý"]);
    }
}
