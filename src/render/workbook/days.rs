//! The sheet of days: every occurrence of every due in the order of the calendar.

use rust_xlsxwriter::{Worksheet, XlsxError};
use serde::Deserialize;

use super::super::Material;
use super::{Column, Look, Sheet, hour};
use crate::render::slot::{Rule, Slot, occurrences};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    sheet: String,
    columns: Vec<Column>,
}

pub(super) fn sheet(material: &Material<'_>, s: &Settings, look: &Look, title: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new(&s.sheet, &s.columns, 0, look, title)?;
    let mut row = 0;
    for (from, to, nth) in occurrences(&material.slots) {
        let (task, Some(slot)) = (&material.view.tasks[nth], &material.slots[nth]) else { continue };
        row += 1;
        sheet.date(row, 0, Some(from))?;
        sheet.words(row, 1, &material.words.weekday(from.weekday()))?;
        sheet.date(row, 2, Some(to).filter(|to| *to > from))?;
        sheet.text(row, 3, &slot.time.map(hour).unwrap_or_default(), &look.centre)?;
        sheet.words(row, 4, &task.what)?;
        sheet.list(row, 5, &task.who)?;
        sheet.list(row, 6, &task.to)?;
        sheet.text(row, 7, &task.id, &look.centre)?;
        let one = Slot { days: vec![(from, to)], ..slot.clone() };
        let mut notes = material.calendar.notes(&one, material.words, material.holidays);
        if matches!(slot.rule, Some(Rule::Daily { .. })) {
            notes.extend(task.due.as_ref().map(|d| d.words.clone()));
        }
        sheet.words(row, 8, &notes.join(" "))?;
    }
    sheet.sheet.autofilter(0, 0, row.max(1), u16::try_from(s.columns.len()).unwrap_or(1).saturating_sub(1))?;
    sheet.finish()
}
