//! Looks at the machine: does our own reader start, and which optional parts are there.

use std::process::{Command, Stdio};

use plan_ingest::Corridor;
use plan_ingest::error::Result;
use plan_ingest::read::Settings;
use plan_ingest::rules::RuleBook;
use serde::Deserialize;

use crate::run::UNDONE;
use crate::terminal::say;
use crate::words::{Words, fill};

/// A part that another program brings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: String,
    program: String,
    arguments: Vec<String>,
    /// A word that the program must say to be fit.
    says: Option<String>,
    install: Install,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Install {
    linux: String,
    macos: String,
    windows: String,
}

enum State {
    Found,
    Unfit,
    Absent,
}

/// A PDF of one word: the reader must give it back.
const PROBE: &[u8] = include_bytes!("probe.pdf");

/// Prints what this machine has and lacks; fails only when a part of our own does not work.
pub fn examine(book: &RuleBook, words: &Words) -> Result<u8> {
    let said = &words.doctor;
    let corridor = Corridor::new(book, Settings { worker: std::env::current_exe().ok() })?;
    let read = corridor.reader.read_bytes("probe.pdf", PROBE).is_ok_and(|source| source.text().contains("plan-ingest"));
    if read {
        say(fill(&said["ready"], &[("version", env!("CARGO_PKG_VERSION"))]) + "\n");
    }
    say(format!("  {} {}: {}\n", mark(read), said["reader"], said[if read { "found" } else { "broken" }]));
    let parts: Vec<Part> = book.load("terminal/parts.yaml")?;
    for part in &parts {
        let state = part.state();
        let word = match state {
            State::Found => "found",
            State::Unfit => "unfit",
            State::Absent => "absent",
        };
        say(format!("  {} {}: {} ({})\n", mark(matches!(state, State::Found)), part.name, said[word], said["not_needed"]));
        if !matches!(state, State::Found) {
            say(format!("      {}\n", fill(&said["install"], &[("command", part.install.here())])));
        }
    }
    Ok(if read { 0 } else { UNDONE })
}

fn mark(good: bool) -> char {
    if good { '✓' } else { '–' }
}

impl Part {
    fn state(&self) -> State {
        let asked = Command::new(&self.program).args(&self.arguments).stdin(Stdio::null()).output();
        match (asked, &self.says) {
            (Err(_), _) => State::Absent,
            (Ok(output), Some(word)) if !spoken(&output.stdout, word) && !spoken(&output.stderr, word) => State::Unfit,
            (Ok(_), _) => State::Found,
        }
    }
}

fn spoken(output: &[u8], word: &str) -> bool {
    String::from_utf8_lossy(output).lines().any(|line| line.trim() == word)
}

impl Install {
    fn here(&self) -> &str {
        match std::env::consts::OS {
            "windows" => &self.windows,
            "macos" => &self.macos,
            _ => &self.linux,
        }
    }
}
