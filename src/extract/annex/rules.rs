//! What is known of annexes: the words and costs of `rules/extract/annex.yaml`.

use serde::Deserialize;

use super::reading::Costs;
use super::solve::Limits;
use crate::error::Result;
use crate::parse::table::plain;
use crate::rules::RuleBook;
use crate::rules::proof::Failure;

const FILE: &str = "extract/annex.yaml";

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    quotas: Vec<QuotaHead>,
    units: Vec<UnitWords>,
    actors: ActorWords,
    not_added: Vec<String>,
    attached: Attached,
    pub costs: Costs,
    pub empty_column: EmptyColumn,
    pub limits: Limits,
    pub why: Why,
}

/// What a head says that sets quotas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuotaHead {
    pub id: String,
    says: Vec<String>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    pub by: By,
    examples: Vec<String>,
    rejects: Vec<String>,
}

/// By when a column's quotas are to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum By {
    /// The end of the plan's period.
    Period,
    /// The end of the year that the head names, or of the plan's.
    Year,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitWords {
    says: Vec<String>,
    unit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorWords {
    says: Vec<String>,
    examples: Vec<String>,
    rejects: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attached {
    says: Vec<String>,
}

/// What it costs to leave a whole column empty.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmptyColumn {
    pub quota: u32,
    pub readable: u32,
    pub unreadable: u32,
}

/// Why a cell is not what was read, for people; `{sum}` is the sum of columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    pub both: String,
    pub row: String,
    pub column: String,
}

impl Rules {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let mut rules: Self = book.load(FILE)?;
        for q in &mut rules.quotas {
            [&mut q.says, &mut q.needs, &mut q.unless].into_iter().flatten().for_each(|w| *w = plain(w));
        }
        rules.units.iter_mut().flat_map(|u| &mut u.says).chain(&mut rules.actors.says).for_each(|w| *w = plain(w));
        rules.not_added.iter_mut().chain(&mut rules.attached.says).for_each(|w| *w = plain(w));
        Ok(rules)
    }

    /// What the head of a column asks for, if it sets quotas.
    pub fn column(&self, head: &str) -> Option<&QuotaHead> {
        let head = plain(head);
        self.quotas.iter().find(|q| any_in(&q.says, &head) && (q.needs.is_empty() || any_in(&q.needs, &head)) && !any_in(&q.unless, &head))
    }

    /// The unit that the first of `texts` with one names.
    pub fn unit(&self, texts: &[&str]) -> Option<&str> {
        let in_text = |t: &&str| self.units.iter().find(|u| any_in(&u.says, &plain(t)));
        texts.iter().find_map(in_text).map(|u| u.unit.as_str())
    }

    /// True when rows of this name are bodies that must reach their figures.
    pub fn is_actor(&self, label: &str) -> bool {
        let label = format!("{} ", plain(label));
        self.actors.says.iter().any(|s| label.strip_prefix(s.as_str()).is_some_and(|r| r.starts_with(' ')))
    }

    /// False for a column that no total adds up.
    pub fn is_added(&self, head: &str) -> bool {
        !any_in(&self.not_added, &plain(head)) && !head.contains('%')
    }

    /// True when `line` tells the document an annex hangs on.
    pub fn is_attached(&self, line: &str) -> bool {
        any_in(&self.attached.says, &plain(line))
    }

    /// Every rule against its own examples and near misses.
    pub fn prove(&self, book: &RuleBook) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut ask = |rule: &str, examples: &[String], rejects: &[String], holds: &dyn Fn(&str) -> bool| {
            let missed = examples.iter().filter(|e| !holds(e)).map(|e| (e, "the example is not found"));
            let wrong = rejects.iter().filter(|e| holds(e)).map(|e| (e, "the near miss is found"));
            failures.extend(missed.chain(wrong).map(|(e, reason)| Failure::new(book, FILE, rule, e, reason.to_owned())));
        };
        for q in &self.quotas {
            ask(&q.id, &q.examples, &q.rejects, &|e| self.column(e).is_some_and(|found| found.id == q.id));
        }
        ask("actors", &self.actors.examples, &self.actors.rejects, &|e| self.is_actor(e));
        failures
    }
}

/// True when one of `words` stands in `text` as whole words; both plain.
fn any_in(words: &[String], text: &str) -> bool {
    let text = format!(" {text} ");
    words.iter().any(|w| text.contains(&format!(" {w} ")))
}
