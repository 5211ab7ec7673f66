//! The command line of plan-ingest: the only part that knows the terminal, the environment and the clock.

mod args;
mod asked;
mod batch;
mod calendar;
mod explain;
mod machine;
mod manual;
mod model;
mod notes;
mod repair;
mod report;
mod review;
mod run;
mod summary;
mod terminal;
mod words;

use std::process::ExitCode;

use asked::Asked;
use plan_ingest::rules::RuleBook;
use words::{Lang, Words};

/// Wrong use of the command line, as `sysexits.h` has it.
const WRONG_USE: u8 = 64;

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let said: Vec<String> = arguments.iter().map(|a| a.to_string_lossy().into_owned()).collect();
    let words = match Words::load(&RuleBook::embedded(), Lang::of(&said, |name| std::env::var(name).ok())) {
        Ok(words) => words,
        Err(e) => {
            terminal::tell(format!("{e}\n"));
            return ExitCode::from(terminal::UNDONE);
        }
    };
    listen();
    match asked::parse(arguments, &words) {
        Asked::Told(text) => {
            terminal::say(text);
            ExitCode::SUCCESS
        }
        Asked::Wrong(sentence) => {
            terminal::show_wrong_use(&sentence, &words);
            ExitCode::from(WRONG_USE)
        }
        Asked::For(cli) => match run::run(*cli, &words) {
            Ok(code) => ExitCode::from(code),
            Err(e) => {
                terminal::show(&e, &words);
                ExitCode::from(if e.kind() == plan_ingest::error::Kind::Usage { WRONG_USE } else { terminal::UNDONE })
            }
        },
    }
}

/// What the library has to remark goes to standard error: warnings, or as much as `PLAN_INGEST_LOG` asks for.
fn listen() {
    let level = std::env::var("PLAN_INGEST_LOG").ok().and_then(|l| l.parse().ok()).unwrap_or(tracing::Level::WARN);
    tracing_subscriber::fmt().with_max_level(level).without_time().with_writer(std::io::stderr).init();
}
