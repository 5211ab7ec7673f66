//! What this machine has: where Tesseract and LibreOffice are, and for `doctor` whether our own reader starts and which optional parts are there.

use std::path::PathBuf;

use plan_ingest::Corridor;
use plan_ingest::error::Result;
use plan_ingest::read::{Settings, Tesseract};
use plan_ingest::rules::RuleBook;
use serde::Deserialize;

use crate::terminal::{UNDONE, say};
use crate::words::{Words, fill};

/// A part that another program brings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: String,
    /// The language that Tesseract must read; none for LibreOffice, which is either there or not.
    language: Option<String>,
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

/// Tesseract, on the path or where its installer for Windows puts it.
pub fn tesseract() -> Option<Tesseract> {
    let programs = std::env::var_os("ProgramFiles").map(|dir| PathBuf::from(dir).join("Tesseract-OCR").join("tesseract.exe"));
    std::iter::once(PathBuf::from("tesseract")).chain(programs).find_map(|program| Tesseract::ask(&program))
}

/// LibreOffice, on the path or where its installers put it.
pub fn office() -> Option<PathBuf> {
    let name = if cfg!(windows) { "soffice.exe" } else { "soffice" };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let programs = std::env::var_os("ProgramFiles").map(|dir| PathBuf::from(dir).join("LibreOffice").join("program"));
    let folders = std::env::split_paths(&path).chain(programs).chain([PathBuf::from("/Applications/LibreOffice.app/Contents/MacOS")]);
    folders.map(|dir| dir.join(name)).find(|program| program.is_file())
}

/// Prints what this machine has and lacks; fails only when a part of our own does not work.
pub fn examine(book: &RuleBook, words: &Words) -> Result<u8> {
    let said = &words.doctor;
    let corridor = Corridor::new(book, Settings { worker: std::env::current_exe().ok(), ..Settings::default() })?;
    let read = corridor.reader.read_bytes("probe.pdf", PROBE).is_ok_and(|source| source.text().contains("plan-ingest"));
    if read {
        say(fill(&said["ready"], &[("version", env!("CARGO_PKG_VERSION"))]) + "\n");
    }
    say(format!("  {} {}: {}\n", mark(read), said["reader"], said[if read { "found" } else { "broken" }]));
    let parts: Vec<Part> = book.load("terminal/parts.yaml")?;
    let tesseract = tesseract();
    for part in &parts {
        let state = part.state(tesseract.as_ref());
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
    fn state(&self, tesseract: Option<&Tesseract>) -> State {
        match (&self.language, tesseract) {
            (None, _) if office().is_some() => State::Found,
            (Some(language), Some(found)) if found.languages.contains(language) => State::Found,
            (Some(_), Some(_)) => State::Unfit,
            _ => State::Absent,
        }
    }
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
