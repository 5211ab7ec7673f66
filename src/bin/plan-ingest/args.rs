//! The shape of the command line, and how it is explained and its mistakes are told in the language of the person.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use plan_ingest::check::Level;
use plan_ingest::read::Ocr;
use plan_ingest::store::{Month, Shard};
use plan_ingest::text::Condition;

use crate::report::ReportOf;
use crate::words::{ArgumentWords, Lang, Words, fill};

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
    Report(ReportOf),
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

/// What comes of looking at a command line.
pub enum Asked {
    /// Work.
    For(Box<Cli>),
    /// Help or the version: text for standard output.
    Told(String),
    /// A mistake, in one sentence.
    Wrong(String),
}

/// Reads the command line, explaining it in `words`.
pub fn parse(arguments: Vec<OsString>, words: &Words) -> Asked {
    let matches = match spoken(words).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(e) => return told(&e, words),
    };
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => Asked::For(Box::new(cli)),
        Err(e) => told(&e, words),
    }
}

fn told(error: &clap::Error, words: &Words) -> Asked {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Asked::Told(error.render().to_string()),
        _ => Asked::Wrong(mistake(error, words)),
    }
}

/// The command line with every word of its help in the language of `words`.
pub fn spoken(words: &Words) -> Command {
    let headings = &words.headings;
    let template = format!("{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}", headings.usage);
    let command = Cli::command().about(words.about.clone()).after_help(words.after.clone()).override_usage(words.usage.clone());
    let command = command.arg(flag("help", 'h', ArgAction::Help).global(true)).arg(flag("version", 'V', ArgAction::Version));
    dressed(command, "", words, &template)
}

fn flag(name: &'static str, short: char, action: ArgAction) -> Arg {
    Arg::new(name).long(name).short(short).action(action)
}

fn dressed(command: Command, path: &str, words: &Words, template: &str) -> Command {
    let command = command.help_template(template.to_owned()).subcommand_help_heading(words.headings.commands.clone());
    let command = command.mut_args(|arg| {
        let key = arg.get_id().as_str().replace('_', "-");
        let heading = if arg.is_positional() { &words.headings.arguments } else { &words.headings.options };
        let arg = arg.help_heading(heading.clone());
        match words.arguments.get(&key) {
            Some(ArgumentWords { name: Some(name), help }) if arg.get_action().takes_values() => {
                arg.value_name(name.clone()).help(help.clone())
            }
            Some(ArgumentWords { help, .. }) => arg.help(help.clone()),
            None => arg,
        }
    });
    command.mut_subcommands(|sub| {
        let path = if path.is_empty() { sub.get_name().to_owned() } else { format!("{path}-{}", sub.get_name()) };
        let sub = match words.commands.get(&path) {
            Some(said) => sub.about(said.about.clone()).override_usage(said.usage.clone()),
            None => sub,
        };
        dressed(sub, &path, words, template)
    })
}

/// What is wrong with the command line, in one sentence and perhaps a hint.
fn mistake(error: &clap::Error, words: &Words) -> String {
    let context = |kind| error.get(kind).and_then(string).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let argument = argument.trim_end_matches("...");
    let (id, given) = match error.kind() {
        ErrorKind::UnknownArgument => ("unknown-argument", argument.to_owned()),
        ErrorKind::InvalidSubcommand => ("unknown-command", context(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => ("missing-value", String::new()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => ("invalid-value", context(ContextKind::InvalidValue)),
        ErrorKind::MissingRequiredArgument => ("missing-argument", String::new()),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => ("missing-command", String::new()),
        ErrorKind::TooManyValues => ("too-many", context(ContextKind::InvalidValue)),
        ErrorKind::ArgumentConflict => ("twice", String::new()),
        _ => ("other", String::new()),
    };
    let mut sentences = vec![fill(&words.usage_errors[id], &[("given", &given), ("argument", argument)])];
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue].map(context);
    if let Some(known) = suggested.iter().find(|s| !s.is_empty()) {
        sentences.push(fill(&words.usage_errors["did-you-mean"], &[("known", known)]));
    }
    match error.kind() {
        // The reader of a value names the sentence that says how it is written.
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            sentences.extend(words.usage_errors.get(&reason).cloned());
        }
        _ => match context(ContextKind::ValidValue) {
            known if known.is_empty() => {}
            known => sentences.push(fill(&words.usage_errors["one-of"], &[("known", &known)])),
        },
    }
    sentences.join(" ")
}

fn string(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(s) => Some(s.clone()),
        ContextValue::Strings(all) => Some(all.join(", ")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan_ingest::rules::RuleBook;

    fn words(lang: Lang) -> Words {
        Words::load(&RuleBook::embedded(), lang).expect("our own words load")
    }

    #[test]
    fn every_command_and_argument_is_explained_in_both_languages() {
        fn walk(command: &Command, path: &str) {
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{path} {}", arg.get_id());
            }
            for sub in command.get_subcommands().filter(|s| !s.is_hide_set()) {
                let path = format!("{path} {}", sub.get_name());
                assert!(sub.get_about().is_some(), "{path}");
                walk(sub, &path);
            }
        }
        for lang in [Lang::Vi, Lang::En] {
            let words = words(lang);
            let command = spoken(&words);
            command.clone().debug_assert();
            walk(&command, "");
        }
    }

    #[test]
    fn days_are_read_as_offices_and_as_machines_write_them() {
        assert_eq!(date("2025-09-15"), date("15/9/2025"));
        assert_eq!(date("31/9/2025"), Err("not-a-date".to_owned()));
        assert_eq!(date("mai"), Err("not-a-date".to_owned()));
    }
}
