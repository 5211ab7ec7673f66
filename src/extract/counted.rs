//! Gives each number to be reached who has to reach it and by when, from the sentence and the headings around it.

use std::ops::Range;

use super::due::{DueContext, Dues};
use super::quota::QuotaFound;
use super::view::Section;
use super::walk::Walk;
use super::{Fact, Quota, by_day, sentence};
use crate::calendar::{Due, When};
use crate::text::{Span, letters};

/// Share of words that two mentions of one number have in common.
const SAME: f32 = 0.8;

/// A number to be reached whose actors are still numbers of the roster.
pub(super) struct Counted {
    who: Vec<usize>,
    at: Span,
    id: String,
    what: String,
    found: QuotaFound,
    by: Option<Due>,
}

impl Walk<'_> {
    /// The numbers to be reached, clause by clause.
    pub fn counted(&mut self) -> Vec<Counted> {
        let mut out = Vec::new();
        for i in 0..self.views.len() {
            let view = &self.views[i];
            if view.annex || view.section == Section::Past {
                continue;
            }
            for found in self.quotas.find(view.text(), &self.context, self.dues) {
                let who = self.reaches(i, &found);
                let by = found.by.clone().or_else(|| self.by(i));
                let same = |c: &Counted| c.id.rsplit_once("-q").is_some_and(|(p, _)| p == view.path);
                let nth = out.iter().filter(|c| same(c)).count() + 1;
                let what = view.text()[found.counted.clone()].trim().to_owned();
                let at = view.prose.span(found.counted.start.min(found.range.start)..found.counted.end.max(found.range.end));
                out.push(Counted { who, at, id: format!("{}-q{nth}", view.path), what, found, by });
            }
        }
        out
    }

    /// Who has to reach it: named right before the colon, in the sentence, or in a heading of duties.
    fn reaches(&mut self, i: usize, found: &QuotaFound) -> Vec<usize> {
        let view = &self.views[i];
        let text = view.text();
        if let Some(name) = share(text, found.range.start) {
            return self.meet(i, std::iter::once(name));
        }
        let own = sentence::sentences(text).into_iter().find(|s| s.start <= found.range.start && found.range.start < s.end);
        let subject = own.and_then(|s| {
            let parts = sentence::parts(text, s, |_| true);
            let part = parts.into_iter().find(|p| p.start <= found.range.start && found.range.start < p.end)?;
            let subject = self.actors.of_sentence(&text[part.clone()])?;
            Some(
                subject
                    .names
                    .into_iter()
                    .map(|n| n.start + part.start..n.end + part.start)
                    .filter(|n| n.end <= found.range.start)
                    .collect::<Vec<_>>(),
            )
        });
        match subject.filter(|s| !s.is_empty()) {
            Some(names) => self.meet(i, names.into_iter()),
            None => self.inherited(i),
        }
    }

    /// The day of the heading above, or the end of the plan's own time.
    fn by(&self, i: usize) -> Option<Due> {
        let mut at = Some(i);
        while let Some(k) = at {
            let view = &self.views[k];
            if let Some(due) = view.head_text().and_then(|h| day_in(h, self.dues, &self.context)) {
                return Some(due);
            }
            at = view.parent;
        }
        let to = self.context.period?.to?;
        Some(by_day(&to.strftime("%d/%m/%Y").to_string(), to))
    }
}

/// "đến năm 2030" in a heading.
fn day_in(heading: &str, dues: &Dues, context: &DueContext<'_>) -> Option<Due> {
    let day = |d: &super::due::DueFound| matches!(d.due.when, When::Day { .. } | When::During { to: Some(_), .. });
    dues.find(heading, context).into_iter().find(day).map(|d| d.due)
}

/// "(Trong đó: Công an xã: 5 người, Quân sự xã: 7 người)": the name between a comma or a bracket and the colon before the number.
fn share(text: &str, at: usize) -> Option<Range<usize>> {
    let colon = if text[at..].starts_with(':') { at } else { text[..at].trim_end().strip_suffix(':')?.len() };
    let before = &text[..colon];
    let start = before.rfind(['(', ',', ';', ':']).map(|k| k + 1)?;
    let name = before[start..].trim();
    let from = start + before[start..].find(name)?;
    let words: Vec<&str> = name.split_whitespace().collect();
    let proper = words.first().is_some_and(|w| w.chars().next().is_some_and(char::is_uppercase)) && words.len() <= 5;
    let inside = text[..from].matches('(').count() > text[..from].matches(')').count();
    (proper && inside && !words.is_empty()).then(|| from..from + name.len())
}

/// The numbers as facts, ids in the place of numbers; a later mention of one number names the first.
pub(super) fn facts(counted: Vec<Counted>, ids: &[String], repaired: &crate::repair::Repaired) -> Vec<Fact<Quota>> {
    let mut out: Vec<Fact<Quota>> = Vec::with_capacity(counted.len());
    for c in counted {
        let mut who: Vec<String> = Vec::new();
        c.who.iter().for_each(|w| {
            if !who.contains(&ids[*w]) {
                who.push(ids[*w].clone());
            }
        });
        let f = c.found;
        let first = out.iter().find(|o: &&Fact<Quota>| {
            let q = &o.what;
            q.same_as.is_none()
                && (q.amount - f.amount).abs() < f64::EPSILON
                && q.unit == f.unit
                && q.bound == f.bound
                && q.who == who
                && alike(&q.what, &c.what)
        });
        let same_as = first.map(|o| o.id.clone());
        let sure = f.sure.min(repaired.sure(c.at));
        let what = Quota {
            who,
            what: c.what,
            amount: f.amount,
            unit: f.unit,
            bound: f.bound,
            by: c.by,
            per: f.per,
            change: f.change,
            against: f.against,
            about: f.about,
            same_as,
        };
        out.push(Fact { id: c.id, what, at: c.at, rule: f.rule, sure });
    }
    out
}

fn alike(a: &str, b: &str) -> bool {
    let words = |t: &str| {
        letters::fold(t)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect::<std::collections::BTreeSet<_>>()
    };
    let (a, b) = (words(a), words(b));
    let both = a.intersection(&b).count() as f32;
    both >= SAME * a.len().max(b.len()).max(1) as f32
}
