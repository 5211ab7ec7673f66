//! Finds the parts of an administrative document: header, legal basis, clause tree, tables, closing. [`Repaired`] in, [`Document`] out.

mod basis;
mod cell;
mod closing;
mod header;
mod line;
mod link;
mod mark;
mod outline;
mod proof;
mod prose;
pub mod table;

use serde::{Deserialize, Serialize};

pub use prose::Prose;

use crate::error::Result;
use crate::lexicon::Bodies;
use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};
use crate::text::Span;

/// Finds the parts of a document.
#[derive(Debug)]
pub struct Parser {
    heads: header::Heads,
    bases: basis::Bases,
    links: link::Links,
    outline: outline::Outline,
    feet: closing::Feet,
    bodies: Bodies,
    tables: table::Tables,
}

impl Parser {
    /// Reads the rules of `rules/parse/`.
    ///
    /// # Errors
    /// When a rule file can't be read or a rule is wrong.
    pub fn new(book: &RuleBook) -> Result<Self> {
        Ok(Self {
            heads: header::Heads::new(book)?,
            bases: basis::Bases::new(book)?,
            links: link::Links::new(book)?,
            outline: outline::Outline::new(book)?,
            feet: closing::Feet::new(book)?,
            bodies: Bodies::new(book)?,
            tables: table::Tables::new(book)?,
        })
    }

    /// The parts of `repaired`; what is not there is absent.
    pub fn parse(&self, repaired: &Repaired) -> Document {
        let lines = line::Lines::new(repaired);
        let (header, start) = self.heads.read(&lines, &self.bodies);
        let feet = self.feet.find(&lines, start);
        let closing = feet.first().map(|foot| self.feet.read(&lines, foot.clone())).unwrap_or_default();
        let first = self.outline.first(&lines, start);
        // Without numbered sections the first paragraph is the one that says what it rests on.
        let sections = first.unwrap_or_else(|| (start + 3).min(feet.first().map_or(lines.len(), |f| f.start)));
        let letter = header.kind.as_ref().is_none_or(|k| self.heads.is_letter(&k.what));
        let rests = lines.span(start, sections);
        let basis = self.bases.read(repaired.text(), rests);
        let mut skip = feet.clone();
        skip.extend(feet.iter().filter_map(|foot| self.heads.second(&lines, foot.end)));
        let body = if letter { start } else { first.unwrap_or(start) };
        let clauses = self.outline.read(&lines, body, &skip, &self.bodies);
        let opening: Vec<Span> = header.title.iter().map(|t| t.at).chain([rests]).collect();
        let body: Vec<Span> = clauses.iter().map(|c| c.body).collect();
        let links = self.links.find(repaired.text(), &self.bases, &opening, &body);
        Document { header, basis, links, clauses, tables: self.tables.find(repaired), closing }
    }
}

impl Proof for Parser {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let mut failures = self.bodies.prove(book)?;
        failures.extend(header::prove(book)?);
        failures.extend(basis::prove(book)?);
        failures.extend(link::prove(book)?);
        failures.extend(closing::prove(book)?);
        let rules: outline::Rules = book.load(outline::FILE)?;
        let clauses = |text: &str| self.parse(&proof::as_read(text)).clauses;
        for e in &rules.examples {
            let paths: Vec<String> = clauses(&e.text).into_iter().map(|c| c.path).collect();
            if paths != e.paths {
                failures.push(Failure::new(book, outline::FILE, "examples", &e.text, format!("gives the paths {paths:?}")));
            }
        }
        for text in rules.rejects.iter().filter(|t| clauses(t).iter().any(|c| c.marker != Marker::Paragraph)) {
            failures.push(Failure::new(book, outline::FILE, "rejects", text, "a clause is found in it".into()));
        }
        Ok(failures)
    }
}

/// The parts of a document, each with its place; what is not there is absent.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Number, date, place, issuer, kind, title.
    pub header: Header,
    /// The documents it rests on, in order.
    pub basis: Vec<Basis>,
    /// The plans that it replaces, changes or carries out.
    pub links: Vec<Link>,
    /// The clause tree in reading order; a child comes after its parent.
    pub clauses: Vec<Clause>,
    /// Tables, in the body and in annexes.
    pub tables: Vec<Table>,
    /// Signature and recipients.
    pub closing: Closing,
}

/// A stretch of words and what they come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<T> {
    /// What the words come to.
    pub what: T,
    /// Where they stand.
    pub at: Span,
}

/// The head of a document.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// `ke-hoach`, `quyet-dinh`, `cong-van` …
    pub kind: Option<Part<String>>,
    /// Number and sign without blanks: `77/KH-UBND`.
    pub number: Option<Part<String>>,
    /// Day of issue.
    pub issued: Option<Part<jiff::civil::Date>>,
    /// Place of issue.
    pub place: Option<Part<String>>,
    /// The body that signs.
    pub issuer: Option<Part<String>>,
    /// The body above it.
    pub issuer_parent: Option<Part<String>>,
    /// What the document is about.
    pub title: Option<Part<String>>,
}

/// A document named before the first section.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    /// `chi-thi`, `ke-hoach`, `luat` …
    pub kind: String,
    /// Number and sign in normal form: `116-NQ/TU`.
    pub number: Option<String>,
    /// Its own day of issue.
    pub issued: Option<jiff::civil::Date>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// `request` for "theo đề nghị … tại Tờ trình số …".
    pub role: Option<String>,
    /// Where it is named.
    pub at: Span,
    /// True when the number had to be brought to its normal form (`116- -NQ/TU`).
    pub number_damaged: bool,
}

/// Another plan, and what this one does to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What is done to it.
    pub does: Does,
    /// `ke-hoach`, `quyet-dinh` …
    pub kind: String,
    /// Its number and sign in normal form.
    pub number: String,
    /// Its day of issue.
    pub issued: Option<jiff::civil::Date>,
    /// Where it is named.
    pub at: Span,
}

/// What a plan does to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// Takes its place.
    Replaces,
    /// Changes it.
    Amends,
    /// Carries it out.
    CarriesOut,
}

/// A numbered or dashed part of the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// The path that officials cite, dots between the levels: `IV.2`; a dash or an unnumbered paragraph has the path of its parent.
    pub path: String,
    /// What marks it.
    pub marker: Marker,
    /// Index of the clause above it.
    pub parent: Option<usize>,
    /// The marker's own bytes; empty for a plain paragraph.
    pub mark: Span,
    /// The words from after the marker to the end of the heading or lead-in (`Công chức phụ trách …:`), without the colon.
    pub heading: Option<Span>,
    /// The words after the heading up to the next clause, children left out.
    pub body: Span,
    /// Everything, children included.
    pub whole: Span,
}

/// What opens a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the field's own: Phần, Chương, Mục, Điều, I., 1., 1.1., a), -, +")]
pub enum Marker {
    Part,
    Chapter,
    Section,
    Article,
    Roman,
    Letter,
    Number,
    Sub,
    Point,
    Dash,
    Plus,
    Paragraph,
}

/// A table, its cells perhaps without their walls.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The annex heading or caption above it.
    pub title: Option<Span>,
    /// Everything from the heading to the last row.
    pub at: Span,
    /// Heads of the columns, left to right, as far as they could be read.
    pub columns: Vec<Column>,
    /// The rows, group rows and the total row among them.
    pub rows: Vec<Row>,
    /// True when the table stands on one line, its empty cells lost.
    pub flattened: bool,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its words, merged heads joined.
    pub name: String,
    /// What its cells are for, as far as the head tells.
    pub role: Role,
    /// Where they stand.
    pub at: Span,
}

/// What the cells of a column are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// STT.
    Number,
    /// What must be done.
    Task,
    /// Who does it or leads it.
    Lead,
    /// Who supports.
    With,
    /// By when.
    Time,
    /// What comes of it.
    Product,
    /// The unit of the figures.
    Unit,
    /// Remarks.
    Note,
    /// Anything else: the name of a row, or figures.
    #[default]
    Other,
}

/// One row of a table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The whole row.
    pub at: Span,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// "Tổng cộng", "Cộng".
    pub total: bool,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The column it stands in, from 0; `None` where the walls were lost and only the order is known.
    pub column: Option<usize>,
    /// Its words; empty for a blank cell.
    pub at: Span,
}

/// The foot of a document.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    /// Who signed.
    pub signed: Option<Signature>,
    /// "Nơi nhận".
    pub recipients: Vec<Recipient>,
}

/// A signature block.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The name.
    pub by: Option<String>,
    /// The office, as `PHÓ CHỦ TỊCH`.
    pub title: Option<String>,
    /// The body signed for, as `ỦY BAN NHÂN DÂN`.
    pub on_behalf_of: Option<String>,
    /// `TM`, `KT`, `Q`, `TL`, `TUQ`, in order.
    pub forms: Vec<String>,
    /// Where.
    pub at: Span,
}

/// A line of "Nơi nhận".
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    /// Who.
    pub name: String,
    /// `để b/c`, `để t/h` …
    pub purpose: Option<String>,
    /// Where.
    pub at: Span,
}

#[cfg(test)]
mod tests;
