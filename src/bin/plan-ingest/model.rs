//! The model's own commands: train it, measure it, look at it.

use std::path::PathBuf;

use plan_ingest::error::{Error, Kind, Result};
use plan_ingest::model::train::overlap::overlap;
use plan_ingest::model::train::sample::{SampleOptions, sample};
use plan_ingest::model::train::{TrainOptions, pairs, retrain_channels, train};
use plan_ingest::model::{self, Model};
use plan_ingest::repair::{self, Graded, Repairer};
use plan_ingest::rules::RuleBook;
use plan_ingest::text::Condition;

use crate::args::{ModelJob, Sample, Train};
use crate::terminal::{say, sure_id};
use crate::words::{Words, fill};

/// Does what `job` asks for.
pub fn run(job: ModelJob, book: &RuleBook, words: &Words) -> Result<u8> {
    match job {
        ModelJob::Train(options) => learn(options),
        ModelJob::Score { score_pairs, told, score_model, wrong } => measure(&score_pairs, told.into(), score_model, wrong, book, words),
        ModelJob::Sample(options) => draw(options),
        ModelJob::Info => look(),
    }
}

/// Trains, and says what training saw of the texts that are measured on.
fn learn(job: Train) -> Result<u8> {
    let options = TrainOptions {
        corpus: job.corpus,
        gazetteer: job.names,
        foreign_pairs: job.foreign,
        vietnamese_pairs: job.vietnamese,
        out: job.model_out,
        ngram_bytes: job.size,
        general: job.general,
    };
    match job.ngrams_of {
        Some(model) => say(format!("{:?}\n", retrain_channels(&model, &options)?)),
        None => say(format!("{:#?}\n", train(&options)?)),
    }
    if !job.but.is_empty() {
        say(format!("{:#?}\n", overlap(&options, &job.but)?));
    }
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

/// For each file: syllables, error rates before and after, what repair does to the truth itself, to right words and to numbers; how right
/// the edits of each grade are; and the `wrong` commonest errors left.
fn measure(files: &[PathBuf], told: Condition, model: Option<PathBuf>, wrong: usize, book: &RuleBook, words: &Words) -> Result<u8> {
    let repairer = match model {
        // The model lives as long as the program does.
        Some(path) => {
            let bytes = std::fs::read(&path).map_err(|e| Error::io(&path, Kind::Unreadable, e))?;
            Repairer::with_model(book, Model::new(bytes.leak())?)?
        }
        None => Repairer::new(book)?,
    };
    for file in files {
        let measured = repair::measure(&repairer, &pairs::lines(file)?, told);
        let score = measured.score;
        let share = |errors: usize| format!("{:.4}", errors as f64 / score.syllables.max(1) as f64);
        let parts = [
            ("file", file.display().to_string()),
            ("syllables", score.syllables.to_string()),
            ("before", share(score.before)),
            ("after", share(score.after)),
            ("clean", score.clean.to_string()),
            ("harmed", score.harmed.to_string()),
            ("numbers", score.numbers.to_string()),
            ("changed", score.numbers_changed.to_string()),
            ("unmarked", score.numbers_unmarked.to_string()),
        ];
        say_parts(&words.model["score"], &parts);
        for (sure, grade) in &measured.sure {
            grade_said(&words.explain.sures[sure_id(*sure)], grade, words);
        }
        grade_said(&words.model["numbers"], &measured.numbers, words);
        let mut errors: Vec<_> = measured.wrong.into_iter().collect();
        errors.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        for ((truth, text), count) in errors.into_iter().take(wrong) {
            say(format!("{count:5}× {truth} → {text}\n"));
        }
    }
    Ok(0)
}

fn say_parts(sentence: &str, parts: &[(&str, String)]) {
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    say(fill(sentence, &parts) + "\n");
}

/// One line: of so many edits of a grade so many are right.
fn grade_said(name: &str, grade: &Graded, words: &Words) {
    let share = format!("{:.2}", 100.0 * grade.right as f64 / grade.edits.max(1) as f64);
    say_parts(&words.model["grade"], &[("grade", name.to_owned()), ("edits", grade.edits.to_string()), ("share", share)]);
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
