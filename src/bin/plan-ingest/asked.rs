//! How the command line is explained, and its mistakes told, in the language of the person.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};

use crate::args::Cli;
use crate::words::{ArgumentWords, Words, fill};

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
    use crate::words::Lang;
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
}
