//! What templates see of a report: names for ids, dues and places in words, tasks under their doers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::record::{QuotaRecord, Report, TaskRecord};
use super::slot::{self, Slot};
use super::words::{self, Words};
use crate::calendar::{Calendar, Due, Off, When};
use crate::repair::Citation;
use crate::text::Sure;

/// A report, said in words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct View {
    pub(super) head: Head,
    /// Those who have something to do, in the order in which the plan first gives it to them.
    pub(super) doers: Vec<Doer>,
    /// Tasks that name nobody.
    pub(super) nobody: Vec<TaskView>,
    pub(super) tasks: Vec<TaskView>,
    pub(super) quotas: Vec<QuotaView>,
    /// Every day on which something is due, in order.
    pub(super) agenda: Vec<AgendaView>,
    pub(super) findings: Vec<LevelView>,
    /// How many tasks and quotas a person must look at.
    pub(super) doubtful: usize,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct AgendaView {
    pub(super) weekday: String,
    pub(super) day: String,
    /// The last day of a stretch.
    pub(super) until: Option<String>,
    pub(super) hour: Option<String>,
    pub(super) what: String,
    pub(super) who: Vec<String>,
    pub(super) id: String,
    /// Why nobody works on that day.
    pub(super) off: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Head {
    pub(super) kind: String,
    pub(super) number: Option<String>,
    pub(super) issued: Option<String>,
    pub(super) place: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) issuer_parent: Option<String>,
    pub(super) title: Option<String>,
    pub(super) period: Option<String>,
    /// `Kế hoạch số 77/KH-UBND ngày 23/4/2024`, as far as known.
    pub(super) name: String,
    pub(super) today: String,
    pub(super) files: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Doer {
    pub(super) id: String,
    pub(super) name: String,
    /// By due, then in the order of the plan.
    pub(super) tasks: Vec<TaskView>,
    /// What they support, by due.
    pub(super) supports: Vec<TaskView>,
    pub(super) quotas: Vec<QuotaView>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct TaskView {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) kind_name: String,
    pub(super) what: String,
    pub(super) who: Vec<String>,
    pub(super) who_ids: Vec<String>,
    pub(super) with: Vec<String>,
    pub(super) with_ids: Vec<String>,
    pub(super) to: Vec<String>,
    pub(super) via: Option<String>,
    pub(super) product: Option<String>,
    pub(super) due: Option<DueView>,
    pub(super) sure: String,
    pub(super) doubtful: bool,
    /// A person has ticked it off: the whole of it, or every day on which it comes round.
    pub(super) ticked: bool,
    /// What of it is ticked off, in words.
    pub(super) done: Option<String>,
    pub(super) at: Place,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct DueView {
    pub(super) words: String,
    pub(super) says: String,
    /// The first day that counts for sorting.
    pub(super) first: Option<Date>,
    pub(super) repeats: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct QuotaView {
    pub(super) id: String,
    pub(super) who: Vec<String>,
    pub(super) who_ids: Vec<String>,
    pub(super) what: String,
    pub(super) amount: String,
    pub(super) due: Option<DueView>,
    pub(super) doubtful: bool,
    /// Said before in the plan.
    pub(super) again: bool,
    pub(super) at: Place,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Place {
    pub(super) words: String,
    pub(super) file: String,
    pub(super) quote: String,
    pub(super) as_read: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct LevelView {
    pub(super) level: String,
    pub(super) name: String,
    pub(super) items: Vec<FindingView>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct FindingView {
    pub(super) id: String,
    pub(super) message: String,
    pub(super) advice: String,
    pub(super) at: Option<Place>,
    pub(super) also: Vec<Place>,
}

impl View {
    pub(super) fn new(report: &Report, words: &Words, advice: &super::findings::Advice, today: Date) -> Self {
        let seen = Seen { report, words };
        let tasks: Vec<TaskView> = report.tasks.iter().map(|t| seen.task(t)).collect();
        let quotas: Vec<QuotaView> = report.quotas.iter().map(|q| seen.quota(q)).collect();
        Self {
            head: seen.head(today),
            doers: doers(report, &tasks, &quotas),
            nobody: tasks.iter().filter(|t| t.who_ids.is_empty()).cloned().collect(),
            agenda: Vec::new(),
            findings: super::findings::by_level(report, |at| seen.place(at), words, advice),
            doubtful: tasks.iter().filter(|t| t.doubtful).count() + quotas.iter().filter(|q| q.doubtful).count(),
            tasks,
            quotas,
        }
    }

    /// Says of every task, wherever it stands, what `done` tells of the task of that id: whether all of it is done, and what is, in words.
    pub(super) fn tick(&mut self, done: &BTreeMap<String, (bool, String)>) {
        let under_doers = self.doers.iter_mut().flat_map(|d| d.tasks.iter_mut().chain(&mut d.supports));
        for task in self.tasks.iter_mut().chain(&mut self.nobody).chain(under_doers) {
            if let Some((all, words)) = done.get(&task.id) {
                (task.ticked, task.done) = (*all, Some(words.clone()));
            }
        }
    }
}

/// Every day on which one of `tasks` is due, as `slots` put it into days.
pub(super) fn agenda(tasks: &[TaskView], slots: &[Option<Slot>], words: &Words, holidays: &Calendar) -> Vec<AgendaView> {
    let day = |(from, to, nth): (Date, Date, usize)| {
        let task = &tasks[nth];
        AgendaView {
            weekday: words.weekday(from.weekday()),
            day: words::day(from),
            until: (to > from).then(|| words::day(to)),
            hour: slots[nth].as_ref().and_then(|s| s.time).map(words::hour),
            what: task.what.clone(),
            who: task.who.clone(),
            id: task.id.clone(),
            off: match holidays.off(to) {
                Some(Off::Holiday(name)) => Some(name),
                _ => None,
            },
        }
    };
    slot::occurrences(slots).into_iter().map(day).collect()
}

/// A report seen through words.
struct Seen<'a> {
    report: &'a Report,
    words: &'a Words,
}

impl Seen<'_> {
    fn head(&self, today: Date) -> Head {
        let d = &self.report.document;
        let kind = d.kind.as_deref().map_or_else(|| self.words.document_kind("ke-hoach"), |k| self.words.document_kind(k));
        let issued = d.issued.map(words::day);
        let mut name = kind.clone();
        if let Some(number) = &d.number {
            name.push_str(" số ");
            name.push_str(number);
        }
        if let Some(issued) = &issued {
            name.push_str(" ngày ");
            name.push_str(issued);
        }
        Head {
            kind,
            number: d.number.clone(),
            issued,
            place: d.place.clone(),
            issuer: d.issuer.clone(),
            issuer_parent: d.issuer_parent.clone(),
            title: d.title.clone(),
            period: d.period.as_ref().and_then(|p| self.words.period(p)),
            name,
            today: words::day(today),
            files: self.report.source.iter().map(|s| file_name(&s.file)).collect(),
        }
    }

    fn names(&self, ids: &[String]) -> Vec<String> {
        ids.iter().map(|id| self.report.name_of(id).to_owned()).collect()
    }

    fn task(&self, t: &TaskRecord) -> TaskView {
        TaskView {
            id: t.id.clone(),
            kind: words::key(t.kind),
            kind_name: self.words.task_kind(t.kind),
            what: words::sentence(&t.what),
            who: self.names(&t.who),
            who_ids: t.who.clone(),
            with: self.names(&t.with),
            with_ids: t.with.clone(),
            to: self.names(&t.to),
            via: t.via.clone(),
            product: t.product.clone(),
            due: t.due.as_ref().map(|d| self.due(d)),
            sure: self.words.sure(t.sure),
            doubtful: t.sure == Sure::Doubtful,
            ticked: false,
            done: None,
            at: self.place(&t.at),
        }
    }

    fn quota(&self, q: &QuotaRecord) -> QuotaView {
        QuotaView {
            id: q.id.clone(),
            who: self.names(&q.who),
            who_ids: q.who.clone(),
            what: words::sentence(&q.what),
            amount: self.words.quota(q),
            due: q.by.as_ref().map(|d| self.due(d)),
            doubtful: q.sure == Sure::Doubtful,
            again: q.same_as.is_some(),
            at: self.place(&q.at),
        }
    }

    fn due(&self, due: &Due) -> DueView {
        DueView {
            words: self.words.due(due),
            says: due.says.clone(),
            first: first_day(due),
            repeats: matches!(due.when, When::Repeat { .. }),
        }
    }

    fn place(&self, at: &Citation) -> Place {
        Place { words: self.words.place(at), file: file_name(&at.file), quote: at.quote.clone(), as_read: at.as_read.clone() }
    }
}

/// The name of a file without its folders: where it lies on this machine is nobody else's business.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).find(|name| !name.is_empty()).unwrap_or(path).to_owned()
}

impl Doer {
    /// With the duties of `others` too: of those that it is one of.
    pub(super) fn with<'a>(&self, others: impl Iterator<Item = &'a Self>) -> Self {
        let mut whole = self.clone();
        for other in others {
            whole.tasks.extend(other.tasks.iter().cloned());
            whole.supports.extend(other.supports.iter().cloned());
            whole.quotas.extend(other.quotas.iter().cloned());
        }
        whole.tasks.sort_by_key(rank);
        whole.supports.sort_by_key(rank);
        whole
    }
}

/// The day a due is sorted by: its own, or the last of a span; `None` where it hangs on an event or is a manner.
pub(super) fn first_day(due: &Due) -> Option<Date> {
    match &due.when {
        When::Day { date, .. } => Some(*date),
        When::During { from, to, .. } => Some(to.unwrap_or(*from)),
        When::After { date, .. } | When::BeforeEvent { date, .. } => *date,
        When::Repeat { repeat, .. } => repeat.from,
        When::None { .. } => None,
    }
}

/// Dated first, then recurring, then those on an event or a manner, then those without any.
fn rank(task: &TaskView) -> (u8, Option<Date>) {
    match &task.due {
        Some(d) if d.repeats => (1, None),
        Some(DueView { first: Some(day), .. }) => (0, Some(*day)),
        Some(_) => (2, None),
        None => (3, None),
    }
}

fn doers(report: &Report, tasks: &[TaskView], quotas: &[QuotaView]) -> Vec<Doer> {
    let mut ids: Vec<&String> = Vec::new();
    let named = report.tasks.iter().flat_map(|t| t.who.iter().chain(&t.with)).chain(report.quotas.iter().flat_map(|q| &q.who));
    for id in named {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.into_iter()
        .map(|id| {
            let sorted = |own: fn(&TaskRecord) -> &Vec<String>| {
                let pairs = report.tasks.iter().zip(tasks).filter(|(r, _)| own(r).contains(id));
                let mut list: Vec<TaskView> = pairs.map(|(_, t)| t.clone()).collect();
                list.sort_by_key(rank);
                list
            };
            Doer {
                id: id.clone(),
                name: words::sentence(report.name_of(id)),
                tasks: sorted(|t| &t.who),
                supports: sorted(|t| &t.with),
                quotas: quotas.iter().filter(|q| q.who_ids.contains(id) && !q.again).cloned().collect(),
            }
        })
        .collect()
}
