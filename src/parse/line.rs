//! Knows the lines of a text: which are words, which are rows of a table, and which are only the paper (page numbers, rules, marks).

use crate::repair::Repaired;
use crate::text::{Span, letters};

/// A line longer than this many letters was never broken by a page: each line of such a text is a paragraph.
const UNBROKEN: usize = 190;
/// Cell walls from which on a line is a row.
const ROW_WALLS: usize = 2;

/// A line with words on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Its bytes, blanks around it left out.
    pub at: Span,
    /// Blanks before it.
    pub indent: usize,
    /// Letters on it.
    pub letters: usize,
    /// An empty line, or the end of a page, stands before it.
    pub apart: bool,
    /// A row of a table.
    pub row: bool,
    /// On a page of an annex file or a sheet.
    pub foreign: bool,
}

/// The lines of a text that hold words.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    all: Vec<Line>,
    /// Bytes at which a wall was read for a 1: `|153/KH-` became `1153/KH-`.
    walls: Vec<usize>,
    /// Letters of a full line; `None` where lines are whole paragraphs.
    pub measure: Option<usize>,
}

impl<'a> Lines<'a> {
    pub fn new(repaired: &'a Repaired) -> Self {
        let text = repaired.text();
        let plan_end = plan_end(repaired);
        let mut all: Vec<Line> = Vec::new();
        let mut apart = true;
        for span in repaired.lines() {
            let line = &text[span.range()];
            let words = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if words.is_empty() || is_paper(words, apart) {
                apart |= words.is_empty();
                continue;
            }
            let start = span.start + line.find(words).unwrap_or(0);
            let walls = words.matches(['|', '\t']).count();
            all.push(Line {
                at: Span::new(start, start + words.len()),
                indent: line[..start - span.start].chars().count(),
                letters: words.chars().count(),
                apart,
                row: walls >= ROW_WALLS || words.starts_with("| "),
                foreign: span.start >= plan_end,
            });
            apart = text[span.end..].starts_with('\u{c}');
        }
        let measure = measure(&all);
        Self { text, all, walls: walls(repaired), measure }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn get(&self, i: usize) -> Option<&Line> {
        self.all.get(i)
    }

    pub fn words(&self, i: usize) -> &'a str {
        self.all.get(i).map_or("", |l| &self.text[l.at.range()])
    }

    pub fn text(&self) -> &'a str {
        self.text
    }

    /// A wall stands at byte `at`, though a 1 is read there.
    pub fn is_wall(&self, at: usize) -> bool {
        self.walls.binary_search(&at).is_ok()
    }

    /// The line without the marks of emphasis and rules around its words.
    pub fn bare(&self, i: usize) -> &'a str {
        bare(self.words(i))
    }

    /// The bare line in lower case without marks.
    pub fn folded(&self, i: usize) -> String {
        letters::fold(self.bare(i))
    }

    /// From the first byte of line `from` to the last of line `to - 1`.
    pub fn span(&self, from: usize, to: usize) -> Span {
        match (self.all.get(from), to.checked_sub(1).and_then(|t| self.all.get(t))) {
            (Some(a), Some(b)) if a.at.start <= b.at.end => Span::new(a.at.start, b.at.end),
            (Some(a), _) => Span::new(a.at.start, a.at.start),
            _ => Span::new(self.text.len(), self.text.len()),
        }
    }
}

/// Words without the asterisks, bars and rules around them.
pub(super) fn bare(words: &str) -> &str {
    words.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|' | '_' | '=' | '~' | '{' | '}' | '[' | ']'))
}

/// Where repair put a 1 before other digits for a bar with a blank before it.
fn walls(repaired: &Repaired) -> Vec<usize> {
    let raw = repaired.source().text();
    let edits = repaired.log().edits().iter().filter(|e| e.fixed.starts_with('1') && raw[e.raw.range()].starts_with('|'));
    let apart = edits.filter(|e| raw[..e.raw.start].ends_with([' ', '\n', '\t']) || e.raw.start == 0);
    let all = apart.map(|e| repaired.log().to_fixed(e.raw).start);
    all.filter(|at| repaired.text()[at + 1..].starts_with(|c: char| c.is_ascii_digit())).collect()
}

/// The first byte that no longer belongs to the file of the plan.
fn plan_end(repaired: &Repaired) -> usize {
    let source = repaired.source();
    let annex = source.pages().iter().find(|p| source.files().get(p.file).is_some_and(|f| f.role == crate::text::Role::Annex));
    annex.map_or(usize::MAX, |p| repaired.log().to_fixed(p.span).start)
}

/// A page number, a rule, a bar, a number of the drawing layer: there on the paper, and no words.
pub(super) fn is_paper(words: &str, apart: bool) -> bool {
    let digits = words.chars().filter(char::is_ascii_digit).count();
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 && digits == 0 {
        return true;
    }
    let number = letters == 0 && digits == words.trim_matches(|c: char| c == '-' || c == '–' || c.is_whitespace()).chars().count();
    number && (digits >= 9 || (digits <= 3 && apart))
}

fn measure(all: &[Line]) -> Option<usize> {
    let mut lengths: Vec<usize> = all.iter().filter(|l| !l.row).map(|l| l.letters).collect();
    lengths.sort_unstable();
    let full = *lengths.get(lengths.len() * 85 / 100)?;
    (full < UNBROKEN).then_some(full)
}
