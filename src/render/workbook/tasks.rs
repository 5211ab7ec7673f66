//! The sheet of tasks: the eight columns that office systems import, then what a person follows them with.

use rust_xlsxwriter::{ConditionalFormatFormula, DataValidation, Worksheet, XlsxError};
use serde::Deserialize;

use super::super::Material;
use super::{Column, Look, Sheet, cell};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    sheet: String,
    columns: Vec<Column>,
    states: Vec<String>,
    state_hint: String,
    soon_days: u32,
    look_again: String,
}

impl Settings {
    /// The names of the sheet, of the columns of ids and states, and the states.
    pub(super) fn places(&self) -> (&str, &str, &str, &[String]) {
        let column = |nth: u16| self.columns.get(usize::from(nth)).map_or("", |c| c.name.as_str());
        (&self.sheet, column(ID), column(STATE), &self.states)
    }
}

/// The id, the day of the due and the state stand in these columns.
const ID: u16 = 8;
const DAY: u16 = 9;
const STATE: u16 = 10;

pub(super) fn sheet(material: &Material<'_>, s: &Settings, look: &Look, title: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new(&s.sheet, &s.columns, 0, look, title)?;
    let mut row = 0;
    for (task, slot) in material.view.tasks.iter().zip(&material.slots) {
        row += 1;
        sheet.number(row, 0, f64::from(row), &look.centre)?;
        sheet.words(row, 1, &task.what)?;
        sheet.list(row, 2, &task.who)?;
        sheet.list(row, 3, &task.with)?;
        sheet.words(row, 4, task.due.as_ref().map_or("", |d| &d.words))?;
        sheet.words(row, 5, task.product.as_deref().unwrap_or_default())?;
        sheet.list(row, 6, &task.to)?;
        sheet.words(row, 7, &task.at.words)?;
        sheet.text(row, ID, &task.id, &look.centre)?;
        // A series has no one day: its days are on the next sheet.
        let once = slot.as_ref().filter(|s| s.days.len() == 1).map(|s| s.days[0].1);
        sheet.date(row, DAY, once)?;
        let state = if task.ticked { s.states.last() } else { s.states.first() };
        sheet.text(row, STATE, state.map_or("", String::as_str), &look.centre)?;
        sheet.words(row, 11, if task.doubtful { &s.look_again } else { "" })?;
    }
    let last_column = u16::try_from(s.columns.len()).unwrap_or(1).saturating_sub(1);
    sheet.sheet.autofilter(0, 0, row.max(1), last_column)?;
    if row > 0 {
        let states = DataValidation::new().allow_list_strings(&s.states)?.set_input_message(s.state_hint.as_str())?;
        sheet.sheet.add_data_validation(1, STATE, row, STATE, &states)?;
        colours(&mut sheet, s, row, last_column)?;
    }
    sheet.finish()
}

/// Done, late, due soon: the first that holds.
fn colours(sheet: &mut Sheet<'_>, s: &Settings, last: u32, last_column: u16) -> Result<(), XlsxError> {
    let (day, state) = (format!("${}", cell(1, DAY)), format!("${}", cell(1, STATE)));
    let done = s.states.last().map_or("", String::as_str).replace('"', "\"\"");
    let rules = [
        (format!("={state}=\"{done}\""), &sheet.look.done),
        (format!("=AND({day}<>\"\",{day}<TODAY())"), &sheet.look.late),
        (format!("=AND({day}<>\"\",{day}<=TODAY()+{})", s.soon_days), &sheet.look.soon),
    ];
    for (formula, format) in rules {
        let rule = ConditionalFormatFormula::new().set_rule(formula.as_str()).set_format(format).set_stop_if_true(true);
        sheet.sheet.add_conditional_format(1, 0, last, last_column, &rule)?;
    }
    Ok(())
}
