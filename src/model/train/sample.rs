//! Paragraphs of the corpus to be printed, scanned and read by an OCR, so that more pairs of lines come of them.

use std::collections::HashSet;
use std::path::PathBuf;

use super::{corpus, overlap};
use crate::error::Result;

/// Paragraphs are taken in runs of so many, as many runs from every text, evenly spaced.
const RUN: usize = 64;
/// One of so many paragraphs that are short enough for it is set in capitals, as headings are.
const HEADING: usize = 4;
const LONGEST_HEADING: usize = 80;

/// Which paragraphs to take.
#[derive(Clone, Debug)]
pub struct SampleOptions {
    /// The folder of texts, as for training.
    pub corpus: PathBuf,
    /// Pairs and texts to be measured on: a paragraph that shares a stretch of words with one of them is left out.
    pub but: Vec<PathBuf>,
    /// Runs of paragraphs from every text.
    pub runs: usize,
    /// Take them from what training holds back, and not from what it sees.
    pub held_back: bool,
}

/// The paragraphs, in the order of the corpus: the same options give the same ones.
///
/// # Errors
/// When a file can't be read.
pub fn sample(options: &SampleOptions) -> Result<Vec<String>> {
    let unwanted: HashSet<u64> = overlap::measured(&options.but)?.into_iter().collect();
    let mut taken = Vec::new();
    for text in corpus::texts(&options.corpus)? {
        let mut all = Vec::new();
        corpus::paragraphs(&text, |line, held_back| {
            if held_back == options.held_back {
                all.push(line.to_owned());
            }
        })?;
        let step = all.len().div_ceil(RUN).div_ceil(options.runs.max(1)).max(1);
        let runs = all.chunks(RUN).step_by(step).flatten();
        taken.extend(runs.filter(|p| !overlap::stretches(p).any(|s| unwanted.contains(&s))).cloned());
    }
    let short = taken.iter_mut().filter(|p| p.chars().count() <= LONGEST_HEADING);
    short.step_by(HEADING).for_each(|p| *p = p.to_uppercase());
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_measured_on_is_not_taken_and_headings_are_made() {
        let dir = tempfile::tempdir().expect("a folder");
        let words: Vec<String> = (0..20).map(|n| format!("tổ {}", "dân".repeat(n % 5 + 1))).collect();
        let long = words.join(" ");
        fs::write(dir.path().join("admin.txt"), format!("kế hoạch\n{long} và\nmục tiêu\nyêu cầu\n")).expect("written");
        let truth = dir.path().join("truth.text");
        let options = |but| SampleOptions { corpus: dir.path().to_owned(), but, runs: 3, held_back: false };
        let all = sample(&options(Vec::new())).expect("readable");
        assert_eq!((all.len(), all[0].as_str(), all[2].as_str()), (4, "KẾ HOẠCH", "mục tiêu"));
        fs::write(&truth, format!("một {long}")).expect("written");
        let some = sample(&options(vec![truth])).expect("readable");
        assert_eq!(some, ["KẾ HOẠCH", "mục tiêu", "yêu cầu"]);
    }
}
