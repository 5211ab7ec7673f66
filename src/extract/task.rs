//! Knows what makes a sentence a duty and what a duty is told with, before its actors have ids.

use super::actor::Actors;
use super::due::DueFound;
use super::phrase::Phrase;
use super::view::{FILE, Rules};
use super::{Fact, Task, TaskKind};
use crate::calendar::When;
use crate::error::Result;
use crate::repair::Repaired;
use crate::rules::pattern::Spelled;
use crate::text::{Span, Sure};

/// Words beside its time that a sentence of nothing but a time may have.
const TIMING_WORDS: usize = 7;

/// The rules of duties.
#[derive(Debug)]
pub(super) struct Tasks {
    assigning: Vec<String>,
    formulas: Vec<Phrase>,
    kinds: Vec<Phrase>,
    opens: Vec<String>,
    leads: Vec<Phrase>,
    timing: Vec<Phrase>,
}

/// A duty whose actors are still numbers of the roster.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub id: String,
    pub at: Span,
    pub kind: TaskKind,
    pub who: Vec<usize>,
    /// The sentence itself names who does it.
    pub named: bool,
    pub with: Vec<usize>,
    pub to: Vec<usize>,
    pub via: Option<String>,
    pub product: Option<String>,
    pub what: String,
    pub due: Option<DueFound>,
    /// The sentence itself says when.
    pub dated: bool,
    /// Where its due stands, where that is another line.
    pub due_at: Option<Span>,
}

impl Draft {
    /// It has a due that a calendar can hold; a manner ("thường xuyên") is none.
    pub fn is_dated(&self) -> bool {
        self.due.as_ref().is_some_and(|d| !matches!(d.due.when, When::None { .. }))
    }
}

impl Tasks {
    pub fn new(rules: &Rules) -> Result<Self> {
        Ok(Self {
            assigning: rules.assigning.clone(),
            formulas: Phrase::all(FILE, &rules.formulas)?,
            kinds: Phrase::all(FILE, &rules.kinds)?,
            opens: rules.opens.clone(),
            leads: Phrase::all(FILE, &rules.lead_ins)?,
            timing: Phrase::all(FILE, &rules.timings)?,
        })
    }

    /// Documents of this kind give work to somebody.
    pub fn assigns(&self, kind: Option<&str>) -> bool {
        kind.is_none_or(|k| self.assigning.iter().any(|a| a == k))
    }

    pub fn is_formula(&self, sentence: &str) -> bool {
        let spelled = Spelled::new(sentence.trim_end_matches(['.', '/', ' ']));
        self.formulas.iter().any(|f| f.is_in(&spelled))
    }

    pub fn kind(&self, text: &str, due: Option<&DueFound>) -> TaskKind {
        if due.is_some_and(|d| d.cut_off) {
            return TaskKind::Milestone;
        }
        let spelled = Spelled::new(text);
        self.kinds.iter().find(|k| k.is_in(&spelled)).and_then(|k| k.kind).unwrap_or(TaskKind::Task)
    }

    /// "… có ý kiến chỉ đạo như sau:": what is asked stands below.
    pub fn leads_in(&self, sentence: &str) -> bool {
        let spelled = Spelled::new(sentence.trim_end());
        self.leads.iter().any(|l| l.is_in(&spelled))
    }

    /// "Thời gian hoàn thành trước ngày …": says when the duty before it is done, and nothing else.
    pub fn is_timing(&self, sentence: &str, due: &DueFound) -> bool {
        let beside = format!("{} {}", &sentence[..due.range.start], &sentence[due.range.end..]);
        let few = beside.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count() <= TIMING_WORDS;
        let spelled = Spelled::new(sentence);
        few && self.timing.iter().any(|t| t.is_in(&spelled))
    }

    pub fn opens(&self, text: &str, actors: &Actors) -> bool {
        let lower = text.to_lowercase();
        let verb = self.opens.iter().any(|o| lower.strip_prefix(o.as_str()).is_some_and(|r| !r.starts_with(char::is_alphanumeric)));
        let enough = text.split_whitespace().nth(3).is_some();
        enough && (verb || actors.bodies.list(text, 0).is_some_and(|l| l.does))
    }
}

/// The duties as facts, ids in the place of numbers.
pub(super) fn facts(drafts: Vec<Draft>, ids: &[String], repaired: &Repaired) -> Vec<Fact<Task>> {
    let name = |numbers: Vec<usize>| {
        let mut out: Vec<String> = Vec::new();
        for n in numbers {
            if !out.contains(&ids[n]) {
                out.push(ids[n].clone());
            }
        }
        out
    };
    let mut facts: Vec<Fact<Task>> = Vec::with_capacity(drafts.len());
    for d in drafts {
        let who = name(d.who);
        let with = name(d.with).into_iter().filter(|w| !who.contains(w)).collect();
        let to = name(d.to).into_iter().filter(|t| !who.contains(t)).collect();
        let letters = repaired.sure(d.due_at.unwrap_or(d.at));
        let sure = d.due.as_ref().map_or(Sure::Certain, |f| f.sure).min(letters);
        let rule = d.due.as_ref().map_or_else(|| "sentence".to_owned(), |f| f.rule.clone());
        let due = d.due.map(|f| f.due);
        let what = Task { kind: d.kind, who, with, product: d.product, what: d.what, to, via: d.via, due };
        facts.push(Fact { id: d.id, what, at: d.at, rule, sure });
    }
    facts.sort_by_key(|f| f.at.start);
    facts
}
