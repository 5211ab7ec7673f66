//! `plan.yaml` as types: what is written for every plan, what `render` and `check` read back, and the JSON Schema of both.
//!
//! The contract: keys may be added, those here keep their meaning; absent knowledge is an absent key.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{Due, Every, Period};
use crate::check::Level;
use crate::error::{Error, Kind, Result, Spot};
use crate::extract::{Change, Figure, QuotaBound, TaskKind};
use crate::parse::Does;
use crate::repair::Citation;
use crate::text::{Sure, Words};

/// The version of the contract that is written.
pub const VERSION: u32 = 1;

/// Everything known of one plan: facts and findings, each with its citation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Version of the contract.
    pub plan_ingest: u32,
    /// What was read.
    pub source: Vec<SourceRecord>,
    /// The document itself.
    pub document: DocumentRecord,
    /// Everybody who is named.
    #[serde(default)]
    pub actors: Vec<ActorRecord>,
    /// Everything that somebody must do, in the order of the plan.
    #[serde(default)]
    pub tasks: Vec<TaskRecord>,
    /// Every number that must be reached.
    #[serde(default)]
    pub quotas: Vec<QuotaRecord>,
    /// Tables of figures.
    #[serde(default)]
    pub annexes: Vec<AnnexRecord>,
    /// What a careful reader would query.
    #[serde(default)]
    pub findings: Vec<FindingRecord>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceRecord {
    /// As the user named it.
    pub file: String,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
    /// Number of pages or sheets, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Where its words come from.
    pub text: Words,
}

/// The document as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentRecord {
    /// `ke-hoach`, `quyet-dinh`, `cong-van` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Number and sign, without blanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Day of issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub issued: Option<Date>,
    /// Place of issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The body that signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The body above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_parent: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The time it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The documents it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<BasisRecord>,
    /// The plans that it replaces, changes or carries out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkRecord>,
    /// Who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<SignedRecord>,
    /// Nơi nhận.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<RecipientRecord>,
}

/// Another plan, and what this one does to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRecord {
    /// `replaces`, `amends`, `carries-out`.
    pub does: Does,
    /// `ke-hoach`, `quyet-dinh` …
    pub kind: String,
    /// Number and sign in normal form.
    pub number: String,
    /// Its own day of issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub issued: Option<Date>,
}

/// A document that the plan rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasisRecord {
    /// `chi-thi`, `ke-hoach`, `luat` …
    pub kind: String,
    /// Number and sign in normal form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its own day of issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub issued: Option<Date>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// `request` for "theo đề nghị …".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Where it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Citation>,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedRecord {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The body signed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// `TM`, `KT`, `Q`, `TL`, `TUQ`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
}

/// A line of Nơi nhận.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecipientRecord {
    /// Who.
    pub name: String,
    /// `để b/c` …
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// A body or a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActorRecord {
    /// What facts name it by.
    pub id: String,
    /// The fullest name.
    pub name: String,
    /// The other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// A duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskRecord {
    /// Clause path, then the number of the sentence in it.
    pub id: String,
    /// What kind of duty.
    pub kind: TaskKind,
    /// Ids of those who do it or lead it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// Ids of those who support.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// Sản phẩm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Repaired words of the plan itself.
    pub what: String,
    /// Ids of those to whom a report or a list goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// "qua …".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// By when; absent where the plan sets none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// How sure.
    pub sure: Sure,
    /// The rule that found it.
    pub rule: String,
    /// Where.
    pub at: Citation,
}

/// A number that must be reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaRecord {
    /// Clause path, then the number of the quota in it.
    pub id: String,
    /// Ids of those who must reach it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// What is counted.
    pub what: String,
    /// How many: a whole number where it is one.
    pub amount: Figure,
    /// Of what.
    pub unit: String,
    /// How the number is bound.
    pub bound: QuotaBound,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Due>,
    /// `month` for "mỗi tháng".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Every>,
    /// Whether it is an increase or a decrease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// What a change is measured against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// "khoảng".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about: bool,
    /// The id of the first mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// How sure.
    pub sure: Sure,
    /// The rule that found it.
    pub rule: String,
    /// Where.
    pub at: Citation,
}

/// A table of figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnexRecord {
    /// Its heading.
    pub title: String,
    /// The columns of figures.
    pub columns: Vec<ColumnRecord>,
    /// The rows.
    pub rows: Vec<RowRecord>,
    /// The total row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<Vec<Figure>>,
    /// Cells whose value is not what was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mended: Vec<MendedRecord>,
    /// Where.
    pub at: Citation,
}

/// A column of figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnRecord {
    /// Made from the name.
    pub id: String,
    /// Its head.
    pub name: String,
}

/// A row of figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowRecord {
    /// The row's name.
    pub label: String,
    /// The figures.
    pub cells: Vec<Figure>,
}

/// A cell healed by its sums.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MendedRecord {
    /// From 1.
    pub row: usize,
    /// Column of figures, from 1.
    pub column: usize,
    /// What was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_read: Option<String>,
    /// What it must be.
    pub value: Figure,
    /// Why.
    pub why: String,
}

/// What a careful reader would query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingRecord {
    /// `annex-date-differs` …
    pub id: String,
    /// How much it matters.
    pub level: Level,
    /// One sentence in Vietnamese.
    pub message: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Citation>,
    /// The other places it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Citation>,
}

impl Report {
    /// The report as the text of `plan.yaml`; the same report is always the same bytes.
    ///
    /// # Errors
    /// Never in practice: only when the record can't be told as YAML.
    pub fn write(&self) -> Result<String> {
        super::yaml::write(self)
    }

    /// The name of the actor `id`; the id itself where nobody has it.
    pub fn name_of<'a>(&'a self, id: &'a str) -> &'a str {
        self.actors.iter().find(|a| a.id == id).map_or(id, |a| a.name.as_str())
    }
}

/// The report that the text of a `plan.yaml` holds.
///
/// # Errors
/// [`Kind::BadRecord`] with line and column when it is not YAML, lacks a key, holds an unknown one, or is of a later contract.
pub fn read(text: &str) -> Result<Report> {
    let report: Report = read_record(text)?;
    if report.plan_ingest > VERSION {
        let spot = Spot { line: 1, column: 1, text: text.to_owned() };
        let detail = format!("plan_ingest: {} > {VERSION}", report.plan_ingest);
        return Err(Error::new(Kind::BadRecord).on(spot).detail(detail));
    }
    Ok(report)
}

/// Any record of ours, read from YAML; an error holds line, column and reason, and no path yet.
pub(super) fn read_record<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_yaml::from_str(text).map_err(|e| {
        let error = Error::new(Kind::BadRecord).detail(crate::rules::plainly(&e.to_string()));
        let error = match e.location() {
            Some(l) => error.on(Spot { line: l.line(), column: l.column(), text: text.to_owned() }),
            None => error,
        };
        error.because(e)
    })
}

/// The JSON Schema of `plan.yaml`.
///
/// # Errors
/// Never in practice: only when the schema can't be told as JSON.
pub fn schema() -> Result<String> {
    let schema = schemars::schema_for!(Report);
    serde_json::to_string_pretty(&schema).map_err(|e| Error::new(Kind::BadRecord).because(e))
}
