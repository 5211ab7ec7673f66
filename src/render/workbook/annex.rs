//! A sheet for each annex: its figures, their sums by formula, the totals that the document gives, and a note on each mended cell.

use rust_xlsxwriter::{Note, Worksheet, XlsxError};
use serde::Deserialize;

use super::super::record::AnnexRecord;
use super::super::template::one_line;
use super::super::words::{self, fill};
use super::{Column, LONGEST, Look, Sheet, cell, figure_number};
use crate::extract::Figure;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    sheet: String,
    unit: String,
    sum: String,
    said: String,
    mended: String,
    mended_blank: String,
}

/// The heads stand under the annex's own heading.
const HEAD: u32 = 1;

pub(super) fn sheet(nth: usize, annex: &AnnexRecord, s: &Settings, look: &Look, title: &str) -> Result<Worksheet, XlsxError> {
    let mut columns = vec![Column { name: s.unit.clone(), width: 32 }];
    columns.extend(annex.columns.iter().map(|c| Column { name: one_line(&c.name), width: 18 }));
    let mut sheet = Sheet::new(&fill(&s.sheet, &[("n", &nth.to_string())]), &columns, HEAD, look, title)?;
    sheet.sheet.write_string_with_format(0, 0, one_line(&annex.title).chars().take(LONGEST).collect::<String>(), &look.title)?;
    let mut row = HEAD;
    for record in &annex.rows {
        row += 1;
        sheet.words(row, 0, &record.label)?;
        figures(&mut sheet, row, &record.cells, false)?;
    }
    if row > HEAD {
        sums(&mut sheet, annex, s, row)?;
    }
    for m in &annex.mended {
        let why = match &m.as_read {
            Some(as_read) => fill(&s.mended, &[("as_read", as_read), ("why", &m.why)]),
            None => fill(&s.mended_blank, &[("why", &m.why)]),
        };
        let inside = m.row <= annex.rows.len() && m.column <= annex.columns.len();
        if let (Ok(r), Ok(c), true) = (u32::try_from(m.row), u16::try_from(m.column), inside) {
            sheet.sheet.insert_note(HEAD + r, c, &Note::new(one_line(&why)).set_author("plan-ingest"))?;
        }
    }
    sheet.finish()
}

fn figures(sheet: &mut Sheet<'_>, row: u32, cells: &[Figure], bold: bool) -> Result<(), XlsxError> {
    let look = sheet.look;
    let format = if bold { &look.sum } else { &look.number };
    for (column, figure) in (1u16..).zip(cells) {
        match figure_number(figure) {
            Some(n) => sheet.number(row, column, n, format)?,
            None => sheet.text(row, column, &words::figure(figure), format)?,
        }
    }
    Ok(())
}

fn sums(sheet: &mut Sheet<'_>, annex: &AnnexRecord, s: &Settings, last: u32) -> Result<(), XlsxError> {
    let look = sheet.look;
    sheet.text(last + 1, 0, &s.sum, &look.sum)?;
    for (nth, column) in (0..annex.columns.len()).zip(1u16..) {
        let Some(sum) = annex.rows.iter().filter_map(|r| r.cells.get(nth).and_then(figure_number)).reduce(|a, b| a + b) else {
            sheet.sheet.write_blank(last + 1, column, &look.sum)?;
            continue;
        };
        let formula = format!("=SUM({}:{})", cell(HEAD + 1, column), cell(last, column));
        sheet.formula(last + 1, column, &formula, &sum.to_string(), &look.sum)?;
    }
    if let Some(totals) = &annex.totals {
        sheet.text(last + 2, 0, &s.said, &look.sum)?;
        figures(sheet, last + 2, totals, true)?;
    }
    Ok(())
}
