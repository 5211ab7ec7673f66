//! Finds who must do what, by when, how many: [`Document`](crate::parse::Document) in, [`Plan`] out. One file per kind of fact.

mod actor;
pub mod annex;
mod beside;
mod counted;
pub mod due;
mod duty;
mod label;
mod period;
mod phrase;
pub mod quota;
mod roster;
mod sentence;
mod table_task;
mod task;
mod view;
mod walk;

use serde::{Deserialize, Serialize};

use crate::calendar::{Bound, Due, Period};
use crate::error::Result;
use crate::parse::Document;
use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};
use crate::text::{Span, Sure};

/// Finds the facts of a plan.
#[derive(Debug)]
pub struct Extractor {
    actors: actor::Actors,
    dues: due::Dues,
    quotas: quota::Quotas,
    views: view::Views,
    tasks: task::Tasks,
    periods: period::Periods,
    annexes: annex::Annexes,
}

impl Extractor {
    /// Reads the rules of `rules/extract/`.
    ///
    /// # Errors
    /// When a rule file can't be read or a rule is wrong.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: view::Rules = book.load(view::FILE)?;
        Ok(Self {
            actors: actor::Actors::new(book)?,
            dues: due::Dues::new(book)?,
            quotas: quota::Quotas::new(book)?,
            views: view::Views::new(&rules)?,
            tasks: task::Tasks::new(&rules)?,
            periods: period::Periods::new(&rules)?,
            annexes: annex::Annexes::new(book)?,
        })
    }

    /// The facts of `document`; a document that assigns nothing has none but its actors.
    pub fn extract(&self, repaired: &Repaired, document: &Document) -> Plan {
        let issued = document.header.issued.as_ref().map(|d| d.what);
        let unbounded = due::DueContext { issued, ..due::DueContext::default() };
        let mut views = self.views.read(repaired.text(), document, &self.actors, &self.dues, &unbounded);
        let found = self.periods.find(document, &views, &self.dues, &unbounded);
        let period = found.as_ref().map(|f| f.period.clone());
        let context = due::DueContext { period: period.as_ref(), ..unbounded };
        view::Views::time(&mut views, &self.dues, &context);
        let home = document.header.issuer.as_ref().map(|i| self.actors.bodies.home(&i.what)).unwrap_or_default();
        let roster = roster::Roster::new(home);
        let mut walk = walk::Walk::new(&self.tasks, &self.actors, &self.dues, &self.quotas, &views, context, roster);
        walk.period = found.as_ref().and_then(|f| f.clause);
        let kind = document.header.kind.as_ref().map(|k| k.what.as_str());
        let mut counted = Vec::new();
        if self.tasks.assigns(kind) {
            walk.all();
            counted = walk.counted();
        }
        let (drafts, mut roster) = (walk.drafts, walk.roster);
        let rows = table_task::Rows { repaired, actors: &self.actors, dues: &self.dues, tasks: &self.tasks, context };
        let duties = if self.tasks.assigns(kind) { rows.find(document, &mut roster) } else { Vec::new() };
        let mut meet = |name: &str, at| roster.meet(&self.actors.bodies, name, at);
        let annexes = self.annexes.find(repaired, document, annex::Context { period: period.as_ref(), actor: &mut meet });
        let (actors, ids) = roster.finish(&self.actors.bodies);
        let mut tasks = task::facts(drafts, &ids, repaired);
        tasks.extend(table_task::facts(duties, &ids));
        let mut quotas = counted::facts(counted, &ids, repaired);
        quotas.extend(annexes.quotas(&ids));
        Plan { period: found.map(|f| (f.period, f.at)), actors, tasks, quotas, annexes: annexes.annexes }
    }
}

impl Proof for Extractor {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let mut failures = self.actors.prove(book)?;
        failures.extend(self.views.prove(book)?);
        failures.extend(self.dues.prove(book)?);
        failures.extend(self.quotas.prove(book)?);
        failures.extend(self.annexes.prove(book)?);
        Ok(failures)
    }
}

/// Something the plan says, with its place and the rule that found it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<T> {
    /// Clause path, then the number of the sentence in it: `IV.2-8`.
    pub id: String,
    /// What is said.
    pub what: T,
    /// The sentence, cell or heading that says it.
    pub at: Span,
    /// The rule that found it.
    pub rule: String,
    /// The weakest of the rule's own certainty and of the repairs beneath it.
    pub sure: Sure,
}

/// The facts of a plan.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The time the plan is for.
    pub period: Option<(Period, Span)>,
    /// Everybody who is named, under all names.
    pub actors: Vec<Actor>,
    /// Everything somebody must do, in the order of the plan.
    pub tasks: Vec<Fact<Task>>,
    /// Every number that must be reached.
    pub quotas: Vec<Fact<Quota>>,
    /// Tables of figures.
    pub annexes: Vec<Annex>,
}

/// A body or a person that a plan names.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Made from the name: `to-dan-pho-so-1`.
    pub id: String,
    /// The fullest name.
    pub name: String,
    /// The other names.
    pub also: Vec<String>,
    /// Where the name first stands.
    pub at: Span,
}

/// What kind of duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum TaskKind {
    Task,
    Report,
    Registration,
    Meeting,
    Milestone,
}

/// A duty. Actors are named by id.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What kind.
    pub kind: TaskKind,
    /// Who does it or leads it (chủ trì).
    pub who: Vec<String>,
    /// Who supports (phối hợp).
    pub with: Vec<String>,
    /// Sản phẩm.
    pub product: Option<String>,
    /// Repaired words of the plan itself.
    pub what: String,
    /// Whom a report or a list goes to.
    pub to: Vec<String>,
    /// "qua …".
    pub via: Option<String>,
    /// By when.
    pub due: Option<Due>,
}

/// How a number is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum QuotaBound {
    Exactly,
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
}

/// A number that must be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Quota {
    /// By whom (ids of actors).
    pub who: Vec<String>,
    /// What is counted.
    pub what: String,
    /// How many; decimals kept as written.
    pub amount: f64,
    /// Of what: `người`, `%`.
    pub unit: String,
    /// How the number is bound.
    pub bound: QuotaBound,
    /// By when.
    pub by: Option<Due>,
    /// `month` for "mỗi tháng".
    pub per: Option<crate::calendar::Every>,
    /// `up` for "tăng thêm", `down` for "giảm".
    pub change: Option<Change>,
    /// What a change is measured against, in words.
    pub against: Option<String>,
    /// "khoảng".
    pub about: bool,
    /// The id of the first mention.
    pub same_as: Option<String>,
}

/// Which way a quota moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Change {
    Up,
    Down,
}

/// A table of figures hanging on the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Annex {
    /// Its heading.
    pub title: String,
    /// The columns of figures (STT and label left out).
    pub columns: Vec<AnnexColumn>,
    /// The rows.
    pub rows: Vec<AnnexRow>,
    /// The total row, where there is one.
    pub totals: Option<Vec<Figure>>,
    /// Cells whose value is not what was read.
    pub mended: Vec<Mended>,
    /// Where.
    pub at: Span,
    /// The words that date the annex and name its plan ("Kèm theo kế hoạch số …").
    pub attached: Option<Span>,
    /// True when its empty cells were lost before it was read: that a cell is missing tells nothing of the paper.
    pub flattened: bool,
    /// False when nothing tells which of its columns are the empty ones.
    pub columns_are_sure: bool,
    /// Which columns are the sum of others.
    pub sums: Vec<annex::Sum>,
    /// The columns (from 0) whose rows add up to the total row, as read or as mended.
    pub added: Vec<usize>,
    /// The columns (from 0) whose rows should, and do not.
    pub not_added: Vec<usize>,
    /// The rows (from 0) in which a sum of columns does not hold, though it does in the others.
    pub broken: Vec<usize>,
    /// Cells that can be read in several ways, none likelier than the others.
    pub doubtful: Vec<DoubtfulCell>,
    /// What the same annex says otherwise in another file.
    pub differs: Vec<Difference>,
}

/// A column of figures.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnexColumn {
    /// Made from the name.
    pub id: String,
    /// Its head.
    pub name: String,
    /// Bound of the quotas it sets; `None` for a column that only counts.
    pub quota: Option<ColumnQuota>,
}

/// What a column's figures ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnQuota {
    /// Unit of the figures.
    pub unit: String,
    /// By when.
    pub by: Option<Due>,
}

/// A row of an annex.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnexRow {
    /// The row's name.
    pub label: String,
    /// The figures, one a column.
    pub cells: Vec<Figure>,
    /// Where.
    pub at: Span,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Figure {
    /// A whole number.
    Whole(i64),
    /// A number with a decimal part.
    Number(f64),
    /// Words.
    Words(String),
    /// Nothing.
    Empty(()),
}

/// A cell healed by its sums.
#[derive(Clone, Debug, PartialEq)]
pub struct Mended {
    /// Row, from 1.
    pub row: usize,
    /// Column of figures, from 1.
    pub column: usize,
    /// What was read; `None` where nothing was.
    pub as_read: Option<String>,
    /// What it must be.
    pub value: Figure,
    /// Why.
    pub why: String,
}

/// A cell that sums do not settle: it is kept as read.
#[derive(Clone, Debug, PartialEq)]
pub struct DoubtfulCell {
    /// Row, from 1; one past the last for the total row.
    pub row: usize,
    /// Column of figures, from 1.
    pub column: usize,
    /// What was read; `None` where nothing was.
    pub as_read: Option<String>,
    /// What it may be; empty where nothing is known of it.
    pub others: Vec<Figure>,
    /// Where.
    pub at: Span,
}

/// A cell of an annex that says something else in another file.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The row's name.
    pub label: String,
    /// The column's name.
    pub column: String,
    /// What the annex holds.
    pub here: Figure,
    /// What the other file holds.
    pub there: Figure,
    /// Where the other file says so.
    pub at: Span,
}

/// Which bound of a due belongs to a quota that has none of its own.
pub fn by_day(says: &str, date: jiff::civil::Date) -> Due {
    Due { says: says.to_owned(), when: crate::calendar::When::Day { bound: Bound::By, date, time: None } }
}

#[cfg(test)]
mod tests;
