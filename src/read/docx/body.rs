//! The body of a DOCX: paragraphs and tables to lines.

use std::collections::HashSet;

use super::super::failure::{Failure, Limit};
use super::super::limits::Limits;
use super::super::xml::Node;
use super::numbering::Numbering;

/// Collects the lines of a document.
pub(super) struct Body<'l> {
    numbering: Numbering,
    ruled: HashSet<String>,
    lines: Vec<String>,
    cells: usize,
    /// True when the end of the last paragraph was deleted.
    joined: bool,
    limits: &'l Limits,
}

/// One cell of a row: its paragraphs, and how many columns it takes.
struct Cell {
    paragraphs: Vec<String>,
    span: usize,
}

impl<'l> Body<'l> {
    pub fn new(numbering: Numbering, ruled: HashSet<String>, limits: &'l Limits) -> Self {
        Self { numbering, ruled, lines: Vec::new(), cells: 0, joined: false, limits }
    }

    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Takes in paragraphs and tables in their order.
    pub fn take(&mut self, parent: &Node) -> Result<(), Failure> {
        for child in &parent.children {
            match child.name.as_str() {
                "p" => {
                    let mut lines = self.numbered(child);
                    // The end of the paragraph before was deleted: the two are one.
                    if std::mem::take(&mut self.joined)
                        && let (Some(before), Some(first)) = (self.lines.last_mut(), lines.first_mut())
                    {
                        *before = tidy(&format!("{before} {first}"));
                        lines.remove(0);
                    }
                    self.joined = child.at(&["pPr", "rPr", "del"]).is_some();
                    self.lines.extend(lines);
                }
                "tbl" => self.table(child)?,
                // What was moved away or deleted is gone; what was put in is there.
                "del" | "moveFrom" | "sectPr" => {}
                _ => self.take(child)?,
            }
        }
        Ok(())
    }

    /// The lines of a paragraph, its label before the first.
    fn numbered(&mut self, paragraph: &Node) -> Vec<String> {
        let text = words(paragraph);
        let wall = has_columns(paragraph);
        let lines: Vec<String> = text.split('\n').map(|l| if wall { walled(l) } else { tidy(l) }).filter(|l| !l.is_empty()).collect();
        if lines.is_empty() {
            return lines;
        }
        let label = self.numbering.label(paragraph.child("pPr"));
        let first = if label.is_empty() { lines[0].clone() } else { format!("{label} {}", lines[0]) };
        std::iter::once(first).chain(lines.into_iter().skip(1)).collect()
    }

    fn table(&mut self, table: &Node) -> Result<(), Failure> {
        let mut rows = Vec::new();
        table.all("tr", &mut rows);
        rows.retain(|row| row.at(&["trPr", "del"]).is_none());
        let rows: Vec<Vec<Cell>> = rows.into_iter().map(|row| self.row(row)).collect();
        let columns = rows.iter().map(|r| r.iter().map(|c| c.span).sum::<usize>()).max().unwrap_or(0);
        self.cells = self.cells.saturating_add(columns.saturating_mul(rows.len()));
        Limits::hold(Limit::Columns, columns, self.limits.columns)?;
        Limits::hold(Limit::Cells, self.cells, self.limits.cells)?;
        for row in rows {
            if self.draws(table) {
                self.lines.push(ruled_row(&row, columns));
            } else {
                self.lines.extend(side_by_side(&row));
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &Node) -> Vec<Cell> {
        let mut cells = Vec::new();
        row.all("tc", &mut cells);
        cells.retain(|cell| cell.at(&["tcPr", "cellDel"]).is_none());
        cells.iter().map(|cell| self.cell(cell)).collect()
    }

    fn cell(&mut self, cell: &Node) -> Cell {
        let properties = cell.child("tcPr");
        let span = properties.and_then(|p| p.value("gridSpan")).and_then(|s| s.parse().ok()).unwrap_or(1_usize);
        // A cell that goes on from the row above holds nothing of its own.
        let goes_on = properties.and_then(|p| p.child("vMerge")).is_some_and(|m| m.attribute("val") != Some("restart"));
        let mut paragraphs = Vec::new();
        cell.all("p", &mut paragraphs);
        let paragraphs = if goes_on { Vec::new() } else { paragraphs.iter().flat_map(|p| self.numbered(p)).collect() };
        Cell { paragraphs, span: span.clamp(1, self.limits.columns + 1) }
    }

    /// True when the lines of a table can be seen: an unruled one only keeps two columns of a letter apart.
    fn draws(&self, table: &Node) -> bool {
        let properties = table.child("tblPr");
        if let Some(borders) = properties.and_then(|p| p.child("tblBorders")) {
            return draws(borders);
        }
        let styled = properties.and_then(|p| p.value("tblStyle")).is_some_and(|s| self.ruled.contains(s));
        let mut cells = Vec::new();
        table.all("tcBorders", &mut cells);
        styled || cells.iter().any(|b| draws(b))
    }
}

/// True when a set of borders draws lines between cells or around them.
pub(super) fn draws(borders: &Node) -> bool {
    let seen = |b: &&Node| b.attribute("val").is_some_and(|v| v != "nil" && v != "none");
    borders.children.iter().filter(seen).count() >= 2
}

/// A row of a table as one line, its wrapped cells joined.
fn ruled_row(row: &[Cell], columns: usize) -> String {
    let mut cells = Vec::with_capacity(columns);
    for cell in row {
        cells.push(cell.paragraphs.join(" "));
        cells.extend(std::iter::repeat_n(String::new(), cell.span - 1));
    }
    cells.resize(columns.max(cells.len()), String::new());
    cells.join("\t")
}

/// The cells of an unruled row as columns of lines: the first lines of all of them, then the second ones.
fn side_by_side(row: &[Cell]) -> Vec<String> {
    let longest = row.iter().map(|c| c.paragraphs.len()).max().unwrap_or(0);
    let line = |i: usize| {
        let cells: Vec<&str> = row.iter().map(|c| c.paragraphs.get(i).map_or("", String::as_str)).collect();
        cells.join("\t").trim_end_matches('\t').to_owned()
    };
    (0..longest).map(line).collect()
}

/// The words of a paragraph: what is deleted left out, line breaks kept.
pub(super) fn words(node: &Node) -> String {
    let mut text = String::new();
    gather(node, &mut text);
    text
}

fn gather(node: &Node, text: &mut String) {
    for child in &node.children {
        match child.name.as_str() {
            "r" if hides_run(child) => {}
            "t" => child.children.iter().for_each(|c| text.push_str(&c.text)),
            "tab" | "ptab" => text.push('\t'),
            "br" | "cr" => text.push('\n'),
            "noBreakHyphen" => text.push('-'),
            "sym" => text.push('-'),
            // The old form of a drawing stands beside the new one, with the same words.
            "del" | "moveFrom" | "Fallback" | "pPr" | "rPr" | "instrText" | "delText" => {}
            "p" => {
                // A paragraph within a paragraph is a text box.
                text.push('\n');
                gather(child, text);
            }
            _ => gather(child, text),
        }
    }
}

/// True when some of the words are not shown, nor printed.
pub(super) fn hides(node: &Node) -> bool {
    (node.name == "r" && hides_run(node) && !words(node).trim().is_empty()) || node.children.iter().any(hides)
}

fn hides_run(run: &Node) -> bool {
    let off = |v: &Node| matches!(v.attribute("val"), Some("0" | "false" | "off"));
    run.at(&["rPr", "vanish"]).is_some_and(|v| !off(v))
}

/// True when the tabs of a paragraph part columns: it sets places for words to be centred or to end at, as the head of a letter does.
fn has_columns(paragraph: &Node) -> bool {
    let places = paragraph.at(&["pPr", "tabs"]).map_or(&[][..], |t| &t.children);
    places.iter().any(|p| matches!(p.attribute("val"), Some("center" | "right" | "end")))
}

/// A line whose tabs are walls.
fn walled(line: &str) -> String {
    line.split('\t').map(tidy).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("\t")
}

fn tidy(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
