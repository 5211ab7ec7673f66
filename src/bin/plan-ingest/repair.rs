//! Repair alone: a text of any length line for line, the lines that changed, the log, or one line's readings.

use std::io::{Read, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use plan_ingest::error::{Error, Kind};
use plan_ingest::read::Input;
use plan_ingest::render::{LogStream, Reading};
use plan_ingest::repair::Repaired;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, File, Role, Source, SourceBuilder, Words as Made};
use plan_ingest::{Corridor, Result};

use crate::args::Format;
use crate::notes::remark;
use crate::terminal::{self, say};
use crate::words::{Words, fill};

const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const SPOT: Style = AnsiColor::Cyan.on_default();
/// So much of a text tells whether it is UTF-8.
const HEAD: u64 = 1 << 16;

/// Repairs `file`, or standard input.
pub fn repair(corridor: &Corridor, book: &RuleBook, file: Option<&Path>, format: Format, words: &Words) -> Result<u8> {
    let mut rest = match file {
        Some(path) if !is_text(path) => return whole(corridor, book, source(corridor, file)?, format, words),
        Some(path) => Box::new(std::fs::File::open(path).map_err(|e| Error::io(path, Kind::Unreadable, e))?) as Box<dyn Read>,
        None => Box::new(std::io::stdin().lock()),
    };
    let mut head = Vec::new();
    let place = file.unwrap_or(Path::new("-"));
    rest.by_ref().take(HEAD).read_to_end(&mut head).map_err(|e| Error::new(Kind::Unreadable).at(place).because(e))?;
    let blank = head.trim_ascii().is_empty() && (head.len() as u64) < HEAD;
    if blank || !is_utf8(&head) {
        let bytes = all(corridor, place, head, rest)?;
        return whole(corridor, book, corridor.reader.read_bytes(&place.display().to_string(), &bytes)?, format, words);
    }
    stream(corridor, place, head.chain(rest), format, words)
}

/// The whole of a text that is not UTF-8, as long as it may be read at all.
fn all(corridor: &Corridor, place: &Path, head: Vec<u8>, mut rest: impl Read) -> Result<Vec<u8>> {
    let mut bytes = head;
    loop {
        let before = bytes.len();
        rest.by_ref().take(HEAD << 4).read_to_end(&mut bytes).map_err(|e| Error::new(Kind::Unreadable).at(place).because(e))?;
        corridor.reader.fits(place, bytes.len() as u64)?;
        if bytes.len() == before {
            return Ok(bytes);
        }
    }
}

fn is_text(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("txt"))
}

fn is_utf8(head: &[u8]) -> bool {
    !head.contains(&0) && std::str::from_utf8(head).map_or_else(|e| e.error_len().is_none(), |_| true)
}

fn source(corridor: &Corridor, file: Option<&Path>) -> Result<Source> {
    match file {
        Some(path) => corridor.reader.read(&[Input { path: path.to_path_buf(), role: Some(Role::Plan) }]),
        None => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| Error::new(Kind::Unreadable).at("-").because(e))?;
            corridor.reader.read_bytes("-", &bytes)
        }
    }
}

fn whole(corridor: &Corridor, book: &RuleBook, source: Source, format: Format, words: &Words) -> Result<u8> {
    let repaired = corridor.repairer.repair(source);
    match format {
        Format::Text => say(repaired.text()),
        Format::Diff => {
            let name = repaired.source().files().first().map_or("-", |f| f.name.as_str());
            say(diff_head(name, words) + &diff(&repaired, 0));
        }
        Format::Yaml => say(Reading::new(&repaired).write_log()?),
    }
    remark(book, repaired.source(), words)
}

/// Block by block, as much as is read being written before more is. Whoever stops listening ends it.
fn stream(corridor: &Corridor, place: &Path, from: impl Read, format: Format, words: &Words) -> Result<u8> {
    let name = place.display().to_string();
    let read = |text: &str| match text.trim().is_empty() {
        true => Ok(blank(&name, text)),
        false => corridor.reader.read_bytes(&name, text.as_bytes()),
    };
    let mut out = anstream::stdout().lock();
    let mut lines = 0;
    let mut closed = false;
    let mut write = |text: &str| {
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        closed = written.is_err();
        written.map_err(|e| Error::new(Kind::Unwritable).because(e))
    };
    if format == Format::Diff {
        write(&diff_head(&name, words))?;
    }
    let mut log = LogStream::new(&name);
    let done = corridor.repairer.repair_lines(from, read, |repaired| {
        let text = match format {
            Format::Text => repaired.text().to_owned(),
            Format::Diff => diff(repaired, lines),
            Format::Yaml => log.block(repaired)?,
        };
        lines += repaired.source().text().matches(['\n', '\u{c}']).count();
        write(&text)
    });
    let done = done.and_then(|()| if format == Format::Yaml { log.end(&mut write) } else { Ok(()) });
    if closed { Ok(0) } else { done.map(|()| 0).map_err(|e| e.at(place)) }
}

/// Pages on which nothing stands: no file, but a part of one.
fn blank(name: &str, text: &str) -> Source {
    let mut pages = SourceBuilder::default();
    pages.file(File { name: name.to_owned(), sha256: String::new(), role: Role::Plan, words: Made::Native });
    for page in text.split('\u{c}') {
        pages.page(None, None, Condition::Clean, page, Vec::new());
    }
    pages.finish()
}

fn diff_head(name: &str, words: &Words) -> String {
    format!("--- {name}\n+++ {name} ({})\n", words.stages["repair"])
}

/// The changed lines, each below its line as read, what changed in them in bold: a unified diff without context, which `patch` takes
/// too. `before` lines stood before this text.
fn diff(repaired: &Repaired, before: usize) -> String {
    let mut out = String::new();
    let source = repaired.source().text();
    let (mut raw, mut fixed) = (0, 0);
    let lines = source.split(['\n', '\u{c}']).zip(repaired.text().split(['\n', '\u{c}']));
    for (nth, (old, new)) in lines.enumerate() {
        if old != new {
            let edits: Vec<_> = repaired.log().edits().iter().filter(|e| e.raw.start >= raw && e.raw.end <= raw + old.len()).collect();
            let mut shift = fixed as isize - raw as isize;
            let mut ends = Vec::new();
            for edit in &edits {
                let start = edit.raw.start.saturating_add_signed(shift) - fixed;
                ends.push(start..start + edit.fixed.len());
                shift += edit.fixed.len() as isize - edit.raw.range().len() as isize;
            }
            let starts: Vec<_> = edits.iter().map(|e| e.raw.start - raw..e.raw.end - raw).collect();
            out.push_str(&format!("{SPOT}@@ -{0} +{0} @@{SPOT:#}\n", before + nth + 1));
            out.push_str(&format!("{OLD}-{}{OLD:#}\n{NEW}+{}{NEW:#}\n", marked(old, &starts, OLD), marked(new, &ends, NEW)));
        }
        (raw, fixed) = (raw + old.len() + 1, fixed + new.len() + 1);
    }
    out
}

/// `line` with the words that changed in bold.
fn marked(line: &str, spots: &[std::ops::Range<usize>], style: Style) -> String {
    let (mut out, mut at) = (String::new(), 0);
    let strong = style.bold();
    for spot in spots {
        if let (Some(before), Some(word)) = (line.get(at..spot.start), line.get(spot.clone())) {
            out.push_str(&format!("{}{style:#}{strong}{}{strong:#}{style}", terminal::visible(before), terminal::visible(word)));
            at = spot.end;
        }
    }
    out + &terminal::visible(&line[at..])
}

/// What stood on line `wanted` of `file` in the eyes of repair: every choice, its margin, and what else was considered.
pub fn explain(corridor: &Corridor, file: Option<&Path>, wanted: u32, words: &Words) -> Result<u8> {
    let source = source(corridor, file)?;
    let line = |at: usize| source.text()[..at].matches(['\n', '\u{c}']).count() as u32 + 1;
    let text = source.text().split(['\n', '\u{c}']).nth(wanted.saturating_sub(1) as usize).unwrap_or_default();
    let mut out = format!("{}\n", terminal::visible(text));
    let choices = corridor.repairer.explain(&source);
    let choices: Vec<_> = choices.iter().filter(|c| line(c.raw.start) == wanted).collect();
    if choices.is_empty() {
        out.push_str(&format!("  {}\n", words.model["untouched"]));
    }
    for choice in choices {
        let (style, arrow) = if choice.read == choice.chosen { (Style::new(), "=") } else { (NEW, "→") };
        let others: Vec<String> = choice.others.iter().map(|(text, loss)| format!("{} +{loss:.1}", terminal::visible(text))).collect();
        let (read, chosen) = (terminal::visible(&choice.read), terminal::visible(&choice.chosen));
        let margin = if choice.others.is_empty() { String::new() } else { format!("{:.1}", choice.margin) };
        out.push_str(&format!("  {read:<14} {arrow} {style}{chosen:<14}{style:#} {margin:>5}   {}\n", others.join("  ")));
    }
    say(fill(&words.model["explained"], &[]) + "\n" + &out);
    Ok(0)
}
