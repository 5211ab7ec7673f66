//! The sheet to enter results in: a line for each quota of each unit, a column for each reporting date, sums and rates by formula.

use jiff::civil::Date;
use rust_xlsxwriter::{Chart, ChartType, ConditionalFormatFormula, DataValidation, DataValidationRule, Worksheet, XlsxError};
use serde::Deserialize;

use super::super::Material;
use super::super::record::QuotaRecord;
use super::super::template::one_line;
use super::super::words::fill;
use super::{Column, Look, Sheet, cell, excel_date, figure_number};
use crate::calendar::{Every, When};
use crate::extract::{QuotaBound, TaskKind};

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    sheet: String,
    columns: Vec<Column>,
    sums: Vec<Column>,
    day_width: u32,
    all: String,
    total: String,
    hint_count: String,
    hint_rate: String,
    wrong: String,
    wrong_title: String,
    chart: String,
    soon_days: u32,
    most_days: usize,
}

impl Settings {
    /// The name of the sheet, and of the column of ids by which results are read back.
    pub(super) fn places(&self) -> (&str, &str) {
        (&self.sheet, self.columns.first().map_or("", |c| &c.name))
    }
}

/// No title of a chart has more letters.
const LONGEST_TITLE: usize = 120;

/// Where the columns stand.
const QUOTA: u16 = 4;
const DUE: u16 = 6;
const FIRST_DAY: u16 = 7;

/// The quotas of one thing counted, in one unit: they can be summed.
struct Group<'a> {
    what: &'a str,
    unit: &'a str,
    alone: bool,
    members: Vec<(usize, &'a QuotaRecord, f64)>,
}

pub(super) fn sheet(material: &Material<'_>, s: &Settings, look: &Look, title: &str) -> Result<Worksheet, XlsxError> {
    let days = reporting_days(material, s.most_days);
    let mut columns = s.columns.clone();
    columns.extend(days.iter().map(|d| Column { name: super::super::words::day(*d), width: s.day_width }));
    columns.extend(s.sums.iter().cloned());
    let mut sheet = Sheet::new(&s.sheet, &columns, 0, look, title)?;
    for (column, day) in (FIRST_DAY..).zip(&days) {
        if let Some(day) = excel_date(*day) {
            sheet.sheet.write_datetime_with_format(0, column, day, &look.day_head)?;
        }
    }
    sheet.sheet.set_freeze_panes(1, 3)?;
    let table = Table { material, s, sums: FIRST_DAY + u16::try_from(days.len()).unwrap_or(0) };
    let mut row = 1;
    let mut largest: Option<(usize, u32, String)> = None;
    for group in groups(material) {
        let first = row;
        for member in &group.members {
            table.line(&mut sheet, row, &group, member)?;
            row += 1;
        }
        let size = group.members.len();
        if size > 1 && group.unit != "%" {
            table.total(&mut sheet, row, first, &group)?;
            row += 1;
        }
        if size > 1 && largest.as_ref().is_none_or(|(most, ..)| size > *most) {
            largest = Some((size, first, group.what.to_owned()));
        }
    }
    let last_column = u16::try_from(columns.len()).unwrap_or(1).saturating_sub(1);
    sheet.sheet.autofilter(0, 0, row.saturating_sub(1).max(1), last_column)?;
    if let Some((size, first, what)) = largest {
        table.chart(&mut sheet, first, first + u32::try_from(size).unwrap_or(1) - 1, row + 1, &what)?;
    }
    sheet.finish()
}

/// The days on which results are reported: those of the report that comes most often, else the dues of the quotas.
fn reporting_days(material: &Material<'_>, most: usize) -> Vec<Date> {
    let reports = material.report.tasks.iter().zip(&material.slots).filter(|(t, _)| t.kind == TaskKind::Report);
    let series = reports.filter_map(|(t, slot)| match (&t.due.as_ref()?.when, slot) {
        (When::Repeat { repeat, .. }, Some(slot)) if repeat.every != Every::Day => Some((repeat.every, slot)),
        _ => None,
    });
    let rank = |every: Every| [Every::Week, Every::Month, Every::Quarter, Every::HalfYear, Every::Year].iter().position(|e| *e == every);
    let mut days: Vec<Date> = match series.min_by_key(|(every, _)| rank(*every)) {
        Some((_, slot)) => slot.days.iter().map(|(_, to)| *to).collect(),
        None => material.report.quotas.iter().filter_map(|q| super::super::view::first_day(q.by.as_ref()?)).collect(),
    };
    days.sort_unstable();
    days.dedup();
    days.truncate(most);
    days
}

fn groups<'a>(material: &Material<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (nth, quota) in material.report.quotas.iter().enumerate() {
        let Some(amount) = figure_number(&quota.amount).filter(|_| quota.same_as.is_none()) else { continue };
        let member = (nth, quota, amount);
        // What is meant for everybody, and what counts a change, is no part of a sum.
        let alone = quota.who.is_empty() || quota.change.is_some();
        match groups.iter_mut().find(|g| !alone && !g.alone && g.what == quota.what && g.unit == quota.unit) {
            Some(group) => group.members.push(member),
            None => groups.push(Group { what: &quota.what, unit: &quota.unit, alone, members: vec![member] }),
        }
    }
    groups
}

struct Table<'a> {
    material: &'a Material<'a>,
    s: &'a Settings,
    /// The first column after the days.
    sums: u16,
}

impl Table<'_> {
    fn line(
        &self,
        sheet: &mut Sheet<'_>,
        row: u32,
        group: &Group<'_>,
        (nth, quota, amount): &(usize, &QuotaRecord, f64),
    ) -> Result<(), XlsxError> {
        let look = sheet.look;
        let seen = &self.material.view.quotas[*nth];
        sheet.text(row, 0, &quota.id, &look.centre)?;
        sheet.words(row, 1, &if seen.who.is_empty() { self.s.all.clone() } else { seen.who.join("; ") })?;
        let what = if quota.change.is_some() { format!("{} ({})", group.what, seen.amount) } else { group.what.to_owned() };
        sheet.words(row, 2, &what)?;
        sheet.text(row, 3, &self.material.words.bound(quota.bound), &look.centre)?;
        let rate = group.unit == "%";
        sheet.number(row, QUOTA, if rate { amount / 100.0 } else { *amount }, if rate { &look.rate } else { &look.number })?;
        sheet.text(row, 5, group.unit, &look.centre)?;
        sheet.date(row, DUE, quota.by.as_ref().and_then(super::super::view::first_day))?;
        for column in FIRST_DAY..self.sums {
            let entry = if rate { look.entry.clone().set_num_format("0.0%") } else { look.entry.clone() };
            sheet.sheet.write_blank(row, column, &entry)?;
        }
        self.results(sheet, row, rate, *amount, false)?;
        if self.sums > FIRST_DAY {
            let hint = if rate { &self.s.hint_rate } else { &self.s.hint_count };
            let valid = DataValidation::new()
                .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
                .set_input_message(hint.as_str())?
                .set_error_title(self.s.wrong_title.as_str())?
                .set_error_message(self.s.wrong.as_str())?;
            sheet.sheet.add_data_validation(row, FIRST_DAY, row, self.sums - 1, &valid)?;
        }
        self.colours(sheet, row, quota.bound)
    }

    /// What was reached, its share of the quota, and what is left.
    fn results(&self, sheet: &mut Sheet<'_>, row: u32, rate: bool, amount: f64, total: bool) -> Result<(), XlsxError> {
        let look = sheet.look;
        let (plain, share) = if total || !rate { (&look.sum, &look.sum_rate) } else { (&look.sum_rate, &look.sum_rate) };
        let (quota, reached) = (cell(row, QUOTA), cell(row, self.sums));
        let days = format!("{}:{}", cell(row, FIRST_DAY), cell(row, self.sums.max(FIRST_DAY + 1) - 1));
        let (reach, now) = match (self.sums > FIRST_DAY, rate) {
            (false, _) => ("=0".to_owned(), "0"),
            // A rate is what was last told, not a sum.
            (true, true) => (format!("=IFERROR(LOOKUP(2,1/({days}<>\"\"),{days}),0)"), "0"),
            (true, false) => (format!("=SUM({days})"), "0"),
        };
        sheet.formula(row, self.sums, &reach, now, plain)?;
        sheet.formula(row, self.sums + 1, &format!("=IF({quota}=0,\"\",{reached}/{quota})"), "0", share)?;
        let left = if rate { amount / 100.0 } else { amount };
        sheet.formula(row, self.sums + 2, &format!("=MAX(0,{quota}-{reached})"), &left.to_string(), plain)
    }

    fn total(&self, sheet: &mut Sheet<'_>, row: u32, first: u32, group: &Group<'_>) -> Result<(), XlsxError> {
        let look = sheet.look;
        for column in 0..FIRST_DAY {
            sheet.sheet.write_blank(row, column, &look.sum)?;
        }
        sheet.text(row, 1, &fill(&self.s.total, &[("what", group.what)]), &look.sum)?;
        sheet.text(row, 5, group.unit, &look.sum)?;
        let amount: f64 = group.members.iter().map(|(_, _, n)| n).sum();
        for column in std::iter::once(QUOTA).chain(FIRST_DAY..self.sums) {
            let value = if column == QUOTA { amount.to_string() } else { "0".to_owned() };
            sheet.formula(row, column, &format!("=SUM({}:{})", cell(first, column), cell(row - 1, column)), &value, &look.sum)?;
        }
        self.results(sheet, row, false, amount, true)
    }

    /// Reached, late, due soon: the first that holds. A limit that must not be passed has no such colours.
    fn colours(&self, sheet: &mut Sheet<'_>, row: u32, bound: QuotaBound) -> Result<(), XlsxError> {
        let reached = match bound {
            QuotaBound::Exactly | QuotaBound::AtLeast => ">=",
            QuotaBound::MoreThan => ">",
            QuotaBound::AtMost | QuotaBound::LessThan => return Ok(()),
        };
        let [quota, sum, due] = [QUOTA, self.sums, DUE].map(|column| format!("${}", cell(row, column)));
        let rules = [
            (format!("={sum}{reached}{quota}"), &sheet.look.done),
            (format!("=AND({due}<>\"\",{due}<TODAY())"), &sheet.look.late),
            (format!("=AND({due}<>\"\",{due}<=TODAY()+{})", self.s.soon_days), &sheet.look.soon),
        ];
        for (formula, format) in rules {
            let rule = ConditionalFormatFormula::new().set_rule(formula.as_str()).set_format(format).set_stop_if_true(true);
            sheet.sheet.add_conditional_format(row, self.sums, row, self.sums + 2, &rule)?;
        }
        Ok(())
    }

    fn chart(&self, sheet: &mut Sheet<'_>, first: u32, last: u32, at: u32, what: &str) -> Result<(), XlsxError> {
        let name = self.s.sheet.as_str();
        let mut chart = Chart::new(ChartType::Column);
        for column in [QUOTA, self.sums] {
            chart
                .add_series()
                .set_categories((name, first, 1, last, 1))
                .set_values((name, first, column, last, column))
                .set_name((name, 0, column));
        }
        // A title that begins with `=` would be taken for a place in the book.
        let what: String = one_line(what).trim_start_matches('=').chars().take(LONGEST_TITLE).collect();
        chart.title().set_name(fill(&self.s.chart, &[("what", &what)]).as_str());
        chart.set_width(900).set_height(360);
        sheet.sheet.insert_chart(at, 1, &chart)?;
        Ok(())
    }
}
