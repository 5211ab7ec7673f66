//! Quotas from the cells of an annex: which columns ask for something, in which unit, by when.

use jiff::civil::Date;

use super::rules::{By, Rules};
use super::{AnnexColumn, ColumnQuota, Context, Counted, Fact, Figure, Quota, Read};
use crate::calendar::Due;
use crate::extract::{QuotaBound, by_day};
use crate::parse::Document;
use crate::parse::table::plain;
use crate::repair::Repaired;
use crate::text::{Sure, Words};

/// An annex and what its quotas are read from.
pub(super) struct Source<'a> {
    pub rules: &'a Rules,
    pub repaired: &'a Repaired,
    pub document: &'a Document,
    pub read: &'a Read,
    /// Its number in the plan, from 1.
    pub number: usize,
}

impl Source<'_> {
    /// The columns with what they ask for, and a quota for each of their filled cells.
    pub fn quotas(&self, context: &mut Context<'_>) -> (Vec<AnnexColumn>, Vec<Counted>) {
        let columns: Vec<AnnexColumn> = (0..self.read.annex.columns.len()).map(|c| self.column(c, context)).collect();
        let mut quotas = Vec::new();
        for (r, row) in self.read.annex.rows.iter().enumerate() {
            for (c, column) in columns.iter().enumerate().filter(|(_, c)| c.quota.is_some()) {
                quotas.extend(self.quota(r, c, column, context));
            }
            debug_assert_eq!(row.cells.len(), columns.len());
        }
        (columns, quotas)
    }

    fn column(&self, c: usize, context: &Context<'_>) -> AnnexColumn {
        let annex = &self.read.annex;
        let name = annex.columns[c].name.clone();
        let mut id = plain(&name).replace(' ', "-");
        if id.is_empty() {
            id = format!("cot-{}", c + 1);
        }
        if annex.columns[..c].iter().any(|other| plain(&other.name) == plain(&name)) {
            id = format!("{id}-{}", c + 1);
        }
        let head = self.rules.column(&name);
        let units: Vec<&str> =
            [name.as_str(), annex.title.as_str()].into_iter().chain(self.read.units.iter().flatten().map(String::as_str)).collect();
        let quota = head.and_then(|h| Some(ColumnQuota { unit: self.rules.unit(&units)?.to_owned(), by: self.by(&name, h.by, context) }));
        AnnexColumn { id, name, quota }
    }

    /// By when the quotas of a column are to be reached: the end of the period, of the year its head names, of the plan's year.
    fn by(&self, name: &str, by: By, context: &Context<'_>) -> Option<Due> {
        let period = context.period;
        let period_end = period.and_then(|p| p.to).filter(|_| by == By::Period);
        let year_end = || {
            let named = plain(name).split(' ').rev().find_map(|w| w.parse().ok().filter(|y| (2000..2100).contains(y)));
            let issued = || self.document.header.issued.as_ref().map(|i| i.what.year());
            let year = named.or_else(|| period.and_then(|p| p.to).map(Date::year)).or_else(issued)?;
            Date::new(year, 12, 31).ok()
        };
        period_end.or_else(year_end).map(|date| by_day(name, date))
    }

    fn quota(&self, r: usize, c: usize, column: &AnnexColumn, context: &mut Context<'_>) -> Option<Counted> {
        let row = &self.read.annex.rows[r];
        let asked = column.quota.as_ref()?;
        let amount = match row.cells[c] {
            Figure::Whole(n) => n as f64,
            Figure::Number(n) => n,
            Figure::Words(_) | Figure::Empty(()) => return None,
        };
        let (at, sure) = self.read.cells[r][c];
        let is_actor = self.rules.is_actor(&row.label);
        let what = if is_actor { column.name.clone() } else { format!("{}: {}", row.label, column.name) };
        let unit = self.read.units[r].clone().unwrap_or_else(|| asked.unit.clone());
        // In a sheet the place is the cell; on paper the row says more than a lone figure.
        let sheet = at.filter(|a| self.is_sheet(*a));
        let quota = Quota {
            who: Vec::new(),
            what,
            amount,
            unit,
            bound: QuotaBound::Exactly,
            by: asked.by.clone(),
            per: None,
            change: None,
            against: None,
            about: false,
            same_as: None,
        };
        let id = format!("PL{}.{}-{}", self.number, r + 1, c + 1);
        let rule = format!("annex-{}", self.rules.column(&column.name)?.id);
        let who = if is_actor { (context.actor)(&row.label, row.at) } else { None };
        Some((Fact { id, what: quota, at: sheet.unwrap_or(row.at), rule, sure: sure.min(Sure::Certain) }, who))
    }

    fn is_sheet(&self, at: crate::text::Span) -> bool {
        let source = self.repaired.source();
        let page = source.page_at(self.repaired.raw(at).start);
        page.and_then(|p| source.files().get(p.file)).is_some_and(|f| f.words == Words::Sheet)
    }
}
