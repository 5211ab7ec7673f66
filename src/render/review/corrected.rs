//! Corrections laid over a [`Report`], so that a folder can be rendered anew with them, and what is said of those that do not fit.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::record::{ActorRecord, AnnexRecord, FindingRecord, QuotaRecord, Report, TaskRecord};
use super::super::slot::Slot;
use super::super::words::{Words, day, fill};
use super::{Citation, DoneWords, ReviewWords};
use crate::check::Level;
use crate::correct::{
    About, Corrections, Entry, Fields, Misfit, PERSON, QuotaParts, Seen, TaskParts, Tick, Verdict, Why, cell_id, cell_quote,
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
    let found = facts(report, corrections);
    misfits.extend(found.into_iter().filter(|m| !earlier.iter().any(|e| e.entry == m.entry)));
    for misfit in &misfits {
        let told = tell(misfit, report, review, words);
        if !report.findings.contains(&told) {
            report.findings.push(told);
        }
    }
    findings(report, corrections);
}

fn facts(report: &mut Report, corrections: &Corrections) -> Vec<Misfit> {
    let cells = cells(&report.annexes);
    let mut seen: Vec<Seen<'_>> = Vec::new();
    seen.extend(report.tasks.iter().map(|t| of(About::Task, &t.id, &t.at, task_fields(t))));
    seen.extend(report.quotas.iter().map(|q| of(About::Quota, &q.id, &q.at, quota_fields(q))));
    seen.extend(cells.iter().map(|((annex, row, column), id, quote)| Seen {
        about: About::Cell,
        id,
        quote: quote.clone(),
        fields: Fields::of_cell(&report.annexes[*annex].rows[*row].cells[*column]),
    }));
    let named = |a: &ActorRecord| (a.id.clone(), std::iter::once(&a.name).chain(&a.also).cloned().collect());
    let mut laid = corrections.lay(&seen, &report.actors.iter().map(named).collect::<Vec<_>>());
    let (of_tasks, rest) = laid.verdicts.split_at(report.tasks.len());
    let (of_quotas, of_cells) = rest.split_at(report.quotas.len());
    keep(&mut report.tasks, of_tasks, |t| (&mut t.sure, &mut t.rule), |t, f| f.set_task(&mut task_parts(t)));
    keep(&mut report.quotas, of_quotas, |q| (&mut q.sure, &mut q.rule), set_quota);
    for (((annex, row, column), ..), verdict) in cells.iter().zip(of_cells) {
        if let Verdict::Accepted(Fields { value: Some(v), .. }) | Verdict::Changed(Fields { value: Some(v), .. }) = verdict {
            set_cell(&mut report.annexes[*annex], *row, *column, v);
        }
    }
    report.actors.extend(laid.actors.drain(..).map(|a| ActorRecord { id: a.id, name: a.name, also: Vec::new() }));
    for entry in laid.added {
        let at = place(report, &entry);
        match entry.about {
            About::Task => report.tasks.push(added_task(entry, at)),
            About::Quota => report.quotas.push(added_quota(entry, at)),
            About::Cell | About::Finding => {}
        }
    }
    // What speaks of findings is laid over findings.
    laid.misfits.retain(|m| m.entry.about != About::Finding);
    laid.misfits
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

fn keep<T>(facts: &mut Vec<T>, verdicts: &[Verdict], marks: impl Fn(&mut T) -> (&mut Sure, &mut String), set: impl Fn(&mut T, &Fields)) {
    let mut verdicts = verdicts.iter();
    facts.retain_mut(|fact| {
        let (fields, rule) = match verdicts.next() {
            Some(Verdict::Removed) => return false,
            Some(Verdict::Accepted(fields)) => (fields, None),
            Some(Verdict::Changed(fields)) => (fields, Some(PERSON)),
            Some(Verdict::Open) | None => return true,
        };
        set(fact, fields);
        let (sure, name) = marks(fact);
        *sure = Sure::Certain;
        if let Some(rule) = rule {
            rule.clone_into(name);
        }
        true
    });
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

type CellPlace = (usize, usize, usize);

/// Every cell of figures: annex, row and column from 0, id and words.
fn cells(annexes: &[AnnexRecord]) -> Vec<(CellPlace, String, String)> {
    let mut cells = Vec::new();
    for (annex, a) in annexes.iter().enumerate() {
        for (row, r) in a.rows.iter().enumerate() {
            for column in 0..r.cells.len() {
                let head = a.columns.get(column).map_or("", |c| c.name.as_str());
                cells.push(((annex, row, column), cell_id(annex, row, column), cell_quote(&a.title, &r.label, head)));
            }
        }
    }
    cells
}

fn set_cell(annex: &mut AnnexRecord, row: usize, column: usize, value: &Figure) {
    let place = &mut annex.rows[row].cells[column];
    if place != value {
        place.clone_from(value);
        annex.mended.retain(|m| (m.row, m.column) != (row + 1, column + 1));
    }
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
