//! Knows how the sheets of a workbook become lines of cells: blanks kept, merged heads in their first cell, plain sums computed.

mod formula;
mod hidden;
mod value;

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};

use calamine::{Data, Dimensions, Ods, Range, Reader, SheetVisible, Xls, XlsError, Xlsb, Xlsx, XlsxError};

use self::hidden::{BySheet, Hidden};
use super::failure::{Failure, Limit};
use super::limits::Limits;
use super::parsed::{Parsed, ParsedPage, clean};
use crate::text::{Condition, Words};

type Bytes = Cursor<Vec<u8>>;

/// A cell that is not blank.
#[derive(Clone, Debug, Default)]
struct Cell {
    text: String,
    formula: Option<String>,
}

/// The cells of one sheet, by row and column from 0; only those that hold something.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    merged: Vec<Dimensions>,
    hidden: Hidden,
}

/// Counts cells over the sheets of a workbook.
struct Budget<'a> {
    limits: &'a Limits,
    /// Cells that hold something.
    cells: usize,
    /// Cells written out, blank ones among them.
    written: usize,
}

impl Sheet {
    fn put(&mut self, (row, column): (u32, u32), cell: Cell, budget: &mut Budget<'_>) -> Result<(), Failure> {
        if cell.text.is_empty() && cell.formula.is_none() {
            return Ok(());
        }
        budget.cells += 1;
        Limits::hold(Limit::Cells, budget.cells, budget.limits.cells)?;
        Limits::hold(Limit::Columns, column as usize + 1, budget.limits.columns)?;
        self.rows.entry(row).or_default().insert(column, cell);
        Limits::hold(Limit::Rows, self.rows.len(), budget.limits.rows)
    }
}

pub(super) fn xlsx(bytes: Vec<u8>, limits: &Limits) -> Result<Parsed, Failure> {
    let mut hidden = hidden::xlsx(&bytes, limits);
    let mut book: Xlsx<Bytes> = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => Failure::Locked,
        other => Failure::damaged(other),
    })?;
    let mut budget = Budget { limits, cells: 0, written: 0 };
    let names = visible(&book, limits)?;
    let mut sheets = Vec::new();
    for name in names {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let hidden = hidden.remove(&name).unwrap_or_default();
        let mut sheet = Sheet { name: name.clone(), merged, hidden, ..Sheet::default() };
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A chart sheet has no cells; the others are read all the same.
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => continue,
            Err(other) => return Err(Failure::damaged(other)),
        };
        while let Some(cell) = cells.next_cell_with_formula().map_err(Failure::damaged)? {
            let text = value::text(&Data::from(cell.value));
            sheet.put(cell.pos, Cell { text, formula: cell.formula }, &mut budget)?;
        }
        sheets.push(sheet);
    }
    finish(sheets, unseen(&book), &mut budget)
}

pub(super) fn xlsb(bytes: Vec<u8>, limits: &Limits) -> Result<Parsed, Failure> {
    let mut book: Xlsb<Bytes> = Xlsb::new(Cursor::new(bytes)).map_err(Failure::damaged)?;
    let mut budget = Budget { limits, cells: 0, written: 0 };
    let mut sheets = Vec::new();
    for name in visible(&book, limits)? {
        let mut sheet = Sheet { name: name.clone(), ..Sheet::default() };
        let mut cells = book.worksheet_cells_reader(&name).map_err(Failure::damaged)?;
        while let Some(cell) = cells.next_cell().map_err(Failure::damaged)? {
            sheet.put(
                cell.get_position(),
                Cell { text: value::text(&Data::from(cell.get_value().clone())), formula: None },
                &mut budget,
            )?;
        }
        sheets.push(sheet);
    }
    finish(sheets, unseen(&book), &mut budget)
}

pub(super) fn xls(bytes: Vec<u8>, limits: &Limits) -> Result<Parsed, Failure> {
    let mut book: Xls<Bytes> = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsError::Password => Failure::Locked,
        other => Failure::damaged(other),
    })?;
    let merged = |book: &Xls<Bytes>, name: &str| book.merge_cells_by_sheet_name(name).unwrap_or_default();
    whole(&mut book, merged, BySheet::new(), limits)
}

pub(super) fn ods(bytes: Vec<u8>, limits: &Limits) -> Result<Parsed, Failure> {
    let hidden = hidden::ods(&bytes, limits);
    let mut book: Ods<Bytes> = Ods::new(Cursor::new(bytes)).map_err(|e| match e {
        calamine::OdsError::Password => Failure::Locked,
        calamine::OdsError::CellLimitExceeded { .. } => Failure::limit(Limit::Cells, limits.cells as u64),
        other => Failure::damaged(other),
    })?;
    whole(&mut book, |_, _| Vec::new(), hidden, limits)
}

/// Kinds whose sheets come as a whole: the reader has weighed them against the memory limit before we see them.
fn whole<R: Reader<Bytes>>(
    book: &mut R,
    merged: impl Fn(&R, &str) -> Vec<Dimensions>,
    mut hidden: BySheet,
    limits: &Limits,
) -> Result<Parsed, Failure> {
    let mut budget = Budget { limits, cells: 0, written: 0 };
    let mut sheets = Vec::new();
    for name in visible(book, limits)? {
        let hidden = hidden.remove(&name).unwrap_or_default();
        let mut sheet = Sheet { name: name.clone(), merged: merged(book, &name), hidden, ..Sheet::default() };
        let values = book.worksheet_range(&name).map_err(|e| Failure::damaged(format!("{e:?}")))?;
        let formulas = book.worksheet_formula(&name).unwrap_or_default();
        for (at, value) in placed(&values) {
            sheet.put(at, Cell { text: value::text(value), formula: None }, &mut budget)?;
        }
        for (at, formula) in placed(&formulas).filter(|(_, f)| !f.is_empty()) {
            let text = sheet.rows.get(&at.0).and_then(|row| row.get(&at.1)).map(|c| c.text.clone()).unwrap_or_default();
            sheet.put(at, Cell { text, formula: Some(formula.clone()) }, &mut budget)?;
        }
        sheets.push(sheet);
    }
    finish(sheets, unseen(book), &mut budget)
}

/// The cells of a range that hold something, each with its place on the sheet.
fn placed<T: calamine::CellType>(range: &Range<T>) -> impl Iterator<Item = ((u32, u32), &T)> {
    let (row, column) = range.start().unwrap_or_default();
    range.used_cells().map(move |(r, c, value)| ((row + r as u32, column + c as u32), value))
}

/// The sheets that a person who opens the workbook sees.
fn visible<RS: Read + Seek, R: Reader<RS>>(book: &R, limits: &Limits) -> Result<Vec<String>, Failure> {
    let sheets = book.sheets_metadata();
    Limits::hold(Limit::Sheets, sheets.len(), limits.sheets)?;
    Ok(sheets.iter().filter(|s| s.visible == SheetVisible::Visible).map(|s| s.name.clone()).collect())
}

/// The sheets that are hidden: they are left out, and named.
fn unseen<RS: Read + Seek, R: Reader<RS>>(book: &R) -> Vec<String> {
    book.sheets_metadata().iter().filter(|s| s.visible != SheetVisible::Visible).map(|s| clean(&one_line(&s.name))).collect()
}

fn finish(mut sheets: Vec<Sheet>, unseen: Vec<String>, budget: &mut Budget<'_>) -> Result<Parsed, Failure> {
    let mut pages = Vec::new();
    for (number, sheet) in (1..).zip(&mut sheets) {
        let computed = formula::fill_in(sheet);
        pages.push(page(number, sheet, &computed, budget)?);
    }
    let mut parsed = Parsed::new(Words::Sheet, pages);
    parsed.notes.extend(unseen.into_iter().map(|name| ("sheet-hidden".to_owned(), name)));
    Ok(parsed)
}

/// One line a row, empty rows left out; the cells of a table's row are all there, blank ones too.
fn page(number: u32, sheet: &Sheet, computed: &[(u32, u32)], budget: &mut Budget<'_>) -> Result<ParsedPage, Failure> {
    let filled: Vec<_> = sheet.rows.iter().filter(|(_, cells)| cells.values().any(|c| !c.text.is_empty())).collect();
    let last = |cells: &BTreeMap<u32, Cell>| cells.iter().rfind(|(_, c)| !c.text.is_empty()).map_or(0, |(column, _)| *column + 1);
    let width = filled.iter().map(|(_, cells)| last(cells)).max().unwrap_or(0);
    let alone = |cells: &BTreeMap<u32, Cell>| cells.values().filter(|c| !c.text.is_empty()).count() == 1;
    let table = filled.iter().position(|(_, cells)| !alone(cells)).unwrap_or(filled.len());
    let mut page = ParsedPage::whole(Condition::Clean, "");
    let mut lines = Vec::with_capacity(filled.len());
    for (i, (row, cells)) in filled.iter().enumerate() {
        let cell = |column| cells.get(&column).map_or(String::new(), |c| one_line(&c.text));
        // A title above the table, or over all of its columns, is no row of it: its line ends with its words.
        let spans = |d: &Dimensions| d.start.0 == **row && d.end.1 > d.start.1 && cells.contains_key(&d.start.1);
        let title = alone(cells) && (i < table || sheet.merged.iter().any(spans));
        let to = if title { last(cells) } else { width };
        budget.written += to as usize;
        Limits::hold(Limit::Cells, budget.written, budget.limits.cells)?;
        lines.push((0..to).map(cell).collect::<Vec<_>>().join("\t"));
        page.rows.push(*row + 1);
    }
    // What is hidden is read all the same, for the totals count it.
    let used = filled.iter().map(|(row, _)| **row);
    page.notes.extend(hidden::told(&sheet.hidden.rows, used, true).map(|rows| ("rows-hidden".to_owned(), rows)));
    page.notes.extend(hidden::told(&sheet.hidden.columns, 0..width, false).map(|columns| ("columns-hidden".to_owned(), columns)));
    page.notes.extend(computed.iter().map(|&(row, column)| ("sum-computed".to_owned(), formula::name(row, column))));
    Ok(ParsedPage { number: Some(number), sheet: Some(clean(&one_line(&sheet.name))), text: lines.join("\n"), ..page })
}

/// The words of a cell without line ends and tabs, which have a meaning of their own in the text. What can't be seen stays for now: to
/// TCVN3 the soft hyphen is an `ư`.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
