//! What the template of a report sees: who writes to whom and signs as what, how the quotas stand, what was done and what comes next.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::choice::{Kinds, One, Wanted, Which};
use super::standing::{At, Standings};
use super::{Ask, Settings};
use crate::render::Material;
use crate::render::record::{QuotaRecord, Report};
use crate::render::slot::{Rule, Slot};
use crate::render::view::{Head, QuotaView, TaskView, first_day};
use crate::render::words::{self, fill};

/// The words of forms.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) body_open: String,
    pub(super) sign_open: String,
    pub(super) deputy: String,
    pub(super) deputies: Vec<String>,
    pub(super) sign_forms: BTreeMap<String, String>,
    pub(super) blank: String,
    pub(super) number: String,
    pub(super) number_open: String,
    pub(super) kinds: Kinds,
    pub(super) date: String,
    pub(super) date_open: String,
    pub(super) next_days: i64,
    pub(super) lines: u32,
}

/// What the template of a report sees; told name by name in `docs/reports.md`.
#[derive(Serialize)]
pub(super) struct Form<'a> {
    /// The name of a web page.
    title: &'a str,
    head: &'a Head,
    writer: Writer,
    task: Option<&'a TaskView>,
    to: Vec<String>,
    via: Option<String>,
    due: Option<String>,
    as_of: Option<String>,
    from: Option<String>,
    /// The year that is told.
    year: String,
    /// What a list is a list of, where its duty says so.
    listed: Option<String>,
    #[serde(flatten)]
    standings: Standings,
    done: Vec<Item>,
    late: Vec<Item>,
    next: Vec<Item>,
    preparing: Vec<Item>,
    lines: Vec<u32>,
    blank: &'a str,
}

/// Who writes, and what stands in the head and at the signature.
#[derive(Serialize)]
struct Writer {
    /// As the plan names it.
    name: String,
    /// The body above, and the body itself, in capitals.
    above: String,
    body: String,
    number: String,
    letter_number: String,
    place_and_date: String,
    signs_as: String,
    signer: String,
    /// The plan's own body writes.
    issuer: bool,
}

/// A duty, and when.
#[derive(Serialize)]
struct Item {
    what: String,
    who: Vec<String>,
    when: String,
    id: String,
    done: bool,
}

impl<'a> Form<'a> {
    pub(super) fn new(material: &'a Material<'_>, s: &'a Settings, wanted: &'a Wanted, ask: &Ask<'_>) -> Self {
        let view = &material.view;
        let task = wanted.task.as_ref().and_then(|id| view.tasks.iter().find(|t| t.id == *id));
        let who: Vec<&str> = match (ask.reporter, task) {
            (Some(id), _) => vec![id],
            (None, Some(task)) => task.who_ids.iter().map(String::as_str).collect(),
            (None, None) => Vec::new(),
        };
        let own = Own::new(&who, task.is_none(), s, material.report);
        let at = ask.progress.zip(ask.as_of).map(|(progress, day)| At { progress, day });
        let (quotas, of_one) = own.quotas(material, s, wanted.quotas, task);
        let mut standings = Standings::new(&quotas, at.as_ref().filter(|_| !of_one), material.report, &s.standing);
        if of_one {
            standings.blank();
        }
        let days = Days { material, own: &own, ask, words: &s.form, skip: wanted.task.as_deref() };
        Self {
            title: &wanted.about,
            head: &view.head,
            writer: s.writer(&who, &own, ask.as_of, material),
            to: task
                .iter()
                .flat_map(|t| &t.to)
                .enumerate()
                .map(|(n, name)| if n == 0 { words::sentence(name) } else { name.clone() })
                .collect(),
            via: task.and_then(|t| t.via.clone()),
            due: task.and_then(|t| t.due.as_ref()).map(|d| d.words.clone()),
            as_of: ask.as_of.map(words::day),
            from: ask.progress.zip(ask.as_of).and_then(|(p, day)| period_from(&p.days, day, material.report)).map(words::day),
            year: year(ask, task, material.report),
            listed: task.and_then(|t| s.choice.listed(&t.what)),
            standings,
            done: days.done(),
            late: days.late(),
            next: days.next(),
            preparing: days.preparing(task.and_then(|t| t.due.as_ref()?.first)),
            lines: (1..=s.form.lines).collect(),
            blank: &s.form.blank,
            task,
        }
    }
}

impl Form<'_> {
    /// The numbers that nobody has entered yet, in words.
    pub(super) fn missing(&self) -> &[String] {
        &self.standings.missing
    }
}

/// The year of the reporting day, of the day by which the report is due, or of the plan; dots where none is known.
fn year(ask: &Ask<'_>, task: Option<&TaskView>, report: &Report) -> String {
    let due = task.and_then(|t| t.due.as_ref()?.first);
    ask.as_of.or(due).or(report.document.issued).map_or_else(|| "……".to_owned(), |d| d.year().to_string())
}

/// The first day of the period that ends with the last reporting day up to `day`.
fn period_from(days: &[Date], day: Date, report: &Report) -> Option<Date> {
    let mut before = days.iter().rev().filter(|d| **d <= day);
    before.next()?;
    match before.next() {
        Some(last) => last.tomorrow().ok(),
        None => report.document.period.as_ref().and_then(|p| p.from).or(report.document.issued),
    }
}

/// Whose duties and quotas are told.
struct Own {
    ids: Vec<String>,
    /// The body that issued the plan writes.
    issuer: bool,
    /// Everybody's are told.
    all: bool,
}

/// Quotas, and whether each stands for what every one of many has to reach.
type Chosen<'a> = (Vec<(&'a QuotaRecord, &'a QuotaView)>, bool);

impl Own {
    fn new(who: &[&str], letter: bool, s: &Settings, report: &Report) -> Self {
        let ids: Vec<String> = who.iter().flat_map(|id| s.choice.also(id, report)).map(str::to_owned).collect();
        let issuer = letter || s.choice.of_issuer(who, report);
        Self { ids, issuer, all: issuer || s.choice.collect(who, report) }
    }

    fn has(&self, ids: &[String]) -> bool {
        self.all || ids.iter().any(|id| self.ids.contains(id))
    }

    /// Those to be told on: the writer's own, or everybody's where it has none.
    fn quotas<'a>(&self, material: &'a Material<'_>, s: &Settings, which: Which, task: Option<&TaskView>) -> Chosen<'a> {
        if which == Which::None {
            return (Vec::new(), false);
        }
        let all = || material.report.quotas.iter().zip(&material.view.quotas).filter(|(_, q)| !q.again);
        let of = |ids: &[&str]| all().filter(|(q, _)| q.who.iter().any(|id| ids.contains(&id.as_str()))).collect::<Vec<_>>();
        let mut found: Vec<_> = if self.all { all().collect() } else { of(&self.ids.iter().map(String::as_str).collect::<Vec<_>>()) };
        let mut of_one = false;
        if found.is_empty() {
            let members: Vec<&str> = self.ids.iter().flat_map(|id| s.choice.members(id, material.report)).collect();
            found = of(&members);
            of_one = !found.is_empty();
            let mut seen = std::collections::BTreeSet::new();
            found.retain(|(q, _)| seen.insert((q.what.clone(), q.unit.clone())));
        }
        if found.is_empty() {
            found = all().collect();
        }
        // What ends with the plan's period, or before the report itself is due.
        let until = material.report.document.period.as_ref().and_then(|p| p.to);
        let last = task.and_then(|t| t.due.as_ref()).filter(|d| !d.repeats).and_then(|d| d.first);
        if let (Which::Due, Some(until)) = (which, until.max(last)) {
            let ends = |q: &QuotaRecord| q.by.as_ref().and_then(first_day).is_some_and(|day| day <= until);
            // Whoever has nothing that ends in time tells what they have.
            let timely: Vec<&Vec<String>> = found.iter().filter(|(q, _)| ends(q)).map(|(q, _)| &q.who).collect();
            found.retain(|(q, _)| ends(q) || !timely.contains(&&q.who));
        }
        (found, of_one)
    }
}

impl Settings {
    fn writer(&self, who: &[&str], own: &Own, as_of: Option<Date>, material: &Material<'_>) -> Writer {
        let (document, w) = (&material.report.document, &self.form);
        let issuer = document.issuer.clone().unwrap_or_else(|| w.blank.clone());
        let name = match who {
            _ if own.issuer => issuer.clone(),
            [one] => {
                let name = material.report.name_of(one);
                match self.choice.one_of(name) {
                    One::Itself => words::sentence(name),
                    One::Kind(kind) => format!("{kind} {}", w.blank),
                    One::Several => w.blank.clone(),
                }
            }
            _ => w.blank.clone(),
        };
        let above = match own.issuer {
            true => document.issuer_parent.clone().unwrap_or_default(),
            false if self.choice.is_alone(&name) => String::new(),
            false => issuer,
        };
        let body = if name == w.blank { w.body_open.clone() } else { name.to_uppercase() };
        let sign = document.number.as_deref().and_then(|n| n.rsplit_once('-')).map(|(_, s)| s).filter(|_| own.issuer);
        let number = |kind: &str| fill(&w.number, &[("kind", &fill(kind, &[("sign", sign.unwrap_or(&w.number_open))]))]);
        let (day, month) = (as_of.map(|d| format!("{:02}", d.day())), as_of.map(words::month_of));
        let date = match (as_of, &day, &month) {
            (Some(d), Some(day), Some(month)) => fill(&w.date, &[("day", day), ("month", month), ("year", &d.year().to_string())]),
            _ => w.date_open.clone(),
        };
        Writer {
            signs_as: self.signs_as(&name, own.issuer, material.report),
            above: above.to_uppercase(),
            body,
            number: number(&w.kinds.report),
            letter_number: number(&w.kinds.letter),
            place_and_date: format!("{}, {date}", document.place.as_deref().unwrap_or(&w.number_open)),
            signer: w.blank.clone(),
            issuer: own.issuer,
            name,
        }
    }

    /// What stands above the signature, a line each: as the plan itself was signed, or as the writer's kind signs.
    fn signs_as(&self, name: &str, issuer: bool, report: &Report) -> String {
        let w = &self.form;
        if !issuer {
            return self.choice.title_of(name).unwrap_or(&w.sign_open).to_owned();
        }
        let Some((signed, title)) = report.document.signed.as_ref().and_then(|s| Some((s, s.title.as_ref()?.to_uppercase()))) else {
            return w.sign_open.clone();
        };
        let body = signed.on_behalf_of.as_deref().unwrap_or_default().to_uppercase();
        let mut lines: Vec<String> = Vec::new();
        let forms = signed.forms.iter().filter_map(|f| w.sign_forms.get(f));
        lines.extend(forms.map(|f| fill(f, &[("body", &body), ("title", &title)])).filter(|l| !l.ends_with(' ')));
        if signed.forms.iter().any(|f| f == "KT") {
            let chief = w.deputies.iter().find_map(|d| title.strip_prefix(d.as_str()));
            lines.extend(chief.map(|c| fill(&w.deputy, &[("chief", c)])));
        }
        if !lines.iter().any(|l| l.ends_with(&title)) || signed.forms.iter().any(|f| f == "KT") {
            lines.push(title);
        }
        lines.join("\n")
    }
}

/// The days of the writer's duties around the reporting day.
struct Days<'a> {
    material: &'a Material<'a>,
    own: &'a Own,
    ask: &'a Ask<'a>,
    words: &'a Words,
    /// The report's own duty.
    skip: Option<&'a str>,
}

impl<'a> Days<'a> {
    fn tasks(&self) -> impl Iterator<Item = (&'a TaskView, Option<&'a Slot>)> {
        let (own, skip) = (self.own, self.skip);
        let pairs = self.material.view.tasks.iter().zip(self.material.slots.iter().map(Option::as_ref));
        pairs.filter(move |(t, _)| own.has(&t.who_ids) && Some(t.id.as_str()) != skip)
    }

    fn is_done(&self, task: &TaskView) -> bool {
        task.ticked || self.ask.progress.is_some_and(|p| p.done.contains(&task.id))
    }

    fn item(&self, task: &TaskView, when: Option<String>) -> Item {
        let when = when.or_else(|| task.due.as_ref().map(|d| d.words.clone())).unwrap_or_default();
        Item { what: task.what.clone(), who: task.who.clone(), when, id: task.id.clone(), done: self.is_done(task) }
    }

    fn done(&self) -> Vec<Item> {
        self.tasks().filter(|(t, _)| self.is_done(t)).map(|(t, _)| self.item(t, None)).collect()
    }

    /// What had its last day before the reporting day and is not ticked; nothing where nobody ticks anything.
    fn late(&self) -> Vec<Item> {
        let ticked = self.ask.progress.is_some_and(|p| !p.told.is_empty()) || self.material.view.tasks.iter().any(|t| t.ticked);
        let Some(day) = self.ask.as_of.filter(|_| ticked) else { return Vec::new() };
        let past = |slot: &Slot| slot.days.len() == 1 && slot.days[0].1 < day;
        let late = self.tasks().filter(|(t, slot)| !self.is_done(t) && slot.is_some_and(past));
        late.map(|(t, slot)| self.item(t, slot.map(|s| self.on(s.days[0].1)))).collect()
    }

    /// What must be ready on the day `until`, on which the report itself is due.
    fn preparing(&self, until: Option<Date>) -> Vec<Item> {
        let Some(until) = until else { return Vec::new() };
        let by_then = self.tasks().filter(|(t, _)| t.due.as_ref().is_some_and(|d| !d.repeats && d.first.is_some_and(|day| day <= until)));
        by_then.map(|(t, _)| self.item(t, None)).collect()
    }

    /// What falls due in the days after the reporting day; nothing without one.
    fn next(&self) -> Vec<Item> {
        let Some(day) = self.ask.as_of else { return Vec::new() };
        let open = self.tasks().filter(|(t, _)| !self.is_done(t));
        let last = day.checked_add(self.words.next_days.days()).unwrap_or(day);
        let mut found: Vec<(Date, Item)> = Vec::new();
        for (task, slot) in open {
            let Some(slot) = slot.filter(|s| !matches!(s.rule, Some(Rule::Daily { .. }))) else { continue };
            let next = slot.days.iter().map(|(_, to)| *to).find(|to| *to > day && *to <= last);
            found.extend(next.map(|d| (d, self.item(task, Some(self.on(d))))));
        }
        found.sort_by_key(|(day, _)| *day);
        found.into_iter().map(|(_, item)| item).collect()
    }

    /// `thứ Ba, 14/5/2024`.
    fn on(&self, day: Date) -> String {
        format!("{}, {}", self.material.words.weekday(day.weekday()), words::day(day))
    }
}
