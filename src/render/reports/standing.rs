//! How quotas stand on a reporting day: what was reached in the period and to date, who is behind, whose numbers are missing.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Progress;
use crate::extract::QuotaBound;
use crate::render::gather::figure;
use crate::render::record::{QuotaRecord, Report};
use crate::render::view::{QuotaView, first_day};
use crate::render::words::{self, fill};
use crate::render::workbook::figure_number;

/// What is said of results.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    behind: String,
    behind_one: String,
    missing: String,
    all: String,
}

/// The name of a quota within a sentence is cut to so many letters.
const NAME: usize = 90;

/// One quota as a report shows it; a number that nobody entered is an empty text.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    id: String,
    what: String,
    who: Vec<String>,
    /// In words: `ít nhất 40 hộ`.
    amount: String,
    /// The number alone.
    assigned: String,
    unit: String,
    due: Option<String>,
    /// In the period that ends on the day.
    now: String,
    /// Up to that day.
    total: String,
    /// Of what was assigned.
    rate: String,
    left: String,
}

/// The same thing counted for several: they can be summed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Group {
    what: String,
    unit: String,
    rows: Vec<Row>,
    sum: Row,
}

/// All quotas of a report.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Standings {
    pub(super) quotas: Vec<Row>,
    pub(super) groups: Vec<Group>,
    /// The quotas of no group.
    pub(super) others: Vec<Row>,
    pub(super) behind: Vec<String>,
    pub(super) missing: Vec<String>,
}

/// What is counted, in a unit, for several.
struct Counted {
    what: String,
    unit: String,
    rows: Vec<(Row, Numbers)>,
}

/// The numbers of one quota.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    amount: Option<f64>,
    now: Option<f64>,
    total: Option<f64>,
}

/// The results of `progress` up to `day`.
pub(super) struct At<'a> {
    pub(super) progress: &'a Progress,
    pub(super) day: Date,
}

impl Standings {
    /// The standing of `quotas` on the day of `at`, or blank rows.
    pub(super) fn new(quotas: &[(&QuotaRecord, &QuotaView)], at: Option<&At<'_>>, report: &Report, said: &Said) -> Self {
        let mut all = Self::default();
        let mut lacking: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        let mut lagging: Vec<(String, Vec<String>)> = Vec::new();
        let mut kinds: Vec<Counted> = Vec::new();
        for (quota, seen) in quotas {
            let numbers = at.map_or(Numbers { amount: figure_number(&quota.amount), ..Numbers::default() }, |at| at.numbers(quota));
            let row = row(quota, seen, numbers);
            if let Some(at) = at {
                let who = if seen.who.is_empty() { said.all.clone() } else { seen.who.join(", ") };
                let what = words::shorten(&seen.what, NAME);
                if at.lags(quota, numbers, report) {
                    put(&mut lagging, &what, fill(&said.behind_one, &behind(&who, &row)));
                }
                let days = at.missing(quota);
                if !days.is_empty() {
                    let of = lacking.entry((what, days)).or_default();
                    // Two numbers of one sentence are one line.
                    if !of.contains(&who) {
                        of.push(who);
                    }
                }
            }
            all.quotas.push(row.clone());
            // What is meant for everybody, a share and a change are no part of a sum.
            let alone = quota.who.is_empty() || quota.change.is_some() || quota.unit == "%";
            match kinds.iter_mut().find(|k| !alone && k.what == seen.what && k.unit == quota.unit) {
                Some(kind) => kind.rows.push((row, numbers)),
                None if alone => all.others.push(row),
                None => kinds.push(Counted { what: seen.what.clone(), unit: quota.unit.clone(), rows: vec![(row, numbers)] }),
            }
        }
        for Counted { what, unit, rows } in kinds {
            match <[_; 1]>::try_from(rows) {
                Ok([(row, _)]) => all.others.push(row),
                Err(rows) => all.groups.push(group(what, unit, rows)),
            }
        }
        all.behind = lagging.iter().map(|(what, who)| fill(&said.behind, &[("what", what), ("who", &who.join(", "))])).collect();
        let told = |((what, days), who): ((String, String), Vec<String>)| {
            fill(&said.missing, &[("what", &what), ("days", &days), ("who", &who.join(", "))])
        };
        all.missing = lacking.into_iter().map(told).collect();
        all
    }
}

impl Standings {
    /// Without the numbers of anybody: each of many has its own.
    pub(super) fn blank(&mut self) {
        for row in self.quotas.iter_mut().chain(&mut self.others) {
            (row.who, row.amount, row.assigned) = (Vec::new(), String::new(), String::new());
        }
    }
}

fn behind<'a>(who: &'a str, row: &'a Row) -> [(&'static str, &'a str); 4] {
    [("who", who), ("total", &row.total), ("amount", &row.amount), ("rate", &row.rate)]
}

/// Puts `one` to what is told under `what` already.
fn put(told: &mut Vec<(String, Vec<String>)>, what: &str, one: String) {
    match told.iter_mut().find(|(known, _)| known == what) {
        Some((_, all)) => all.push(one),
        None => told.push((what.to_owned(), vec![one])),
    }
}

fn group(what: String, unit: String, rows: Vec<(Row, Numbers)>) -> Group {
    let sum = |of: fn(&Numbers) -> Option<f64>| rows.iter().filter_map(|(_, n)| of(n)).reduce(|a, b| a + b);
    let numbers = Numbers { amount: sum(|n| n.amount), now: sum(|n| n.now), total: sum(|n| n.total) };
    let mut sum = Row {
        id: String::new(),
        what: what.clone(),
        who: Vec::new(),
        amount: String::new(),
        assigned: String::new(),
        unit: unit.clone(),
        due: None,
        now: String::new(),
        total: String::new(),
        rate: String::new(),
        left: String::new(),
    };
    sum.put(numbers, false);
    sum.amount = format!("{} {unit}", sum.assigned);
    Group { what, unit, rows: rows.into_iter().map(|(row, _)| row).collect(), sum }
}

fn row(quota: &QuotaRecord, seen: &QuotaView, numbers: Numbers) -> Row {
    let mut row = Row {
        id: quota.id.clone(),
        what: seen.what.clone(),
        who: seen.who.clone(),
        amount: seen.amount.clone(),
        assigned: String::new(),
        unit: quota.unit.clone(),
        due: seen.due.as_ref().map(|d| d.words.clone()),
        now: String::new(),
        total: String::new(),
        rate: String::new(),
        left: String::new(),
    };
    row.put(numbers, quota.unit == "%");
    row
}

impl Row {
    fn put(&mut self, n: Numbers, share: bool) {
        let told = |n: f64| words::figure(&figure((n * 10.0).round() / 10.0));
        let result = |n: f64| if share { format!("{}%", told(n)) } else { told(n) };
        self.assigned = n.amount.map(told).unwrap_or_default();
        self.now = n.now.map(result).unwrap_or_default();
        self.total = n.total.map(result).unwrap_or_default();
        self.rate = rate(n).map(|r| format!("{}%", told(r * 100.0))).unwrap_or_default();
        self.left = n.amount.zip(n.total).map(|(a, t)| result((a - t).max(0.0))).unwrap_or_default();
    }
}

fn rate(n: Numbers) -> Option<f64> {
    n.total.zip(n.amount.filter(|a| *a > 0.0)).map(|(t, a)| t / a)
}

impl At<'_> {
    fn numbers(&self, quota: &QuotaRecord) -> Numbers {
        let results = self.progress.results.get(&quota.id);
        let until = || results.into_iter().flat_map(|r| r.range(..=self.day)).map(|(_, n)| *n);
        let period = self.progress.days.iter().rev().find(|d| **d <= self.day);
        // A share is what was last told, not a sum.
        let total = if quota.unit == "%" { until().next_back() } else { until().reduce(|a, b| a + b) };
        Numbers { amount: figure_number(&quota.amount), now: period.and_then(|p| results?.get(p)).copied(), total }
    }

    /// Less than the share of its time that has passed; what nobody told is missing, not behind.
    fn lags(&self, quota: &QuotaRecord, numbers: Numbers, report: &Report) -> bool {
        let limit = matches!(quota.bound, QuotaBound::AtMost | QuotaBound::LessThan);
        rate(numbers).is_some_and(|r| !limit && r < elapsed(quota, report, self.day))
    }

    /// The reporting days up to the day for which nothing was entered; all of them where there are none.
    fn missing(&self, quota: &QuotaRecord) -> String {
        let results = self.progress.results.get(&quota.id);
        let empty = |d: &&Date| **d <= self.day && results.is_none_or(|r| !r.contains_key(*d));
        let days = self.progress.days.iter().filter(empty);
        // A share needs no more than its latest number.
        let days: Vec<&Date> = if quota.unit == "%" { days.filter(|d| **d == self.period()).collect() } else { days.collect() };
        days.into_iter().map(|d| words::day(*d)).collect::<Vec<_>>().join(", ")
    }

    fn period(&self) -> Date {
        self.progress.days.iter().rev().find(|d| **d <= self.day).copied().unwrap_or(self.day)
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
