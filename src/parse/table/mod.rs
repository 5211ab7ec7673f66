//! Tables: their heads, rows and cells, whether the walls between the cells survived or not.
//!
//! Three shapes are met: rows with walls (tabs, or bars with blanks around them), a whole table flattened into one line of bars, and
//! rows that a scan left without walls, whose cells are known by their order alone.

mod cells;
mod flat;
mod head;
mod open;
mod walled;
mod words;

use super::{Column, Table};
use crate::error::Result;
use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};
use crate::text::Span;
use words::Rules;

pub use cells::{figure, is_blank_mark};
pub use head::is_unreadable;
pub use words::plain;

/// How many lines above a table its heading may begin.
const HEADING_REACH: usize = 10;

/// Finds tables.
#[derive(Debug)]
pub struct Tables {
    rules: Rules,
}

impl Tables {
    /// A finder of tables by the words of `rules/parse/tables.yaml`.
    ///
    /// # Errors
    /// When the rules can't be read.
    pub fn new(book: &RuleBook) -> Result<Self> {
        Ok(Self { rules: Rules::new(book)? })
    }

    /// All tables in reading order. Cells of a row whose walls were lost have no column.
    pub fn find(&self, repaired: &Repaired) -> Vec<Table> {
        let page = Page { text: repaired.text(), lines: repaired.lines().collect() };
        let mut tables = Vec::new();
        let mut at = 0;
        while at < page.lines.len() {
            let found = flat::find(&self.rules, &page, at)
                .or_else(|| walled::find(&self.rules, &page, at))
                .or_else(|| open::find(&self.rules, &page, at));
            let Some(mut found) = found else {
                at += 1;
                continue;
            };
            found.table.title = self.heading(&page, found.first);
            found.table.at = found.table.title.map_or(found.table.at, |t| t.join(found.table.at));
            at = found.next.max(at + 1);
            tables.push(found.table);
        }
        tables
    }

    /// The heading above the table whose first line is `first`: from a line such as `Phụ lục 01` on, else the lines in capitals.
    fn heading(&self, page: &Page<'_>, first: usize) -> Option<Span> {
        let above: Vec<Span> = (first.saturating_sub(HEADING_REACH)..first).map(|i| page.trimmed(i)).collect();
        let from = above.iter().rposition(|l| self.rules.captions.opens(page.words(*l)) && l.len() < 160).unwrap_or(0);
        let mut title: Option<Span> = None;
        for line in above[from..].iter().filter(|l| is_title(page.words(**l))) {
            title = Some(title.map_or(*line, |t| t.join(*line)));
        }
        title
    }
}

impl Proof for Tables {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        Ok(self.rules.prove(book))
    }
}

/// True for a line in capitals that is no caption number alone.
fn is_title(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = line.chars().filter(|c| c.is_uppercase()).count();
    let caption = plain(line).split(' ').count() <= 3 && line.chars().any(|c| c.is_ascii_digit());
    letters >= 8 && capitals * 10 >= letters * 7 && !caption && !line.contains(['|', '\t'])
}

/// The text and its lines.
struct Page<'a> {
    text: &'a str,
    lines: Vec<Span>,
}

impl<'a> Page<'a> {
    fn words(&self, at: Span) -> &'a str {
        &self.text[at.range()]
    }

    fn line(&self, i: usize) -> &'a str {
        self.lines.get(i).map_or("", |l| self.words(*l))
    }

    fn trimmed(&self, i: usize) -> Span {
        cells::trim(self.text, self.lines[i])
    }
}

/// A table, the line it begins on (its head, not its heading), and the line after it.
struct Found {
    table: Table,
    first: usize,
    next: usize,
}

impl Rules {
    /// A column of this name, its role told by its words.
    fn column(&self, name: &str, at: Span) -> Column {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        Column { role: self.role(&name), name, at }
    }
}

#[cfg(test)]
mod tests;
