//! Knows the time that a whole plan is for: its time line, or the year in its title.

use jiff::civil::Date;

use super::due::{DueContext, Dues};
use super::phrase::Phrase;
use super::view::{FILE, Label, Rules, Section, View};
use crate::calendar::{Bound, Due, Period, When};
use crate::error::Result;
use crate::parse::{Document, Marker};
use crate::rules::pattern::Spelled;
use crate::text::Span;

/// Words that may stand in a time line beside the time.
const BESIDE: usize = 12;

/// The rules of the plan's own time.
#[derive(Debug)]
pub(super) struct Periods {
    title: Vec<Phrase>,
    not: Vec<String>,
}

/// The time of the plan, where it stands, and the clause whose whole business it is.
pub(super) struct Found {
    pub period: Period,
    pub at: Span,
    pub clause: Option<usize>,
}

impl Periods {
    pub fn new(rules: &Rules) -> Result<Self> {
        Ok(Self { title: Phrase::all(FILE, &rules.period)?, not: rules.not_period.clone() })
    }

    /// A time line of the whole plan beats the year in its title.
    pub fn find(&self, document: &Document, views: &[View], dues: &Dues, context: &DueContext<'_>) -> Option<Found> {
        (0..views.len()).find_map(|i| self.line(views, i, dues, context)).or_else(|| self.in_title(document, dues))
    }

    fn line(&self, views: &[View], i: usize, dues: &Dues, context: &DueContext<'_>) -> Option<Found> {
        let view = &views[i];
        if view.annex || !self.is_of_the_plan(views, i) {
            return None;
        }
        let (_, range) = view.labels.iter().find(|(l, _)| *l == Label::Time)?;
        let (holder, range) = match view.children.as_slice() {
            [only] if range.is_empty() && views[*only].children.is_empty() => (*only, 0..views[*only].text().len()),
            _ => (i, range.clone()),
        };
        let text = &views[holder].text()[range.clone()];
        let found = dues.find(text, context).into_iter().next()?;
        let beside = format!("{} {}", &text[..found.range.start], &text[found.range.end..]);
        let period = of_due(&found.due, context)?;
        let plain = beside.split_whitespace().count() <= BESIDE;
        plain.then(|| Found {
            period,
            at: views[holder].prose.span(range.start + found.range.start..range.start + found.range.end),
            clause: Some(holder),
        })
    }

    /// A numbered line that opens its section, or a section, with no duties beside it that it could be the time of.
    fn is_of_the_plan(&self, views: &[View], i: usize) -> bool {
        let view = &views[i];
        let numbered = !matches!(view.marker, Marker::Dash | Marker::Plus | Marker::Paragraph);
        let Some(parent) = view.parent else { return numbered };
        let above = &views[parent];
        let head = above.head_text().unwrap_or_default().to_lowercase();
        let about_time = head.contains("thời gian") || head.contains("thời hạn");
        let leads = above.children.iter().any(|&c| views[c].labels.iter().any(|(l, _)| matches!(l, Label::Lead | Label::Support)));
        let opens = above.children.first() == Some(&i) || matches!(above.section, Section::Silent | Section::Aims);
        above.parent.is_none() && !leads && (about_time || (numbered && opens))
    }

    fn in_title(&self, document: &Document, dues: &Dues) -> Option<Found> {
        let title = document.header.title.as_ref()?;
        if let Some((range, first, last)) = dues.part_of_year(&title.what)
            && !title.what[..range.start].trim_end().to_lowercase().ends_with("đến")
        {
            return Some(Found { period: Period { from: Some(first), to: Some(last), until: None }, at: title.at, clause: None });
        }
        let spelled = Spelled::new(&title.what);
        let lower = title.what.to_lowercase();
        let mut all: Vec<(Vec<i16>, usize)> = Vec::new();
        for phrase in &self.title {
            for r in phrase.find(&spelled) {
                let before = lower.get(..r.start).unwrap_or_default().trim_end();
                let whole = lower.get(..r.end).unwrap_or_default();
                let other =
                    self.not.iter().any(|n| before.ends_with(n.as_str()) || whole[before.len()..].trim_start().starts_with(n.as_str()));
                let years: Vec<i16> = title.what[r.clone()].split(|c: char| !c.is_ascii_digit()).filter_map(|y| y.parse().ok()).collect();
                if !other && !years.is_empty() && !before.ends_with("đến") {
                    all.push((years, r.start));
                }
            }
        }
        // A stretch of years says more than one year.
        let (years, _) = all.into_iter().max_by_key(|(y, at)| (y.len(), std::cmp::Reverse(*at)))?;
        let (first, last) = (*years.iter().min()?, *years.iter().max()?);
        let period = Period { from: Date::new(first, 1, 1).ok(), to: Date::new(last, 12, 31).ok(), until: None };
        Some(Found { period, at: title.at, clause: None })
    }
}

/// The stretch of days that a due in a time line means.
fn of_due(due: &Due, context: &DueContext<'_>) -> Option<Period> {
    match &due.when {
        When::During { from, to, until, .. } => Some(Period { from: Some(*from), to: *to, until: until.clone() }),
        When::Day { bound: Bound::Exactly, date, .. } => Some(Period { from: Some(*date), to: Some(*date), until: None }),
        When::Day { bound: Bound::By, date, .. } => {
            let says = due.says.to_lowercase();
            let year = (date.month(), date.day()) == (12, 31) && says.contains("năm") && !says.contains("ngày") && !says.contains("đến");
            let from = if year { Date::new(date.year(), 1, 1).ok() } else { context.issued };
            Some(Period { from, to: Some(*date), until: None })
        }
        _ => None,
    }
}
