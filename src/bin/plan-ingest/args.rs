//! The shape of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::ZonedDateTime;
use jiff::civil::Date;
use plan_ingest::Result;
use plan_ingest::check::Level;
use plan_ingest::read::Ocr;
use plan_ingest::rules::RuleBook;
use plan_ingest::store::{Month, Shard};
use plan_ingest::text::Condition;

use crate::words::Lang;

#[derive(Debug, Parser)]
#[command(name = "plan-ingest", version, subcommand_precedence_over_arg = true, subcommand_negates_reqs = true)]
#[command(disable_help_subcommand = true, disable_help_flag = true, disable_version_flag = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Job>,
    #[command(flatten)]
    pub run: Run,
    #[command(flatten)]
    pub common: Common,
}

/// What may stand on every command.
#[derive(Clone, Debug, Args)]
pub struct Common {
    #[arg(long, global = true)]
    pub rules: Option<PathBuf>,
    #[arg(long, global = true, hide_possible_values = true)]
    pub lang: Option<Lang>,
    #[arg(long, global = true, value_parser = date)]
    pub today: Option<Date>,
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

impl Common {
    /// Our own rules, with the office's over them.
    pub fn book(&self) -> Result<RuleBook> {
        match &self.rules {
            Some(dir) => RuleBook::with_overlay(dir),
            None => Ok(RuleBook::embedded()),
        }
    }

    pub fn today(&self) -> Date {
        self.today.unwrap_or_else(|| ZonedDateTime::now().date())
    }
}

#[derive(Clone, Debug, Args)]
pub struct Bundle {
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    #[arg(long)]
    pub annex: Vec<PathBuf>,
    #[command(flatten)]
    pub pictures: Pictures,
}

/// What is done about pages that are pictures.
#[derive(Clone, Copy, Debug, Args)]
pub struct Pictures {
    #[arg(long, default_value = "auto", hide_possible_values = true, hide_default_value = true)]
    pub ocr: OcrWhen,
}

#[derive(Clone, Debug, Args)]
pub struct Run {
    #[command(flatten)]
    pub bundle: Bundle,
    #[arg(long, short)]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub redact: bool,
}

/// What `report` is asked for.
#[derive(Debug, Args)]
pub struct ReportArgs {
    pub dir: PathBuf,
    pub name: Option<String>,
    #[arg(long)]
    pub progress: Option<PathBuf>,
    #[arg(long, value_parser = date)]
    pub as_of: Option<Date>,
    #[arg(long = "for", conflicts_with = "each")]
    pub reporter: Option<String>,
    #[arg(long)]
    pub each: bool,
    #[arg(long)]
    pub template: Option<String>,
    #[arg(long = "format", default_value = "docx", hide_possible_values = true, hide_default_value = true)]
    pub report_format: ReportAs,
    #[arg(long)]
    pub redact: bool,
}

/// An archive, and the store that takes what it comes to.
#[derive(Debug, Args)]
pub struct BatchArgs {
    #[arg(required = true)]
    pub roots: Vec<PathBuf>,
    #[arg(long = "out", short)]
    pub store: Option<PathBuf>,
    #[arg(long)]
    pub jobs: Option<usize>,
    #[arg(long, value_parser = shard)]
    pub shard: Option<Shard>,
    #[arg(long)]
    pub facts_only: bool,
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub pictures: Pictures,
}

/// What is looked for in a store.
#[derive(Debug, Args)]
pub struct FindArgs {
    pub store_dir: PathBuf,
    pub words: Option<String>,
    #[arg(long)]
    pub who: Option<String>,
    #[arg(long)]
    pub due: Option<Month>,
    #[arg(long, default_value_t = 20, hide_default_value = true)]
    pub most: usize,
}

/// How a worker reads and writes.
#[derive(Debug, Args)]
pub struct WorkerArgs {
    #[arg(long)]
    pub facts_only: bool,
    #[arg(long)]
    pub schema: bool,
    #[arg(long, hide = true)]
    pub hold: Option<PathBuf>,
    #[arg(long, hide = true, default_value_t = 0)]
    pub run: u64,
    #[command(flatten)]
    pub pictures: Pictures,
}

#[derive(Debug, Subcommand)]
pub enum Job {
    Run(Run),
    Batch(BatchArgs),
    Find(FindArgs),
    Worker(WorkerArgs),
    #[command(hide = true, name = plan_ingest::batch::COMMAND)]
    BatchWorker(WorkerArgs),
    Repair {
        file: Option<PathBuf>,
        #[command(flatten)]
        pictures: Pictures,
        #[arg(long, default_value = "text", hide_possible_values = true, hide_default_value = true)]
        format: Format,
        #[arg(long)]
        explain: Option<u32>,
    },
    Extract(Bundle),
    Read(Bundle),
    Explain {
        dir: PathBuf,
        id: String,
    },
    Check {
        record: PathBuf,
        #[arg(long, default_value = "error", hide_possible_values = true, hide_default_value = true)]
        fail_on: FailOn,
    },
    Review {
        dir: PathBuf,
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        port: u16,
    },
    Render {
        dir: PathBuf,
        #[arg(long)]
        redact: bool,
    },
    Report(ReportArgs),
    #[command(subcommand, disable_help_subcommand = true)]
    Template(TemplateJob),
    CheckForm {
        word_file: PathBuf,
    },
    Calendar {
        #[arg(required = true)]
        dirs: Vec<PathBuf>,
        #[arg(long = "out", short = 'o', default_value = "lich.ics", hide_default_value = true)]
        calendar_out: PathBuf,
        #[arg(long)]
        redact: bool,
    },
    #[command(subcommand, disable_help_subcommand = true)]
    Rules(RulesJob),
    Schema,
    Doctor,
    Learn {
        #[arg(required = true)]
        learn_dirs: Vec<PathBuf>,
    },
    Completions {
        #[arg(hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    Man {
        page: Option<String>,
    },
    #[command(subcommand, disable_help_subcommand = true)]
    Model(ModelJob),
    #[command(hide = true, name = plan_ingest::read::worker::COMMAND)]
    ReadWorker,
}

#[derive(Debug, Subcommand)]
pub enum RulesJob {
    Check { book: Option<PathBuf> },
}

#[derive(Debug, Subcommand)]
pub enum TemplateJob {
    New {
        template_name: String,
        #[arg(long)]
        from: Option<String>,
        #[arg(long = "out")]
        template_out: Option<PathBuf>,
    },
    Check {
        templates: Vec<PathBuf>,
    },
    List,
}

#[derive(Debug, Subcommand)]
pub enum ModelJob {
    Train(Train),
    Score {
        #[arg(required = true)]
        score_pairs: Vec<PathBuf>,
        #[arg(long = "as", default_value = "judged", hide_possible_values = true, hide_default_value = true)]
        told: Told,
        #[arg(long = "model")]
        score_model: Option<PathBuf>,
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        wrong: usize,
    },
    Sample(Sample),
    Info,
}

/// Which paragraphs of the corpus to print, scan and read for more pairs.
#[derive(Debug, Args)]
pub struct Sample {
    #[arg(long)]
    pub corpus: PathBuf,
    #[arg(long)]
    pub but: Vec<PathBuf>,
    #[arg(long, default_value_t = 40, hide_default_value = true)]
    pub runs: usize,
    #[arg(long)]
    pub held_back: bool,
}

/// What a model is learned from, and how large it may become.
#[derive(Debug, Args)]
pub struct Train {
    #[arg(long)]
    pub corpus: PathBuf,
    #[arg(long)]
    pub names: Option<PathBuf>,
    #[arg(long, required = true)]
    pub foreign: Vec<PathBuf>,
    #[arg(long, required = true)]
    pub vietnamese: Vec<PathBuf>,
    #[arg(long = "out", default_value = "rules/model/plan-ingest.model", hide_default_value = true)]
    pub model_out: PathBuf,
    #[arg(long, default_value_t = 11_700_000, hide_default_value = true)]
    pub size: usize,
    #[arg(long, default_value_t = 0.2, hide_default_value = true)]
    pub general: f32,
    #[arg(long)]
    pub ngrams_of: Option<PathBuf>,
    #[arg(long)]
    pub but: Vec<PathBuf>,
}

/// What repair is told of the lines that it is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Told {
    Judged,
    Foreign,
    Vietnamese,
    Stripped,
}

impl From<Told> for Condition {
    fn from(told: Told) -> Self {
        match told {
            Told::Judged => Self::Unknown,
            Told::Foreign => Self::ForeignOcr,
            Told::Vietnamese => Self::VietnameseOcr,
            Told::Stripped => Self::Stripped,
        }
    }
}

/// When pictures of pages are read anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OcrWhen {
    Auto,
    Always,
    Never,
}

impl OcrWhen {
    /// Its name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl From<OcrWhen> for Ocr {
    fn from(when: OcrWhen) -> Self {
        match when {
            OcrWhen::Auto => Self::Auto,
            OcrWhen::Always => Self::Always,
            OcrWhen::Never => Self::Never,
        }
    }
}

/// How `repair` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Diff,
    Yaml,
}

/// What kind of file a report becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportAs {
    Docx,
    Md,
    Html,
}

/// The level of finding from which on `check` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Note,
    Warning,
    Error,
}

impl From<FailOn> for Level {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Note => Self::Note,
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
        }
    }
}

/// `2025-09-15`, or as offices write it, `15/9/2025`.
pub fn date(text: &str) -> Result<Date, String> {
    let parts: Vec<&str> = text.split(['/', '.']).collect();
    let read = match parts.as_slice() {
        [day, month, year] => {
            day.parse().ok().zip(month.parse().ok()).zip(year.parse().ok()).and_then(|((d, m), y)| Date::new(y, m, d).ok())
        }
        _ => text.parse().ok(),
    };
    read.ok_or_else(|| "not-a-date".to_owned())
}

/// `2/8`: the second of eight.
fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(nth, of)| nth.parse().ok().zip(of.parse().ok()));
    numbers.filter(|(nth, of)| (1..=*of).contains(nth)).map(|(nth, of)| Shard { nth, of }).ok_or_else(|| "not-a-shard".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_offices_and_as_machines_write_them() {
        assert_eq!(date("2025-09-15"), date("15/9/2025"));
        assert_eq!(date("31/9/2025"), Err("not-a-date".to_owned()));
        assert_eq!(date("mai"), Err("not-a-date".to_owned()));
    }
}
