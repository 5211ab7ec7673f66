//! The model's own commands: train it, measure it, look at it.

use std::path::PathBuf;

use plan_ingest::error::Result;
use plan_ingest::model::train::sample::{SampleOptions, sample};
use plan_ingest::model::train::{TrainOptions, pairs, train};
use plan_ingest::model::{self};
use plan_ingest::repair::{Repairer, Score, score};
use plan_ingest::rules::RuleBook;

use crate::args::{ModelJob, Sample, Train};
use crate::terminal::say;
use crate::words::{Words, fill};

/// Does what `job` asks for.
pub fn run(job: ModelJob, book: &RuleBook, words: &Words) -> Result<u8> {
    match job {
        ModelJob::Train(options) => learn(options),
        ModelJob::Score { score_pairs } => measure(&score_pairs, book, words),
        ModelJob::Sample(options) => draw(options),
        ModelJob::Info => look(),
    }
}

fn learn(options: Train) -> Result<u8> {
    let report = train(&TrainOptions {
        corpus: options.corpus,
        gazetteer: options.names,
        foreign_pairs: options.foreign,
        vietnamese_pairs: options.vietnamese,
        out: options.model_out,
        ngram_bytes: options.size,
        general: options.general,
    })?;
    say(format!("{report:#?}\n"));
    Ok(0)
}

/// A paragraph a line.
fn draw(options: Sample) -> Result<u8> {
    let Sample { corpus, but, runs, held_back } = options;
    for paragraph in sample(&SampleOptions { corpus, but, runs, held_back })? {
        say(paragraph + "\n");
    }
    Ok(0)
}

/// One line a file: syllables, error rates before and after, and what repair does to the truth itself.
fn measure(files: &[PathBuf], book: &RuleBook, words: &Words) -> Result<u8> {
    let repairer = Repairer::new(book)?;
    for file in files {
        let score = score(&repairer, &pairs::lines(file)?);
        let share = |errors: usize| format!("{:.4}", errors as f64 / score.syllables.max(1) as f64);
        let Score { syllables, before, after, clean } = score;
        let name = file.display().to_string();
        let parts = [
            ("file", name.as_str()),
            ("syllables", &syllables.to_string()),
            ("before", &share(before)),
            ("after", &share(after)),
            ("clean", &share(clean)),
        ];
        say(fill(&words.model["score"], &parts) + "\n");
    }
    Ok(0)
}

fn look() -> Result<u8> {
    let info = model::info(None)?;
    say(format!("sha256 {}\nbytes {}\n", info.sha256, info.bytes));
    for (n, count) in info.ngrams.iter().enumerate() {
        say(format!("{}-grams {count}\n", n + 1));
    }
    for (name, bytes) in info.sections {
        say(format!("{name:12} {bytes}\n"));
    }
    Ok(0)
}
