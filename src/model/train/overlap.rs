//! Proof that training did not see what it is measured on.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::TrainOptions;
use super::{corpus, pairs};
use crate::error::{Error, Kind, Result};
use crate::model::unit::{Unit, units};
use crate::model::vocabulary::counted_form;

/// So many words in a row are a quotation, not a common turn of phrase.
const WORDS: usize = 14;

/// How much of the texts to be measured on was met in training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// Stretches of fourteen words in the measured truths.
    pub stretches: usize,
    /// Those of them that stand in the training texts or in the truths of training pairs, statutory formulas among them.
    pub met: usize,
    /// Pages of the measured pairs that are pages of the training pairs.
    pub pages: usize,
}

/// Looks for the truths of the pairs and texts in `files` in everything that `options` trains from.
///
/// # Errors
/// When a file can't be read.
pub fn overlap(options: &TrainOptions, files: &[PathBuf]) -> Result<Overlap> {
    let wanted: HashSet<u64> = measured(files)?.into_iter().collect();
    let mut pages = HashSet::new();
    for file in files.iter().filter(|f| is_pairs(f)) {
        pages.extend(pairs::lines(file)?.into_iter().map(|l| l.page));
    }
    let (mut met, mut common) = (HashSet::new(), HashSet::new());
    let mut see = |text: &str| met.extend(stretches(text).filter(|s| wanted.contains(s)));
    for text in corpus::texts(&options.corpus)? {
        corpus::paragraphs(&text, |line, held_back| {
            if !held_back {
                see(line);
            }
        })?;
    }
    for file in options.foreign_pairs.iter().chain(&options.vietnamese_pairs) {
        for line in pairs::lines(file)?.iter().filter(|l| !pairs::is_held_back(&l.page)) {
            see(&line.truth);
            if pages.contains(&line.page) {
                common.insert(line.page.clone());
            }
        }
    }
    Ok(Overlap { stretches: wanted.len(), met: met.len(), pages: common.len() })
}

fn is_pairs(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "tsv")
}

/// The stretches of words of the truths in `files`: pairs (`.tsv`) or texts.
pub(super) fn measured(files: &[PathBuf]) -> Result<Vec<u64>> {
    let mut all = Vec::new();
    for file in files {
        let truth = if is_pairs(file) {
            pairs::lines(file)?.into_iter().map(|l| l.truth + "\n").collect()
        } else {
            std::fs::read_to_string(file).map_err(|e| Error::io(file, Kind::Unreadable, e))?
        };
        all.extend(stretches(&truth));
    }
    Ok(all)
}

pub(super) fn stretches(text: &str) -> impl Iterator<Item = u64> + use<> {
    let words: Vec<String> = units(text).filter(|(_, u)| *u == Unit::Word).map(|(r, _)| counted_form(&text[r])).collect();
    let hashes: Vec<u64> =
        words.iter().map(|w| w.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3))).collect();
    let starts = (hashes.len() + 1).saturating_sub(WORDS);
    (0..starts).map(move |i| hashes[i..i + WORDS].iter().fold(7, |k: u64, h| k.rotate_left(9).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ h))
}
