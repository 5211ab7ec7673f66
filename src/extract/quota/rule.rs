//! The rules of quotas as an office writes them (`rules/extract/quota.yaml`), compiled, and their proof by their own examples.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{QuotaFound, Quotas};
use crate::calendar::{Every, When};
use crate::error::Result;
use crate::extract::due::{DueContext, Dues, time_hole};
use crate::extract::{Change, QuotaBound};
use crate::rules::RuleBook;
use crate::rules::pattern::{Hole, LAST_TOKEN, Pattern};
use crate::rules::proof::{Example, Failure, Proof};
use crate::text::Sure;

pub(super) const FILE: &str = "extract/quota.yaml";

/// The bytes that stand for amounts: an amount of no kind, 100%, and one byte for each kind of the rule file.
pub(super) const AMOUNT: u8 = 0xe0;
pub(super) const ALL: u8 = 0xe1;
pub(super) const FIRST_KIND: u8 = 0xe2;
pub(super) const MOST_KINDS: usize = (LAST_TOKEN - FIRST_KIND) as usize + 1;

#[derive(Debug)]
pub(super) struct Rule {
    pub id: String,
    pub patterns: Vec<Pattern>,
    /// `None` for a rule that keeps a number out.
    pub bound: Option<QuotaBound>,
    pub sure: Sure,
}

#[derive(Debug)]
pub(super) struct Beside {
    pub about: Vec<Pattern>,
    pub up: Vec<Pattern>,
    pub down: Vec<Pattern>,
    pub against: Vec<Pattern>,
    pub per: Vec<(Pattern, Every)>,
    pub every: Vec<Pattern>,
    pub season: Vec<Pattern>,
    pub by: Vec<Pattern>,
    pub before: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuotaFile {
    pub examples_issued: jiff::civil::Date,
    pub numbers: BTreeMap<String, u32>,
    pub units: Vec<String>,
    pub kinds: BTreeMap<String, Vec<String>>,
    pub quotas: Vec<QuotaRule>,
    pub not_quotas: Vec<NotQuotaRule>,
    pub beside: BesideRules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuotaRule {
    pub id: String,
    #[serde(rename = "about")]
    pub _about: String,
    pub says: Vec<String>,
    pub bound: QuotaBound,
    #[serde(default = "certain")]
    pub sure: Sure,
    pub examples: Vec<Example<Gives>>,
    pub rejects: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotQuotaRule {
    pub id: String,
    #[serde(rename = "about")]
    pub _about: String,
    pub says: Vec<String>,
    pub examples: Vec<Example<()>>,
    pub rejects: Vec<String>,
}

/// What may stand beside a number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BesideRules {
    pub about: Vec<String>,
    pub up: Vec<String>,
    pub down: Vec<String>,
    pub against: Vec<String>,
    pub per: BTreeMap<Every, Vec<String>>,
    pub every: Vec<String>,
    pub season: Vec<String>,
    pub by: Vec<String>,
    pub before: Vec<String>,
}

/// What an example says that a number comes to.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Gives {
    amount: f64,
    unit: String,
    bound: QuotaBound,
    #[serde(default)]
    by: Option<jiff::civil::Date>,
    #[serde(default)]
    per: Option<Every>,
    #[serde(default)]
    change: Option<Change>,
    #[serde(default)]
    against: Option<String>,
    #[serde(default)]
    about: bool,
}

fn certain() -> Sure {
    Sure::Certain
}

pub(super) fn amount_pattern(file: &QuotaFile) -> Result<Pattern, String> {
    let units = Hole::any_of(file.units.iter().map(String::as_str))?;
    let words = Hole::any_of(file.numbers.keys().map(String::as_str))?;
    let figures = format!("[0-9]{{1,3}}(?:\\.[0-9]{{3}})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?|{}", words.regex);
    let hole = |name: &str| match name {
        "n" => Some(Hole { regex: figures.clone(), words: words.words.clone(), one_of: Vec::new() }),
        "unit" => Some(units.clone()),
        _ => None,
    };
    Pattern::new("{n}( ?- ?{n2})? ?{unit}", &hole)
}

/// Patterns with the holes of times, and those of amounts: any, 100%, or of one kind.
pub(super) fn compile(says: &[String], kinds: &[&str]) -> Result<Vec<Pattern>, String> {
    let one_of = |bytes: Vec<u8>| {
        let class: String = bytes.iter().map(|b| format!("\\x{b:02x}")).collect();
        Some(Hole { regex: format!("[{class}]"), one_of: bytes, ..Hole::default() })
    };
    let hole = |name: &str| match name {
        "amount" => one_of((AMOUNT..=LAST_TOKEN).collect()),
        "all" => one_of(vec![ALL]),
        "what" => Some(Hole { regex: "[^ |;,.:()]+(?: [^ |;,.:()]+){0,7}".to_owned(), ..Hole::default() }),
        _ => match kinds.iter().position(|k| *k == name) {
            Some(i) => one_of(vec![FIRST_KIND + i as u8]),
            None => time_hole(name),
        },
    };
    says.iter().map(|s| Pattern::new(s, &hole)).collect()
}

impl Proof for Quotas {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let file: QuotaFile = book.load(FILE)?;
        let dues = Dues::new(book)?;
        let context = DueContext { issued: Some(file.examples_issued), ..DueContext::default() };
        let mut failures = Vec::new();
        let mut fail = |id: &str, text: &str, reason: String| failures.push(Failure::new(book, FILE, id, text, reason));
        let bare = file.quotas.iter().map(|r| (&r.id, r.examples.is_empty() || r.rejects.is_empty()));
        let none = file.not_quotas.iter().map(|r| (&r.id, r.examples.is_empty() || r.rejects.is_empty()));
        for (id, _) in bare.chain(none).filter(|(_, bare)| *bare) {
            fail(id, "says:", "needs at least one example and one near miss".to_owned());
        }
        for rule in &file.quotas {
            for example in &rule.examples {
                let (text, spans) = example.parts();
                let found: Vec<_> = self.find(&text, &context, &dues).into_iter().filter(|f| f.rule == rule.id).collect();
                let ranges: Vec<_> = found.iter().map(|f| f.range.clone()).collect();
                let wanted: Vec<Gives> = example.gives.iter().cloned().collect();
                let read: Vec<Gives> = found.iter().map(Gives::from).collect();
                if ranges != spans || read != wanted {
                    let heard: Vec<&str> = ranges.iter().map(|r| &text[r.clone()]).collect();
                    fail(&rule.id, &example.text, format!("found {heard:?}, which gives {read:?}"));
                }
            }
            for text in rule.rejects.iter().filter(|t| self.find(t, &context, &dues).iter().any(|f| f.rule == rule.id)) {
                fail(&rule.id, text, "fits, though it is listed under `rejects`".into());
            }
        }
        for rule in &file.not_quotas {
            for example in &rule.examples {
                let (text, _) = example.parts();
                if !self.find(&text, &context, &dues).is_empty() {
                    fail(&rule.id, &example.text, "a quota is found in it".into());
                }
            }
            for text in rule.rejects.iter().filter(|t| self.find(t, &context, &dues).is_empty()) {
                fail(&rule.id, text, "no quota is found in it, though it is listed under `rejects`".into());
            }
        }
        Ok(failures)
    }
}

impl From<&QuotaFound> for Gives {
    fn from(f: &QuotaFound) -> Self {
        let by = f.by.as_ref().and_then(|d| match d.when {
            When::Day { date, .. } => Some(date),
            _ => None,
        });
        Self {
            amount: f.amount,
            unit: f.unit.clone(),
            bound: f.bound,
            by,
            per: f.per,
            change: f.change,
            against: f.against.clone(),
            about: f.about,
        }
    }
}
