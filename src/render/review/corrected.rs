//! Corrections laid over a [`Report`], so that a folder can be rendered anew with them, and what is said of those that do not fit.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::record::{ActorRecord, FindingRecord, QuotaRecord, Report, TaskRecord};
use super::super::slot::Slot;
use super::super::words::{Words, day, fill};
use super::{Citation, DoneWords, ReviewWords};
use crate::check::Level;
use crate::correct::{
    About, ActorName, Cell, Correctable, Corrections, Entry, Fields, Layered, Misfit, PERSON, QuotaParts, Seen, TaskParts, Tick, Verdict,
    Why,
};
use crate::extract::{Figure, QuotaBound, TaskKind};
use crate::text::Sure;

/// Findings about corrections, by why.
const UNFIT: &str = "correction-unfit";
const DIFFERS: &str = "correction-differs";

/// Lays `corrections` over `report`: facts, cells and findings. `earlier` are the misfits that were found when they were laid over the
/// plan, before it was checked.
pub(in super::super) fn correct(report: &mut Report, corrections: &Corrections, earlier: &[Misfit], review: &ReviewWords, words: &Words) {
    // An earlier run of the same text may have told them; what still holds is told anew.
    report.findings.retain(|f| f.id != UNFIT);
    let mut misfits = earlier.to_vec();
    let found = corrections.over(report);
    misfits.extend(found.into_iter().filter(|m| !earlier.iter().any(|e| e.entry == m.entry)));
    for misfit in &misfits {
        let told = tell(misfit, report, review, words);
        if !report.findings.contains(&told) {
            report.findings.push(told);
        }
    }
    findings(report, corrections);
}

impl Layered for Report {
    type Task = TaskRecord;
    type Quota = QuotaRecord;

    fn seen(&self) -> Vec<Seen<'_>> {
        let tasks = self.tasks.iter().map(|t| of(About::Task, &t.id, &t.at, task_fields(t)));
        tasks.chain(self.quotas.iter().map(|q| of(About::Quota, &q.id, &q.at, quota_fields(q)))).collect()
    }

    fn tasks(&mut self) -> &mut Vec<TaskRecord> {
        &mut self.tasks
    }

    fn quotas(&mut self) -> &mut Vec<QuotaRecord> {
        &mut self.quotas
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (a, annex) in self.annexes.iter().enumerate() {
            for (r, row) in annex.rows.iter().enumerate() {
                for (c, value) in row.cells.iter().enumerate() {
                    let head = annex.columns.get(c).map_or("", |c| c.name.as_str());
                    cells.push(Cell::new([a, r, c], &annex.title, &row.label, head, value));
                }
            }
        }
        cells
    }

    fn set_cell(&mut self, [annex, row, column]: [usize; 3], value: &Figure) {
        let annex = &mut self.annexes[annex];
        annex.rows[row].cells[column].clone_from(value);
        annex.mended.retain(|m| (m.row, m.column) != (row + 1, column + 1));
    }

    fn actors(&self) -> Vec<(String, Vec<String>)> {
        let named = |a: &ActorRecord| (a.id.clone(), std::iter::once(&a.name).chain(&a.also).cloned().collect());
        self.actors.iter().map(named).collect()
    }

    fn add_actor(&mut self, ActorName { id, name }: ActorName) {
        self.actors.push(ActorRecord { id, name, also: Vec::new() });
    }

    fn add(&mut self, entry: Entry) {
        let at = place(self, &entry);
        match entry.about {
            About::Task => self.tasks.push(added_task(entry, at)),
            About::Quota => self.quotas.push(added_quota(entry, at)),
            About::Cell | About::Finding => {}
        }
    }
}

impl Correctable for TaskRecord {
    fn set(&mut self, said: &Fields) {
        said.set_task(&mut task_parts(self));
    }

    fn marks(&mut self) -> (&mut Sure, &mut String) {
        (&mut self.sure, &mut self.rule)
    }
}

impl Correctable for QuotaRecord {
    fn set(&mut self, said: &Fields) {
        set_quota(self, said);
    }

    fn marks(&mut self) -> (&mut Sure, &mut String) {
        (&mut self.sure, &mut self.rule)
    }
}

/// What of the duties of `report` is done, by their id: whether all of it is, and what is, in words. `slots` are their days.
pub(in super::super) fn done(
    report: &Report,
    slots: &[Option<Slot>],
    corrections: &Corrections,
    review: &ReviewWords,
) -> BTreeMap<String, (bool, String)> {
    if corrections.done.is_empty() {
        return BTreeMap::new();
    }
    let seen: Vec<Seen<'_>> = report.tasks.iter().map(|t| of(About::Task, &t.id, &t.at, Fields::default())).collect();
    let ticks = corrections.ticked(&seen).0;
    let told = |((task, slot), ticks): ((&TaskRecord, &Option<Slot>), Vec<Tick>)| {
        let days = slot.as_ref().map_or(&[][..], |s| s.days.as_slice());
        Some((task.id.clone(), told_done(&ticks, days, &review.done)?))
    };
    report.tasks.iter().zip(slots).zip(ticks).filter_map(told).collect()
}

fn told_done(ticks: &[Tick], days: &[(Date, Date)], words: &DoneWords) -> Option<(bool, String)> {
    if let Some(whole) = ticks.iter().find(|t| t.due.is_none()) {
        return Some((true, whole.date.map_or_else(|| words.whole.clone(), |d| fill(&words.dated, &[("date", &day(d))]))));
    }
    let done: Vec<Date> = days.iter().map(|(_, last)| *last).filter(|last| ticks.iter().any(|t| t.due == Some(*last))).collect();
    let (n, all) = (done.len().to_string(), days.len().to_string());
    let list = done.iter().map(|d| day(*d)).collect::<Vec<_>>().join(", ");
    (!done.is_empty()).then(|| (done.len() == days.len(), fill(&words.days, &[("n", &n), ("all", &all), ("days", &list)])))
}

fn of<'a>(about: About, id: &'a str, at: &Citation, fields: Fields) -> Seen<'a> {
    Seen { about, id, quote: at.quote.clone(), fields }
}

fn findings(report: &mut Report, corrections: &Corrections) {
    let seen = |f: &FindingRecord| (f.id.clone(), f.message.clone());
    let all: Vec<(String, String)> = report.findings.iter().map(seen).collect();
    let seen: Vec<Seen<'_>> =
        all.iter().map(|(id, message)| Seen { about: About::Finding, id, quote: message.clone(), fields: Fields::default() }).collect();
    let laid = corrections.lay(&seen, &[]);
    let mut verdicts = laid.verdicts.iter();
    report.findings.retain(|_| verdicts.next() != Some(&Verdict::Removed));
}

/// All that a person may set of a duty.
pub(super) fn task_fields(t: &TaskRecord) -> Fields {
    Fields::of_task(&task_parts(&mut t.clone()))
}

/// All that a person may set of a quota.
pub(super) fn quota_fields(q: &QuotaRecord) -> Fields {
    let amount = match q.amount {
        #[expect(clippy::cast_precision_loss, reason = "whole numbers of a plan are within 2⁵³")]
        Figure::Whole(n) => Some(n as f64),
        Figure::Number(n) => Some(n),
        Figure::Words(_) | Figure::Empty(()) => None,
    };
    Fields { amount, ..Fields::of_quota(&quota_parts(&mut q.clone()), 0.0) }
}

fn task_parts(t: &mut TaskRecord) -> TaskParts<'_> {
    TaskParts {
        kind: &mut t.kind,
        what: &mut t.what,
        who: &mut t.who,
        with: &mut t.with,
        to: &mut t.to,
        product: &mut t.product,
        due: &mut t.due,
    }
}

fn quota_parts(q: &mut QuotaRecord) -> QuotaParts<'_> {
    QuotaParts { what: &mut q.what, who: &mut q.who, due: &mut q.by, unit: &mut q.unit, bound: &mut q.bound }
}

fn set_quota(q: &mut QuotaRecord, fields: &Fields) {
    fields.set_quota(&mut quota_parts(q));
    if let Some(amount) = fields.amount {
        q.amount = super::super::gather::figure(amount);
    }
}

fn added_task(entry: Entry, at: Citation) -> TaskRecord {
    let mut task = TaskRecord {
        id: entry.id,
        kind: TaskKind::Task,
        who: Vec::new(),
        with: Vec::new(),
        product: None,
        what: String::new(),
        to: Vec::new(),
        via: None,
        due: None,
        sure: Sure::Certain,
        rule: PERSON.to_owned(),
        at,
    };
    entry.now.set_task(&mut task_parts(&mut task));
    task
}

fn added_quota(entry: Entry, at: Citation) -> QuotaRecord {
    let mut quota = QuotaRecord {
        id: entry.id,
        who: Vec::new(),
        what: String::new(),
        amount: Figure::Empty(()),
        unit: String::new(),
        bound: QuotaBound::Exactly,
        by: None,
        per: None,
        change: None,
        against: None,
        about: false,
        same_as: None,
        sure: Sure::Certain,
        rule: PERSON.to_owned(),
        at,
    };
    set_quota(&mut quota, &entry.now);
    quota
}

/// A fact put in by hand stands where a fact with the same words stands, or in the plan's first file.
fn place(report: &Report, entry: &Entry) -> Citation {
    let cited = report.tasks.iter().map(|t| &t.at).chain(report.quotas.iter().map(|q| &q.at));
    let same = cited.into_iter().find(|at| !entry.quote.is_empty() && at.quote.contains(&entry.quote)).cloned();
    same.unwrap_or_else(|| Citation {
        file: report.source.first().map(|s| s.file.clone()).unwrap_or_default(),
        page: report.source.first().and_then(|s| s.pages).map(|_| 1),
        sheet: None,
        cell: None,
        lines: [1, 1],
        quote: entry.quote.clone(),
        as_read: None,
    })
}

/// A misfit as a finding: what the person said, and what stands there now.
fn tell(misfit: &Misfit, report: &Report, review: &ReviewWords, words: &Words) -> FindingRecord {
    let w = &review.misfit;
    let entry = &misfit.entry;
    let said = said(&entry.now, report, words).unwrap_or_else(|| w.nothing.clone());
    let now = misfit.stands.as_ref().map(|(_, quote, fields)| {
        let told = fields_named_by(&entry.now, fields);
        (quote.as_str(), self::said(&told, report, words).unwrap_or_else(|| w.nothing.clone()))
    });
    let stands = now.as_ref().map_or("", |(_, told)| told.as_str());
    let quote = now.as_ref().map_or("", |(quote, _)| quote);
    let (id, level, pattern) = match (misfit.why, &now) {
        (Why::Differs, _) => (DIFFERS, Level::Note, &w.differs),
        (Why::Unticked, _) => (UNFIT, Level::Warning, &w.unticked),
        (Why::Unfit, Some(_)) => (UNFIT, Level::Warning, &w.unfit_instead),
        (Why::Unfit, None) => (UNFIT, Level::Warning, &w.unfit),
    };
    let parts = [("id", entry.id.as_str()), ("quote", &entry.quote), ("said", &said), ("now", stands), ("instead", quote)];
    let at = misfit.stands.as_ref().and_then(|(id, ..)| {
        let task = report.tasks.iter().find(|t| t.id == *id).map(|t| &t.at);
        task.or_else(|| report.quotas.iter().find(|q| q.id == *id).map(|q| &q.at)).cloned()
    });
    FindingRecord { id: id.to_owned(), level, message: fill(pattern, &parts), at, also: Vec::new() }
}

/// Of `fields`, those that `asked` speaks of.
fn fields_named_by(asked: &Fields, fields: &Fields) -> Fields {
    Fields {
        kind: asked.kind.and(fields.kind),
        what: asked.what.as_ref().and(fields.what.clone()),
        who: asked.who.as_ref().and(fields.who.clone()),
        with: asked.with.as_ref().and(fields.with.clone()),
        to: asked.to.as_ref().and(fields.to.clone()),
        product: asked.product.as_ref().and(fields.product.clone()),
        due: asked.due.as_ref().and(fields.due.clone()),
        amount: asked.amount.and(fields.amount),
        unit: asked.unit.as_ref().and(fields.unit.clone()),
        bound: asked.bound.and(fields.bound),
        value: asked.value.as_ref().and(fields.value.clone()),
    }
}

/// What fields say, in a few words; `None` when they say nothing.
fn said(fields: &Fields, report: &Report, words: &Words) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(fields.what.clone());
    for ids in [&fields.who, &fields.with, &fields.to].into_iter().flatten().filter(|ids| !ids.is_empty()) {
        parts.push(ids.iter().map(|id| report.name_of(id)).collect::<Vec<_>>().join(", "));
    }
    parts.extend(fields.product.clone().flatten());
    parts.extend(fields.due.iter().flatten().map(|d| words.due(d)));
    parts.extend(fields.amount.map(|n| super::super::words::figure(&super::super::gather::figure(n))));
    parts.extend(fields.unit.clone());
    parts.extend(fields.value.as_ref().map(super::super::words::figure));
    parts.retain(|p| !p.is_empty());
    (!parts.is_empty()).then(|| parts.join("; "))
}
