//! `repairs.yaml` of a text of any length: written as its blocks come, the pages at the end, when they are counted.

use super::reading::{PageRecord, Reading, RepairLog};
use super::record::VERSION;
use crate::error::Result;
use crate::repair::Repaired;

/// Writes the log of a text that comes block by block, each block a part of one file.
#[derive(Clone, Debug)]
pub struct LogStream {
    file: String,
    /// Pages that ended before the block at hand.
    pages: usize,
    /// Lines of the page at hand that ended before it, and letters of the line at hand.
    lines: u32,
    letters: usize,
    begun: bool,
}

impl LogStream {
    /// The log of the file `name`.
    pub fn new(name: &str) -> Self {
        Self { file: name.to_owned(), pages: 0, lines: 0, letters: 0, begun: false }
    }

    /// What `block` adds to the log.
    ///
    /// # Errors
    /// Never in practice: only when the log can't be told as YAML.
    pub fn block(&mut self, block: &Repaired) -> Result<String> {
        let mut repairs = Reading::new(block).log.repairs;
        for repair in &mut repairs {
            if repair.on == 1 {
                repair.column += if repair.line == 1 { self.letters } else { 0 };
                repair.line += self.lines;
            }
            repair.on += self.pages;
        }
        self.pass(block.text());
        let list = super::yaml::write(&RepairLog { plan_ingest: VERSION, pages: Vec::new(), repairs })?;
        // The head was written with the first repairs.
        let at = list.find("\nrepairs:\n").filter(|_| list.contains("\n  - "));
        let Some(at) = at else { return Ok(String::new()) };
        let head = if self.begun { String::new() } else { format!("plan_ingest: {VERSION}\nrepairs:\n") };
        self.begun = true;
        Ok(head + &list[at + "\nrepairs:\n".len()..])
    }

    /// Gives the end of the log to `write`, page by page.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn end(self, mut write: impl FnMut(&str) -> Result<()>) -> Result<()> {
        let last = self.pages as u32 + 1;
        for nth in 1..=last {
            let page =
                PageRecord { file: self.file.clone(), page: (last > 1).then_some(nth), sheet: None, rows: Vec::new(), picture: None };
            let log = super::yaml::write(&RepairLog { plan_ingest: VERSION, pages: vec![page], repairs: Vec::new() })?;
            // The head only once, and the empty list at the end only where no repair was written.
            let pages = log.find("pages:\n").unwrap_or(0);
            let from = if nth > 1 {
                pages + "pages:\n".len()
            } else if self.begun {
                pages
            } else {
                0
            };
            let to = if nth < last || self.begun { log.rfind("repairs:").unwrap_or(log.len()) } else { log.len() };
            write(&log[from..to])?;
        }
        Ok(())
    }

    fn pass(&mut self, text: &str) {
        let pages = text.matches('\u{c}').count();
        let (rest, fresh) = text.rsplit_once('\u{c}').map_or((text, false), |(_, rest)| (rest, true));
        if fresh {
            (self.pages, self.lines, self.letters) = (self.pages + pages, 0, 0);
        }
        let (line, ended) = rest.rsplit_once('\n').map_or((rest, false), |(_, line)| (line, true));
        self.lines += rest.matches('\n').count() as u32;
        self.letters = line.chars().count() + if ended { 0 } else { self.letters };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::Repairer;
    use crate::rules::RuleBook;
    use crate::text::{Condition, File, Role, Source, SourceBuilder, Words};

    /// A text whose pages are divided by form feeds.
    fn source(text: &str) -> Source {
        let mut builder = SourceBuilder::default();
        builder.file(File { name: "x.txt".into(), sha256: String::new(), role: Role::Plan, words: Words::Native });
        for page in text.split('\u{c}') {
            builder.page(None, None, Condition::ForeignOcr, page, Vec::new());
        }
        builder.finish()
    }

    fn log(blocks: &[&str]) -> Reading {
        let repairer = Repairer::new(&RuleBook::embedded()).expect("our own rules");
        let mut stream = LogStream::new("x.txt");
        let mut log = String::new();
        for block in blocks {
            log += &stream.block(&repairer.repair(source(block))).expect("writes");
        }
        let end = stream.end(|text| {
            log += text;
            Ok(())
        });
        end.expect("writes");
        Reading::read("", &log).expect("reads")
    }

    #[test]
    fn repairs_stand_where_they_do_in_the_whole_text() {
        let read = log(&["Té chirc\nthuc ", "hién va\n", "nhiém vu\u{c}khéng\n\u{c}dugc ", "giao\n"]);
        let places: Vec<_> = read.log.repairs.iter().map(|r| (r.on, r.line, r.column, r.as_read.as_str())).collect();
        for place in [(1, 1, 1, "Té"), (1, 2, 6, "hién"), (1, 3, 1, "nhiém"), (2, 1, 1, "khéng"), (3, 1, 1, "dugc")] {
            assert!(places.contains(&place), "{place:?} {places:?}");
        }
        assert_eq!((read.log.plan_ingest, read.log.pages.len(), read.log.pages[2].file.as_str()), (VERSION, 3, "x.txt"));
    }

    #[test]
    fn a_text_without_repairs_has_an_empty_list() {
        let read = log(&["Đúng rồi.\n"]);
        assert_eq!((read.log.repairs.len(), read.log.pages.len()), (0, 1));
    }
}
