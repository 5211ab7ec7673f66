//! The sheet of quotas: every number that must be reached, by whom and by when.

use rust_xlsxwriter::{Worksheet, XlsxError};
use serde::Deserialize;

use super::super::Material;
use super::{Column, Look, Sheet, figure_number};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    sheet: String,
    columns: Vec<Column>,
}

pub(super) fn sheet(material: &Material<'_>, s: &Settings, look: &Look, title: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new(&s.sheet, &s.columns, 0, look, title)?;
    let mut row = 0;
    for (quota, record) in material.view.quotas.iter().zip(&material.report.quotas) {
        row += 1;
        sheet.number(row, 0, f64::from(row), &look.centre)?;
        sheet.words(row, 1, &quota.what)?;
        sheet.list(row, 2, &quota.who)?;
        match figure_number(&record.amount) {
            Some(n) => sheet.number(row, 3, n, &look.number)?,
            None => sheet.words(row, 3, &super::super::words::figure(&record.amount))?,
        }
        sheet.text(row, 4, &record.unit, &look.centre)?;
        sheet.words(row, 5, &quota.amount)?;
        sheet.words(row, 6, quota.due.as_ref().map_or("", |d| &d.words))?;
        sheet.words(row, 7, &quota.at.words)?;
        sheet.text(row, 8, &quota.id, &look.centre)?;
    }
    sheet.sheet.autofilter(0, 0, row.max(1), u16::try_from(s.columns.len()).unwrap_or(1).saturating_sub(1))?;
    sheet.finish()
}
