//! Results that people entered in the sheet of progress: read from its cells, told where they are wrong, summed up for a reporting day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::record::{QuotaRecord, Report};
use super::view::{QuotaView, first_day};
use super::words::{self, fill};
use super::workbook::figure_number;
use crate::error::Result;
use crate::extract::{Figure, QuotaBound};
use crate::rules::RuleBook;

/// The results of a plan's quotas, day by day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// The reporting days that the sheet has columns for, in order.
    pub days: Vec<Date>,
    /// By the id of the quota, then by day; what was left blank is not there.
    pub results: BTreeMap<String, BTreeMap<Date, f64>>,
    /// What is wrong in the sheet, in Vietnamese, each with sheet, row and reason.
    pub faults: Vec<String>,
}

/// What is said about results: `rules/render/progress.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    faults: Faults,
    behind: String,
    missing: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    number: String,
    negative: String,
    unknown: String,
    twice: String,
    head: String,
}

impl Settings {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("render/progress.yaml")
    }
}

/// A sheet as it was read.
struct Sheet<'a> {
    name: &'a str,
    settings: &'a Settings,
    report: &'a Report,
}

/// The results in `rows`: the number of each row in the sheet, and its cells as text.
pub(super) fn read(name: &str, id_column: &str, rows: &[(u32, Vec<String>)], report: &Report, settings: &Settings) -> Progress {
    let sheet = Sheet { name, settings, report };
    let mut progress = Progress::default();
    let is_head = |cells: &[String]| cells.iter().position(|c| c.trim() == id_column);
    let Some((head, id_at)) = rows.iter().enumerate().find_map(|(nth, (_, cells))| is_head(cells).map(|at| (nth, at))) else {
        progress.faults.push(fill(&settings.faults.head, &[("sheet", name), ("column", id_column)]));
        return progress;
    };
    let year = report.document.period.as_ref().and_then(|p| p.from).or(report.document.issued).map_or(1, |d| d.year());
    let days: Vec<(usize, Date)> = rows[head].1.iter().enumerate().filter_map(|(at, text)| Some((at, day(text, year)?))).collect();
    progress.days = days.iter().map(|(_, d)| *d).collect();
    progress.days.sort_unstable();
    for (row, cells) in &rows[head + 1..] {
        let id = cells.get(id_at).map_or("", |c| c.trim());
        if !id.is_empty() {
            sheet.row(*row, id, cells, &days, &mut progress);
        }
    }
    progress
}

impl Sheet<'_> {
    fn row(&self, row: u32, id: &str, cells: &[String], days: &[(usize, Date)], progress: &mut Progress) {
        let row = row.to_string();
        let told =
            |pattern: &str, more: &[(&str, &str)]| fill(pattern, &[&[("sheet", self.name), ("row", &row), ("id", id)], more].concat());
        let Some(quota) = self.report.quotas.iter().find(|q| q.id == id) else {
            progress.faults.push(told(&self.settings.faults.unknown, &[]));
            return;
        };
        if progress.results.contains_key(id) {
            progress.faults.push(told(&self.settings.faults.twice, &[]));
            return;
        }
        let mut results = BTreeMap::new();
        for (at, date) in days {
            let value = cells.get(*at).map_or("", |c| c.trim());
            let column = words::day(*date);
            let parts = [("value", value), ("column", column.as_str())];
            match number(value) {
                _ if value.is_empty() => {}
                None => progress.faults.push(told(&self.settings.faults.number, &parts)),
                Some(n) if n < 0.0 => progress.faults.push(told(&self.settings.faults.negative, &parts)),
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
    let year = parts.next().map_or(Some(year), std::result::Result::ok)?;
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

/// The standing of one quota on a reporting day.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub(super) struct Standing {
    /// In the period that ends on the day; empty where nothing was entered.
    pub(super) now: String,
    /// Up to that day.
    pub(super) total: String,
    /// Of the quota.
    pub(super) rate: String,
    /// In words, where it lags behind the share of the time that has passed.
    #[serde(skip)]
    pub(super) behind: Option<String>,
    /// In words, where nothing was entered for the period.
    #[serde(skip)]
    pub(super) missing: Option<String>,
}

/// How `quota` stands on `as_of`.
pub(super) fn standing(progress: &Progress, quota: &QuotaRecord, seen: &QuotaView, report: &Report, as_of: Date, s: &Settings) -> Standing {
    let Some(period) = progress.days.iter().rev().find(|d| **d <= as_of) else { return Standing::default() };
    let results = progress.results.get(&quota.id);
    let until = || results.into_iter().flat_map(|r| r.range(..=as_of)).map(|(_, n)| *n);
    let share = quota.unit == "%";
    let told = |n: f64| {
        let text = words::figure(&Figure::Number((n * 10.0).round() / 10.0));
        if share { format!("{text}%") } else { text }
    };
    let now = results.and_then(|r| r.get(period)).copied();
    // A share is what was last told, not a sum.
    let total = if share { until().next_back() } else { until().reduce(|a, b| a + b) };
    let amount = figure_number(&quota.amount).filter(|a| *a > 0.0);
    let rate = total.zip(amount).map(|(t, a)| t / a);
    let who = if seen.who.is_empty() { report.document.issuer.clone().unwrap_or_default() } else { seen.who.join(", ") };
    let rate_words = rate.map(|r| format!("{}%", words::figure(&Figure::Number((r * 1000.0).round() / 10.0)))).unwrap_or_default();
    let limit = matches!(quota.bound, QuotaBound::AtMost | QuotaBound::LessThan);
    let lags = !limit && rate.unwrap_or(0.0) < elapsed(quota, report, as_of);
    let parts = |total: &str| -> String {
        fill(&s.behind, &[("who", &who), ("what", &quota.what), ("total", total), ("amount", &seen.amount), ("rate", &rate_words)])
    };
    Standing {
        now: now.map(told).unwrap_or_default(),
        total: total.map(told).unwrap_or_default(),
        rate: rate_words.clone(),
        behind: total.filter(|_| lags).map(|t| parts(&told(t))),
        missing: now.is_none().then(|| fill(&s.missing, &[("who", &who), ("what", &quota.what)])),
    }
}

/// The share of the time of `quota` that has passed on `as_of`, from 0 to 1; 0 where its time is not known.
fn elapsed(quota: &QuotaRecord, report: &Report, as_of: Date) -> f64 {
    let from = report.document.period.as_ref().and_then(|p| p.from).or(report.document.issued);
    let (Some(from), Some(to)) = (from, quota.by.as_ref().and_then(first_day)) else { return 0.0 };
    let days = |a: Date, b: Date| f64::from(a.until(b).map_or(0, |s| s.get_days()));
    let whole = days(from, to) + 1.0;
    if whole <= 0.0 { 0.0 } else { ((days(from, as_of) + 1.0) / whole).clamp(0.0, 1.0) }
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
