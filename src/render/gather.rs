//! Gathers what the corridor found into one [`Report`]: every span becomes a citation here, and nowhere later.

use super::record::{
    ActorRecord, AnnexRecord, BasisRecord, ColumnRecord, DocumentRecord, FindingRecord, LinkRecord, MendedRecord, QuotaRecord,
    RecipientRecord, Report, RowRecord, SignedRecord, SourceRecord, TaskRecord, VERSION,
};
use crate::check::Finding;
use crate::extract::{Annex, Fact, Figure, Plan, Quota, Task};
use crate::parse::{Document, Part};
use crate::repair::Repaired;
use crate::text::Source;

impl Report {
    /// Everything that was found, each fact with its place on paper.
    pub fn new(repaired: &Repaired, document: &Document, plan: &Plan, findings: &[Finding]) -> Self {
        Self {
            plan_ingest: VERSION,
            source: sources(repaired.source()),
            document: head(repaired, document, plan),
            actors: plan.actors.iter().map(|a| ActorRecord { id: a.id.clone(), name: a.name.clone(), also: a.also.clone() }).collect(),
            tasks: plan.tasks.iter().map(|t| task(repaired, t)).collect(),
            quotas: plan.quotas.iter().map(|q| quota(repaired, q)).collect(),
            annexes: plan.annexes.iter().map(|a| annex(repaired, a)).collect(),
            findings: findings.iter().map(|f| finding(repaired, f)).collect(),
        }
    }
}

fn sources(source: &Source) -> Vec<SourceRecord> {
    let pages = |file: usize| {
        let own = source.pages().iter().filter(|p| p.file == file && (p.number.is_some() || p.sheet.is_some()));
        u32::try_from(own.count()).ok().filter(|n| *n > 0)
    };
    let record = |(nth, f): (usize, &crate::text::File)| SourceRecord {
        file: f.name.clone(),
        sha256: f.sha256.clone(),
        pages: pages(nth),
        text: f.words,
    };
    source.files().iter().enumerate().map(record).collect()
}

fn head(repaired: &Repaired, document: &Document, plan: &Plan) -> DocumentRecord {
    fn what<T: Clone>(part: &Option<Part<T>>) -> Option<T> {
        part.as_ref().map(|p| p.what.clone())
    }
    let h = &document.header;
    DocumentRecord {
        kind: what(&h.kind),
        number: what(&h.number),
        issued: what(&h.issued),
        place: what(&h.place),
        issuer: what(&h.issuer),
        issuer_parent: what(&h.issuer_parent),
        title: what(&h.title),
        period: plan.period.as_ref().map(|(p, _)| p.clone()),
        basis: document.basis.iter().map(|b| basis(repaired, b)).collect(),
        links: document.links.iter().map(link).collect(),
        signed: document.closing.signed.as_ref().map(|s| SignedRecord {
            by: s.by.clone(),
            title: s.title.clone(),
            on_behalf_of: s.on_behalf_of.clone(),
            forms: s.forms.clone(),
        }),
        recipients: document
            .closing
            .recipients
            .iter()
            .map(|r| RecipientRecord { name: r.name.clone(), purpose: r.purpose.clone() })
            .collect(),
    }
}

fn link(l: &crate::parse::Link) -> LinkRecord {
    LinkRecord { does: l.does, kind: l.kind.clone(), number: l.number.clone(), issued: l.issued }
}

fn basis(repaired: &Repaired, b: &crate::parse::Basis) -> BasisRecord {
    BasisRecord {
        kind: b.kind.clone(),
        number: b.number.clone(),
        issued: b.issued,
        issuer: b.issuer.clone(),
        role: b.role.clone(),
        at: Some(repaired.cite(b.at)),
    }
}

fn task(repaired: &Repaired, fact: &Fact<Task>) -> TaskRecord {
    let t = &fact.what;
    TaskRecord {
        id: fact.id.clone(),
        kind: t.kind,
        who: t.who.clone(),
        with: t.with.clone(),
        product: t.product.clone(),
        what: t.what.clone(),
        to: t.to.clone(),
        via: t.via.clone(),
        due: t.due.clone(),
        sure: fact.sure,
        rule: fact.rule.clone(),
        at: repaired.cite(fact.at),
    }
}

fn quota(repaired: &Repaired, fact: &Fact<Quota>) -> QuotaRecord {
    let q = &fact.what;
    QuotaRecord {
        id: fact.id.clone(),
        who: q.who.clone(),
        what: q.what.clone(),
        amount: figure(q.amount),
        unit: q.unit.clone(),
        bound: q.bound,
        by: q.by.clone(),
        per: q.per,
        change: q.change,
        against: q.against.clone(),
        about: q.about,
        same_as: q.same_as.clone(),
        sure: fact.sure,
        rule: fact.rule.clone(),
        at: repaired.cite(fact.at),
    }
}

/// A whole number is written as one; up to 2⁵³ the two are the same.
pub(super) fn figure(amount: f64) -> Figure {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !amount.is_finite() {
        Figure::Empty(())
    } else if amount.fract() == 0.0 && amount.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2⁵³")]
        Figure::Whole(amount as i64)
    } else {
        Figure::Number(amount)
    }
}

fn annex(repaired: &Repaired, a: &Annex) -> AnnexRecord {
    AnnexRecord {
        title: a.title.clone(),
        columns: a.columns.iter().map(|c| ColumnRecord { id: c.id.clone(), name: c.name.clone() }).collect(),
        rows: a.rows.iter().map(|r| RowRecord { label: r.label.clone(), cells: r.cells.clone() }).collect(),
        totals: a.totals.clone(),
        mended: a
            .mended
            .iter()
            .map(|m| MendedRecord { row: m.row, column: m.column, as_read: m.as_read.clone(), value: m.value.clone(), why: m.why.clone() })
            .collect(),
        at: repaired.cite(a.at),
    }
}

fn finding(repaired: &Repaired, f: &Finding) -> FindingRecord {
    FindingRecord {
        id: f.id.to_owned(),
        level: f.level,
        message: f.message.clone(),
        at: f.at.map(|span| repaired.cite(span)),
        also: f.also.iter().map(|span| repaired.cite(*span)).collect(),
    }
}
