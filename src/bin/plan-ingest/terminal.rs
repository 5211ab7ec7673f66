//! What a person sees: errors with their place, findings, the progress bar, colours only where a terminal shows them.

use std::io::{IsTerminal, Write};
use std::ops::Range;
use std::time::Duration;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Severity, Renderer, Snippet};
use indicatif::{ProgressBar, ProgressStyle};
use plan_ingest::check::Level;
use plan_ingest::error::{Error, Kind, Spot};
use plan_ingest::read::Verdict;
use plan_ingest::render::record::FindingRecord;
use plan_ingest::repair::Citation;
use plan_ingest::text::{Sure, Words as TextOf};

use crate::words::{Words, fill};

/// There are findings at or above the level asked for.
pub const FOUND: u8 = 1;
/// The work, or some of it, could not be done.
pub const UNDONE: u8 = 2;

/// Source lines in messages are cut to this many columns.
const WIDTH: usize = 120;

/// Prints `text` on standard output. A reader that has gone away (`| head`) is no error of ours.
pub fn say(text: impl AsRef<str>) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_ref().as_bytes()).and_then(|()| out.flush());
}

/// Prints `text` on standard error.
pub fn tell(text: impl AsRef<str>) {
    let mut out = anstream::stderr().lock();
    let _ = out.write_all(text.as_ref().as_bytes()).and_then(|()| out.flush());
}

/// `error` on standard error: what, where, and what to do next.
pub fn show(error: &Error, words: &Words) {
    let title = words.sentence(error);
    let advice = words.errors.get(error.kind().id()).map_or("", |w| w.next.as_str());
    let next = match error.hint_text() {
        Some(place) if error.kind() == Kind::Unwritable => fill(&words.writable_elsewhere, &[("path", place)]),
        Some(hint) => words.detail(hint),
        None => advice.to_owned(),
    };
    let path = error.path().map(|p| p.display().to_string());
    tell(report(&title, &next, path.as_deref(), error.spot(), words));
}

/// `sentence` (a wrong command line) on standard error.
pub fn show_wrong_use(sentence: &str, words: &Words) {
    tell(report(sentence, &words.errors[Kind::Usage.id()].next, None, None, words));
}

/// An error as text; with `spot`, the line it is about stands below, marked.
pub fn report(title: &str, next: &str, path: Option<&str>, spot: Option<&Spot>, words: &Words) -> String {
    let (title, next) = (visible(title), visible(next));
    let head = Severity::ERROR.with_name(words.error.as_str()).primary_title(title.as_str());
    let group = match spot {
        Some(spot) => {
            let snippet = Snippet::source(spot.text.as_str()).annotation(AnnotationKind::Primary.span(marked(spot)));
            head.element(snippet.path(path))
        }
        None => Group::with_title(head),
    };
    let shown = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(WIDTH).render(&[group]);
    let advice = if next.is_empty() { String::new() } else { format!("  → {next}\n") };
    format!("{shown}\n{advice}")
}

/// The word at `spot`, as bytes of its text.
fn marked(spot: &Spot) -> Range<usize> {
    let text = spot.text.as_str();
    let line_start: usize = text.split_inclusive('\n').take(spot.line.saturating_sub(1)).map(str::len).sum();
    let line = text[line_start..].lines().next().unwrap_or_default();
    let from = line.char_indices().nth(spot.column.saturating_sub(1)).map_or(line.len(), |(i, _)| i);
    let len = line[from..].find(|c: char| c.is_whitespace() || c == ':').filter(|l| *l > 0);
    let to = from + len.unwrap_or_else(|| line[from..].chars().next().map_or(0, char::len_utf8));
    line_start + from..line_start + to
}

/// Text of a document with its control characters made harmless: a terminal obeys them.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// Findings, a line each, most serious first.
pub fn findings(findings: &[FindingRecord], words: &Words) -> String {
    if findings.is_empty() {
        return format!("{}\n", words.findings.none);
    }
    let mut sorted: Vec<&FindingRecord> = findings.iter().collect();
    sorted.sort_by_key(|f| std::cmp::Reverse(f.level));
    let mut out = String::new();
    for finding in sorted {
        let level = level_id(finding.level);
        let name = &words.findings.levels[level];
        out.push_str(&format!("{name} [{}] {}\n", finding.id, visible(&finding.message)));
        for at in finding.at.iter().chain(&finding.also) {
            out.push_str(&format!("  → {}\n", visible(&place(at, words))));
        }
    }
    out
}

/// The name of a level in files and options.
pub fn level_id(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// The name of a degree of sureness in files.
pub fn sure_id(sure: Sure) -> &'static str {
    match sure {
        Sure::Certain => "certain",
        Sure::Likely => "likely",
        Sure::Doubtful => "doubtful",
    }
}

/// Where something stands, in words.
pub fn place(at: &Citation, words: &Words) -> String {
    let [from, to] = at.lines;
    let template = match (&at.cell, at.page, from == to) {
        (Some(_), ..) => &words.findings.place_cell,
        (None, Some(_), true) => &words.findings.place,
        (None, Some(_), false) => &words.findings.place_lines,
        (None, None, true) => &words.findings.place_no_page,
        (None, None, false) => &words.findings.place_no_page_lines,
    };
    let (page, from, to) = (at.page.unwrap_or_default().to_string(), from.to_string(), to.to_string());
    let parts = [
        ("file", at.file.as_str()),
        ("page", &page),
        ("from", &from),
        ("to", &to),
        ("sheet", at.sheet.as_deref().unwrap_or_default()),
        ("cell", at.cell.as_deref().unwrap_or_default()),
    ];
    fill(template, &parts)
}

/// The verdict on a page, the evidence for it, and the page's words.
pub fn verdict(page: &Verdict, words: &Words) -> String {
    let said = &words.reading;
    let source = match page.words {
        TextOf::Layer => "layer",
        TextOf::Ocr => "ocr",
        TextOf::LayerAndOcr => "layer-and-ocr",
        TextOf::Native => "native",
        TextOf::Sheet => "sheet-cells",
    };
    let class = page.class.as_ref().map_or("", |(class, _)| words.classes[class.id()].as_str());
    let number = page.sheet.clone().or(page.page.map(|n| n.to_string()));
    let template = match (&page.sheet, page.page) {
        (Some(_), _) => "sheet",
        (None, Some(_)) => "page",
        (None, None) => "whole",
    };
    let head = [("file", page.file.as_str()), ("page", number.as_deref().unwrap_or_default()), ("class", class), ("words", &said[source])];
    let mut out = fill(&said[template], &head) + "\n";
    if let Some((_, seen)) = &page.class {
        let share = |value: f32| format!("{:.1}%", value * 100.0);
        let (letters, distinct) = (seen.letters.to_string(), seen.distinct.to_string());
        let (marked, vietnamese, syllables) = (share(seen.marked), share(seen.vietnamese), share(seen.syllables));
        let parts = [
            ("letters", letters.as_str()),
            ("marked", &marked),
            ("distinct", &distinct),
            ("vietnamese", &vietnamese),
            ("syllables", &syllables),
        ];
        out += &(fill(&said["evidence"], &parts) + "\n");
    }
    let text = page.text.replace('\t', " │ ");
    format!("{}\n{}\n\n", out, visible(text.trim_end()))
}

/// Says which stage is at work, on a terminal only.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A bar of `steps` steps, unless `quiet` or standard error is no terminal.
    pub fn new(steps: u64, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let style = ProgressStyle::with_template("{spinner} {bar:20} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = shown.then(|| ProgressBar::new(steps).with_style(style));
        if let Some(bar) = &bar {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar }
    }

    /// The next step has begun.
    pub fn step(&self, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(message.to_owned());
            bar.inc(1);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
