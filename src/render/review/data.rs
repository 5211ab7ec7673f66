//! What the review page is told: the text with its repairs, every item with its days and place, holidays, names and words.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use jiff::civil::{Date, Time};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::reading::PictureRecord;
use super::super::record::{FindingRecord, QuotaRecord, TaskRecord};
use super::{Home, Reading, Report, Stretch, Tools};
use crate::calendar::{Due, Off};
use crate::check::Level;
use crate::correct::{self, About, Corrections, Entry, Fields, List, Made, Tick, cell_id, cell_quote};
use crate::extract::Figure;
use crate::repair::Citation;
use crate::text::Sure;

/// How a PNG begins.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Holidays are told for at most this many days.
const MOST_DAYS: usize = 366 * 7;

#[derive(Serialize)]
pub(super) struct PageData<'a> {
    /// Names the plan in the browser's memory: the same for the same papers, however they are read.
    key: String,
    served: bool,
    made_for: Made,
    today: Date,
    name: String,
    title: Option<&'a str>,
    issuer: Option<&'a str>,
    period: [Option<Date>; 2],
    words: &'a BTreeMap<String, String>,
    eyes: &'a BTreeMap<String, String>,
    sums: &'a [String],
    /// Patterns and names by which the page says dues and numbers that a person has set.
    say: Value,
    actors: Vec<[&'a str; 2]>,
    pages: Vec<PageText<'a>>,
    items: Vec<Item<'a>>,
    /// Days that are not worked: the holiday's name, or nothing for a weekend.
    off: BTreeMap<Date, String>,
    /// Entries that no item of this page is about; they are kept as they are.
    carried: Vec<Said>,
    /// Ticks of duties that are not on this page; kept as well.
    carried_done: Vec<Tick>,
    /// What the browser tells a new file of corrections from an old one by.
    base: String,
}

/// What a person has said of an item.
#[derive(Serialize)]
struct Said {
    list: List,
    #[serde(flatten)]
    entry: Entry,
}

impl From<(List, Entry)> for Said {
    fn from((list, entry): (List, Entry)) -> Self {
        Self { list, entry }
    }
}

#[derive(Serialize)]
struct PageText<'a> {
    file: &'a str,
    page: Option<u32>,
    sheet: Option<&'a str>,
    lines: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<Picture>,
}

/// The picture of a page: its address, its size in dots, how far its lines fall per dot, and `top-bottom` of each.
#[derive(Serialize)]
struct Picture {
    src: String,
    width: u32,
    height: u32,
    slope: f64,
    lines: String,
}

#[derive(Serialize)]
struct Line<'a> {
    n: u32,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Mark<'a>>,
}

/// A repair on its line; letters count from 0.
#[derive(Serialize)]
struct Mark<'a> {
    from: usize,
    letters: usize,
    as_read: &'a str,
    cause: String,
    sure: Sure,
    others: &'a [String],
}

#[derive(Serialize)]
struct Item<'a> {
    about: About,
    id: Cow<'a, str>,
    quote: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_read: Option<&'a str>,
    kind: String,
    what: String,
    fields: Fields,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    days: Vec<Stretch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Time>,
    /// Comes again and again.
    repeats: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sure: Option<Sure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    /// A quota said before in the plan.
    again: bool,
    /// A quota that says by how much something is to change.
    relative: bool,
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<Said>,
    /// Days of it, or the whole of it, that are done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    done: Vec<Tick>,
    /// Pages and lines, the first the item's own.
    at: Vec<(usize, u32, u32)>,
}

impl<'a> PageData<'a> {
    pub(super) fn new(report: &'a Report, reading: &'a Reading, corrections: &'a Corrections, home: Home, tools: &Tools<'a>) -> Self {
        let seen = Seen { report, reading, tools };
        let mut items = seen.items();
        let (carried, carried_done) = said(corrections, &mut items);
        let d = &report.document;
        let days = items.iter().flat_map(|i| &i.days).flat_map(|s| [s.0, s.1]);
        let period = d.period.as_ref().map_or([None, None], |p| [p.from, p.to]);
        let all: Vec<Date> = days.chain(period.into_iter().flatten()).chain(d.issued).chain([tools.today]).collect();
        Self {
            key: plan_key(report),
            served: home == Home::Server,
            made_for: Made { number: d.number.clone(), sha256: report.source.first().map(|s| s.sha256.clone()) },
            today: tools.today,
            name: tools.name.clone(),
            title: d.title.as_deref(),
            issuer: d.issuer.as_deref(),
            period,
            words: &tools.review.page,
            eyes: &tools.review.eyes,
            sums: &tools.review.sums,
            say: serde_json::to_value(tools.words).unwrap_or_default(),
            actors: report.actors.iter().map(|a| [a.id.as_str(), a.name.as_str()]).collect(),
            pages: seen.pages(),
            items,
            off: off(&all, tools),
            carried: carried.into_iter().map(Said::from).collect(),
            carried_done,
            base: version(corrections),
        }
    }
}

/// Puts what a person said to the item it is about; what is about none comes back.
fn said(corrections: &Corrections, items: &mut [Item<'_>]) -> (Vec<(List, Entry)>, Vec<Tick>) {
    let seen: Vec<correct::Seen<'_>> =
        items.iter().map(|i| correct::Seen { about: i.about, id: &i.id, quote: i.quote.clone(), fields: Fields::default() }).collect();
    let (of, carried) = corrections.matched(&seen);
    let (done, carried_done) = corrections.ticked(&seen);
    for ((item, entry), done) in items.iter_mut().zip(of).zip(done) {
        (item.said, item.done) = (entry.map(Said::from), done);
    }
    (carried, carried_done)
}

/// Tells one file of corrections from another.
pub fn version(corrections: &Corrections) -> String {
    let text = serde_json::to_string(corrections).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// The same for the same papers, however well they are read.
fn plan_key(report: &Report) -> String {
    let mut hash = Sha256::new();
    for source in &report.source {
        hash.update(source.file.as_bytes());
        hash.update(source.sha256.as_bytes());
    }
    hash.finalize().iter().take(12).map(|b| format!("{b:02x}")).collect()
}

/// The days not worked in the months of `days`.
fn off(days: &[Date], tools: &Tools<'_>) -> BTreeMap<Date, String> {
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return BTreeMap::new() };
    let named = |date: Date| match tools.holidays.off(date)? {
        Off::Weekend => Some((date, String::new())),
        Off::Holiday(name) => Some((date, name)),
    };
    let all = first.first_of_month().series(jiff::Span::new().days(1));
    all.take(MOST_DAYS).take_while(|d| *d <= last.last_of_month()).filter_map(named).collect()
}

struct Seen<'a, 't> {
    report: &'a Report,
    reading: &'a Reading,
    tools: &'t Tools<'a>,
}

impl<'a> Seen<'a, '_> {
    fn pages(&self) -> Vec<PageText<'a>> {
        let mut marks: BTreeMap<(usize, u32), Vec<Mark<'a>>> = BTreeMap::new();
        for r in &self.reading.log.repairs {
            marks.entry((r.on, r.line)).or_default().push(Mark {
                from: r.column.saturating_sub(1),
                letters: r.repaired.chars().take_while(|c| *c != '\n').count(),
                as_read: &r.as_read,
                cause: self.tools.words.cause(r.cause),
                sure: r.sure,
                others: &r.others,
            });
        }
        let page = |(nth, (record, text)): (usize, (&'a super::super::reading::PageRecord, &'a str))| PageText {
            file: &record.file,
            page: record.page,
            sheet: record.sheet.as_deref(),
            picture: record.picture.as_ref().and_then(|p| self.picture(p)),
            lines: text
                .split('\n')
                .enumerate()
                .map(|(line, text)| {
                    let n = record.rows.get(line).copied().unwrap_or(u32::try_from(line + 1).unwrap_or(u32::MAX));
                    Line { n, text, marks: marks.remove(&(nth + 1, n)).unwrap_or_default() }
                })
                .collect(),
        };
        self.reading.pages().enumerate().map(page).collect()
    }

    fn picture(&self, record: &PictureRecord) -> Option<Picture> {
        let bytes = self.reading.pictures.get(&record.path).filter(|b| b.starts_with(PNG))?;
        let src = format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes));
        Some(Picture { src, width: record.width, height: record.height, slope: record.slope, lines: record.lines.clone() })
    }

    fn items(&self) -> Vec<Item<'a>> {
        let r = self.report;
        let tasks = r.tasks.iter().map(|t| self.task(t));
        let quotas = r.quotas.iter().map(|q| self.quota(q));
        let findings = r.findings.iter().map(|f| self.finding(f));
        tasks.chain(quotas).chain(self.cells()).chain(findings).collect()
    }

    fn item(&self, about: About, id: impl Into<Cow<'a, str>>, at: Option<&'a Citation>) -> Item<'a> {
        Item {
            about,
            id: id.into(),
            quote: at.map(|a| a.quote.clone()).unwrap_or_default(),
            as_read: at.and_then(|a| a.as_read.as_deref()),
            kind: String::new(),
            what: String::new(),
            fields: Fields::default(),
            due: None,
            amount: None,
            days: Vec::new(),
            time: None,
            repeats: false,
            notes: Vec::new(),
            sure: None,
            level: None,
            again: false,
            relative: false,
            said: None,
            done: Vec::new(),
            place: at.map(|a| self.tools.words.place(a)).unwrap_or_default(),
            at: at.and_then(|a| self.on_page(a)).into_iter().collect(),
        }
    }

    fn dated(&self, item: Item<'a>, due: Option<&Due>) -> Item<'a> {
        let Some(due) = due else { return item };
        let slot = super::days(due, self.report, self.tools);
        let notes = slot.iter().flat_map(|s| self.tools.settings.notes(s, self.tools.words, self.tools.holidays)).collect();
        Item {
            due: Some(self.tools.words.due(due)),
            days: slot.iter().flat_map(|s| &s.days).map(Stretch::from).collect(),
            time: slot.and_then(|s| s.time),
            repeats: matches!(due.when, crate::calendar::When::Repeat { .. }),
            notes,
            ..item
        }
    }

    fn task(&self, t: &'a TaskRecord) -> Item<'a> {
        let item = Item {
            kind: self.tools.words.task_kind(t.kind),
            what: t.what.clone(),
            fields: super::corrected::task_fields(t),
            sure: Some(t.sure),
            ..self.item(About::Task, t.id.as_str(), Some(&t.at))
        };
        self.dated(item, t.due.as_ref())
    }

    fn quota(&self, q: &'a QuotaRecord) -> Item<'a> {
        let item = Item {
            kind: self.tools.words.quota_kind(),
            what: q.what.clone(),
            fields: super::corrected::quota_fields(q),
            amount: Some(self.tools.words.quota(q)),
            sure: Some(q.sure),
            again: q.same_as.is_some(),
            relative: q.change.is_some(),
            ..self.item(About::Quota, q.id.as_str(), Some(&q.at))
        };
        self.dated(item, q.by.as_ref())
    }

    /// The cells that a person must look at: those that were mended, and those that hold words.
    fn cells(&self) -> Vec<Item<'a>> {
        let mut items = Vec::new();
        for (nth, annex) in self.report.annexes.iter().enumerate() {
            for (row, r) in annex.rows.iter().enumerate() {
                for (column, value) in r.cells.iter().enumerate() {
                    let mended = annex.mended.iter().find(|m| (m.row, m.column) == (row + 1, column + 1));
                    if mended.is_none() && !matches!(value, Figure::Words(_)) {
                        continue;
                    }
                    let head = annex.columns.get(column).map_or("", |c| c.name.as_str());
                    items.push(Item {
                        quote: cell_quote(&annex.title, &r.label, head),
                        kind: self.tools.review.cell.clone(),
                        as_read: mended.and_then(|m| m.as_read.as_deref()),
                        what: format!("{} – {head}", r.label),
                        amount: Some(super::super::words::figure(value)),
                        fields: Fields::of_cell(value),
                        notes: mended.map(|m| m.why.clone()).into_iter().collect(),
                        at: self.row_at(annex, &r.label).or_else(|| self.on_page(&annex.at)).into_iter().collect(),
                        ..self.item(About::Cell, cell_id(nth, row, column), Some(&annex.at))
                    });
                }
            }
        }
        items
    }

    /// The line of the annex that begins with the label of a row.
    fn row_at(&self, annex: &super::super::record::AnnexRecord, label: &str) -> Option<(usize, u32, u32)> {
        let (page, from, to) = self.on_page(&annex.at)?;
        let (record, text) = self.reading.pages().nth(page)?;
        let numbered = text.split('\n').enumerate().map(|(nth, line)| {
            let n = record.rows.get(nth).copied().unwrap_or(u32::try_from(nth + 1).unwrap_or(u32::MAX));
            (n, line)
        });
        let mut inside = numbered.filter(|(n, _)| (from..=to).contains(n));
        inside.find(|(_, line)| !label.is_empty() && line.contains(label)).map(|(n, _)| (page, n, n))
    }

    fn finding(&self, f: &'a FindingRecord) -> Item<'a> {
        let item = self.item(About::Finding, f.id.as_str(), f.at.as_ref());
        let also = f.also.iter().filter_map(|a| self.on_page(a));
        Item {
            // Many findings rest on the same words: the message tells them apart.
            quote: f.message.clone(),
            kind: self.tools.words.level(f.level),
            what: f.message.clone(),
            level: Some(f.level),
            notes: vec![self.tools.advice.on(&f.id)],
            at: item.at.iter().copied().chain(also).collect(),
            ..item
        }
    }

    fn on_page(&self, at: &Citation) -> Option<(usize, u32, u32)> {
        let pages = &self.reading.log.pages;
        let page = pages.iter().position(|p| p.file == at.file && p.page == at.page && p.sheet == at.sheet)?;
        Some((page, at.lines[0], at.lines[1]))
    }
}
