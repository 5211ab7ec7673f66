//! Builds a model from texts and pairs: counts, smoothing, pruning, the channel's expectation maximisation, and the file they go to.

pub mod channel;
pub mod corpus;
mod count;
mod kneser_ney;
pub mod overlap;
pub mod pairs;
mod prune;
pub mod sample;

use std::path::{Path, PathBuf};

use super::format::SectionsWriter;
use super::ngram::{ORDER, WordId, quantised, write_table};
use super::vocabulary;
use crate::error::{Error, Kind, Result};
use kneser_ney::Smoothed;
use prune::Mixed;

/// What to train from, and how large the outcome may be.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// Folder of clean texts, a paragraph a line (`.zst` or `.txt`; names that begin with `admin` are law and administration).
    pub corpus: PathBuf,
    /// Folder of tables of names (`.tsv`, first column); may be absent.
    pub gazetteer: Option<PathBuf>,
    /// Pairs of lines damaged by an English OCR.
    pub foreign_pairs: Vec<PathBuf>,
    /// Pairs of lines read by a Vietnamese OCR.
    pub vietnamese_pairs: Vec<PathBuf>,
    /// Where the model goes.
    pub out: PathBuf,
    /// Bytes that the n-grams may take.
    pub ngram_bytes: usize,
    /// The general texts' share of the mixture, 0 to 1.
    pub general: f32,
}

/// What training saw and made.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainReport {
    /// Different words.
    pub words: usize,
    /// Words read in administrative and in general texts.
    pub tokens: [u64; 2],
    /// Pairs of words the channels learned from: English OCR, Vietnamese OCR.
    pub pairs: [u64; 2],
    /// N-grams kept of one to four words.
    pub ngrams: [usize; ORDER],
    /// Bytes of the file.
    pub bytes: usize,
}

/// Trains a model and writes it.
///
/// # Errors
/// When a source can't be read or the model can't be written.
pub fn train(options: &TrainOptions) -> Result<TrainReport> {
    let mut writer = SectionsWriter::default();
    let texts = corpus::texts(&options.corpus)?;
    let names = options.gazetteer.as_deref().map(count::names).transpose()?.unwrap_or_default();
    let words = count::words(&texts, &names)?;
    tracing::info!(words = words.len(), "vocabulary");
    vocabulary::write(&words, &mut writer);
    let size = words.len() + usize::from(vocabulary::FIRST);
    let (levels, tokens) = ngrams(&texts, &names, &words, size, options)?;
    for (n, level) in (1..=ORDER).zip(&levels) {
        write_level(n, level, size, &mut writer);
    }
    let pairs = add_names_and_channels(&mut writer, &words, options)?;
    let bytes = writer.finish();
    std::fs::write(&options.out, &bytes).map_err(|e| Error::io(&options.out, Kind::Unwritable, e))?;
    let ngrams = std::array::from_fn(|n| levels[n].keys.len());
    Ok(TrainReport { words: words.len(), tokens, pairs, ngrams, bytes: bytes.len() })
}

/// A copy of the model at `model` whose names and channels are learned anew, its words and n-grams kept.
///
/// # Errors
/// When a source can't be read or the model can't be written.
pub fn retrain_channels(model: &Path, options: &TrainOptions) -> Result<[u64; 2]> {
    let old = std::fs::read(model).map_err(|e| Error::io(model, Kind::Unreadable, e))?;
    let sections = super::format::Sections::new(&old)?;
    let vocabulary = vocabulary::Vocabulary::new(&sections)?;
    let words: Vec<_> = (vocabulary::FIRST..=WordId::MAX).map(|id| vocabulary.text(id)).take_while(|w| !w.is_empty()).collect();
    let words: Vec<_> = words.into_iter().map(|w| (w.to_owned(), [0; 3])).collect();
    let mut writer = SectionsWriter::default();
    for (name, _) in sections.list().into_iter().filter(|(name, _)| name != "names" && !name.starts_with("c.")) {
        writer.add(&name, sections.get(&name)?.to_vec());
    }
    let pairs = add_names_and_channels(&mut writer, &words, options)?;
    std::fs::write(&options.out, writer.finish()).map_err(|e| Error::io(&options.out, Kind::Unwritable, e))?;
    Ok(pairs)
}

fn add_names_and_channels(writer: &mut SectionsWriter, words: &[(String, [u32; 3])], options: &TrainOptions) -> Result<[u64; 2]> {
    if let Some(gazetteer) = &options.gazetteer {
        writer.add("names", super::names::write(&count::units_by_province(gazetteer, words)?));
    }
    let (foreign, foreign_words) = learn_channel(&options.foreign_pairs)?;
    let (vietnamese, vietnamese_words) = learn_channel(&options.vietnamese_pairs)?;
    writer.add("c.eng", foreign).add("c.vie", vietnamese);
    Ok([foreign_words, vietnamese_words])
}

fn learn_channel(files: &[PathBuf]) -> Result<(Vec<u8>, u64)> {
    let mut words = pairs::WordPairs::new();
    for file in files {
        pairs::lines(file)?.iter().filter(|l| !pairs::is_held_back(&l.page)).for_each(|line| pairs::add_words(line, &mut words));
    }
    let count = words.values().map(|&n| u64::from(n)).sum();
    tracing::info!(words = count, different = words.len(), "pairs");
    Ok((channel::learn(&words), count))
}

fn ngrams(
    texts: &[corpus::Text],
    names: &[String],
    words: &[(String, [u32; 3])],
    size: usize,
    options: &TrainOptions,
) -> Result<(Vec<Mixed>, [u64; 2])> {
    let [administrative, general] = count::streams(texts, names, words)?;
    tracing::info!(administrative = administrative.len(), general = general.len(), "tokens");
    let tokens = [administrative.len() as u64, general.len() as u64];
    let mut models = vec![(Smoothed::new(&count::four_grams(&administrative), size), 1.0 - options.general)];
    if general.len() > 1 && options.general > 0.0 {
        models.push((Smoothed::new(&count::four_grams(&general), size), options.general));
    }
    tracing::info!("smoothed");
    let mut levels = prune::mix(&models, size);
    drop(models);
    tracing::info!("mixed");
    prune::prune(&mut levels, options.ngram_bytes);
    Ok((levels, tokens))
}

fn write_level(n: usize, level: &Mixed, size: usize, writer: &mut SectionsWriter) {
    let cost = |i: usize| -level.probability[i].max(1e-9).ln();
    let back = |i: usize| -level.backoff[i].max(1e-9).ln();
    if n == 1 {
        debug_assert_eq!(level.keys.len(), size, "every word has a unigram");
        writer.add("1.cost", (0..size).map(|i| quantised(cost(i))).collect());
        writer.add("1.back", (0..size).map(|i| quantised(back(i))).collect());
        return;
    }
    for (name, body) in write_table(n, (0..level.keys.len()).map(|i| (level.keys[i], cost(i), back(i)))) {
        writer.add(&name, body);
    }
}
