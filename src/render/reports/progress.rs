//! Results that people entered in the sheet of progress: read from its cells, told where they are wrong, summed up for a reporting day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;

use crate::render::record::Report;
use crate::render::words::{self, fill};

/// The results of a plan's quotas, day by day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// The reporting days that the sheet has columns for, in order.
    pub days: Vec<Date>,
    /// By the id of the quota, then by day; what was left blank is not there.
    pub results: BTreeMap<String, BTreeMap<Date, f64>>,
    /// The duties whose state somebody has set.
    pub told: BTreeSet<String>,
    /// The duties that are done.
    pub done: BTreeSet<String>,
    /// What is wrong in the sheets, in Vietnamese, each with sheet, row and reason.
    pub faults: Vec<String>,
}

/// What is wrong in a sheet, in words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Faults {
    number: String,
    negative: String,
    unknown: String,
    unknown_task: String,
    state: String,
    twice: String,
    head: String,
    sheet: String,
}

/// A sheet of a workbook: its name, and of each row its number in the sheet and its cells as text.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "told above")]
pub struct Rows {
    pub sheet: String,
    pub rows: Vec<(u32, Vec<String>)>,
}

/// Where in the workbook results and states stand.
pub(in crate::render) struct Places<'a> {
    pub(in crate::render) progress: &'a str,
    pub(in crate::render) id: &'a str,
    pub(in crate::render) tasks: &'a str,
    pub(in crate::render) task_id: &'a str,
    pub(in crate::render) state: &'a str,
    /// From not begun to done.
    pub(in crate::render) states: &'a [String],
}

/// A sheet as it was read.
struct Sheet<'a> {
    name: &'a str,
    settings: &'a Faults,
    report: &'a Report,
}

/// The results and states in `sheets`.
pub(super) fn read(places: &Places<'_>, sheets: &[Rows], report: &Report, settings: &Faults) -> Progress {
    let mut progress = Progress::default();
    match sheets.iter().find(|s| s.sheet == places.progress) {
        Some(sheet) => results(places, &sheet.rows, report, settings, &mut progress),
        None => progress.faults.push(fill(&settings.sheet, &[("sheet", places.progress)])),
    }
    if let Some(sheet) = sheets.iter().find(|s| s.sheet == places.tasks) {
        states(places, &sheet.rows, report, settings, &mut progress);
    }
    progress
}

/// The states of the duties in `rows`; a row without an id or without a state says nothing.
fn states(places: &Places<'_>, rows: &[(u32, Vec<String>)], report: &Report, settings: &Faults, progress: &mut Progress) {
    let at = |cells: &[String], name: &str| cells.iter().position(|c| c.trim() == name);
    let head = rows.iter().enumerate().find_map(|(nth, (_, c))| Some((nth, at(c, places.task_id)?, at(c, places.state)?)));
    let Some((head, id_at, state_at)) = head else {
        progress.faults.push(fill(&settings.head, &[("sheet", places.tasks), ("column", places.state)]));
        return;
    };
    for (row, cells) in &rows[head + 1..] {
        let [id, state] = [id_at, state_at].map(|at| cells.get(at).map_or("", |c| c.trim()));
        if id.is_empty() || state.is_empty() {
            continue;
        }
        let row = row.to_string();
        let told = |pattern: &str| fill(pattern, &[("sheet", places.tasks), ("row", &row), ("id", id), ("value", state)]);
        if !report.tasks.iter().any(|t| t.id == id) {
            progress.faults.push(told(&settings.unknown_task));
            continue;
        }
        match places.states.iter().position(|s| s.to_lowercase() == state.to_lowercase()) {
            None => progress.faults.push(told(&settings.state)),
            Some(0) => {}
            Some(nth) => {
                progress.told.insert(id.to_owned());
                if nth + 1 == places.states.len() {
                    progress.done.insert(id.to_owned());
                }
            }
        }
    }
}

fn results(places: &Places<'_>, rows: &[(u32, Vec<String>)], report: &Report, settings: &Faults, progress: &mut Progress) {
    let (name, id_column) = (places.progress, places.id);
    let sheet = Sheet { name, settings, report };
    let is_head = |cells: &[String]| cells.iter().position(|c| c.trim() == id_column);
    let Some((head, id_at)) = rows.iter().enumerate().find_map(|(nth, (_, cells))| is_head(cells).map(|at| (nth, at))) else {
        progress.faults.push(fill(&settings.head, &[("sheet", name), ("column", id_column)]));
        return;
    };
    let year = report.document.period.as_ref().and_then(|p| p.from).or(report.document.issued).map_or(1, |d| d.year());
    let days: Vec<(usize, Date)> = rows[head].1.iter().enumerate().filter_map(|(at, text)| Some((at, day(text, year)?))).collect();
    progress.days = days.iter().map(|(_, d)| *d).collect();
    progress.days.sort_unstable();
    for (row, cells) in &rows[head + 1..] {
        let id = cells.get(id_at).map_or("", |c| c.trim());
        if !id.is_empty() {
            sheet.row(*row, id, cells, &days, progress);
        }
    }
}

impl Sheet<'_> {
    fn row(&self, row: u32, id: &str, cells: &[String], days: &[(usize, Date)], progress: &mut Progress) {
        let row = row.to_string();
        let told =
            |pattern: &str, more: &[(&str, &str)]| fill(pattern, &[&[("sheet", self.name), ("row", &row), ("id", id)], more].concat());
        let Some(quota) = self.report.quotas.iter().find(|q| q.id == id) else {
            progress.faults.push(told(&self.settings.unknown, &[]));
            return;
        };
        if progress.results.contains_key(id) {
            progress.faults.push(told(&self.settings.twice, &[]));
            return;
        }
        let mut results = BTreeMap::new();
        for (at, date) in days {
            let value = cells.get(*at).map_or("", |c| c.trim());
            let column = words::day(*date);
            let parts = [("value", value), ("column", column.as_str())];
            match number(value) {
                _ if value.is_empty() => {}
                None => progress.faults.push(told(&self.settings.number, &parts)),
                Some(n) if n < 0.0 => progress.faults.push(told(&self.settings.negative, &parts)),
                // A share is shown as 85 % and kept as 0.85.
                Some(n) if quota.unit == "%" && !value.contains('%') && n <= 1.0 => {
                    results.insert(*date, n * 100.0);
                }
                Some(n) => {
                    results.insert(*date, n);
                }
            }
        }
        progress.results.insert(id.to_owned(), results);
    }
}

/// `26/08/2025`, `2025-08-26`, `26/08` in the year of the plan.
fn day(text: &str, year: i16) -> Option<Date> {
    let text = text.trim();
    if let Some(date) = text.get(..10).and_then(|t| t.parse::<Date>().ok()) {
        return Some(date);
    }
    let mut parts = text.split(['/', '-', '.']).map(str::parse::<i16>);
    let (d, m) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let year = parts.next().map_or(Some(year), Result::ok)?;
    Date::new(year, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()
}

/// `1200`, `1.200`, `12,5`, `85%`.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('%').trim();
    let groups: Vec<&str> = text.trim_start_matches('-').split('.').collect();
    let digits = |t: &&str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let thousands = groups.len() > 1 && groups.iter().all(digits) && groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3);
    let plain = if thousands { text.replace('.', "") } else { text.replace(',', ".") };
    let is_number = plain.bytes().all(|b| b.is_ascii_digit() || b".-".contains(&b)) && plain.bytes().any(|b| b.is_ascii_digit());
    plain.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, n) in [
            ("12", Some(12.0)),
            ("1.200", Some(1200.0)),
            ("12,5", Some(12.5)),
            ("0.85", Some(0.85)),
            ("85%", Some(85.0)),
            ("-3", Some(-3.0)),
            ("12 hộ", None),
            ("nan", None),
            ("1e9", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(number(text), n, "{text}");
        }
    }

    #[test]
    fn days_of_the_head_are_read_in_every_shape() {
        for text in ["26/08/2025", "2025-08-26", "26/8", "2025-08-26 00:00:00"] {
            assert_eq!(day(text, 2025), Some(date(2025, 8, 26)), "{text}");
        }
        assert_eq!(day("Được giao", 2025), None);
    }
}
