//! Finds the numbers that must be reached: the phrases of `rules/extract/quota.yaml` around an amount and its unit.

use std::ops::Range;

use serde::Deserialize;

use super::due::{DueContext, Dues};
use super::{Change, QuotaBound};
use crate::calendar::{Due, Every};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::pattern::{Hole, Match, Pattern, Spelled, reads_as};
use crate::rules::proof::{Example, Failure, Proof};
use crate::text::Sure;

const FILE: &str = "extract/quota.yaml";

/// A number that must be reached, with what its sentence says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaFound {
    /// The bytes that say how many, with the words that bind the number.
    pub range: Range<usize>,
    /// The clause around it, which says what is counted.
    pub counted: Range<usize>,
    /// How many.
    pub amount: f64,
    /// Of what, as the rules spell it.
    pub unit: String,
    /// How the number is bound.
    pub bound: QuotaBound,
    /// By when, where the sentence says so before the number or right after it.
    pub by: Option<Due>,
    /// "mỗi tháng", "/năm".
    pub per: Option<Every>,
    /// "tăng", "giảm".
    pub change: Option<Change>,
    /// "so với năm 2023".
    pub against: Option<String>,
    /// "khoảng".
    pub about: bool,
    /// The rule that found it.
    pub rule: String,
    /// How sure.
    pub sure: Sure,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuotaFile {
    examples_issued: jiff::civil::Date,
    units: Vec<String>,
    quotas: Vec<QuotaRule>,
    not_quotas: Vec<NotQuotaRule>,
    beside: BesideRules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuotaRule {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    says: Vec<String>,
    bound: QuotaBound,
    #[serde(default = "certain")]
    sure: Sure,
    examples: Vec<Example<Gives>>,
    rejects: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotQuotaRule {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    says: Vec<String>,
    examples: Vec<Example<()>>,
    rejects: Vec<String>,
}

/// What may stand beside a number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BesideRules {
    about: Vec<String>,
    up: Vec<String>,
    down: Vec<String>,
    against: Vec<String>,
    per: std::collections::BTreeMap<Every, Vec<String>>,
    by: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Gives {
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

/// `{amount}` is any amount, `{all}` is 100%.
const AMOUNT: u8 = 0xe0;
const ALL: u8 = 0xe1;

#[derive(Debug)]
struct Rule {
    id: String,
    patterns: Vec<Pattern>,
    /// `None` for a rule that keeps a number out.
    bound: Option<QuotaBound>,
    sure: Sure,
}

#[derive(Debug)]
struct Beside {
    about: Vec<Pattern>,
    up: Vec<Pattern>,
    down: Vec<Pattern>,
    against: Vec<Pattern>,
    per: Vec<(Pattern, Every)>,
    by: Vec<Pattern>,
}

/// The phrases around numbers that must be reached.
#[derive(Debug)]
pub struct Quotas {
    amount: Pattern,
    units: Vec<(Vec<u8>, String)>,
    rules: Vec<Rule>,
    beside: Beside,
}

/// A number and its unit in a text.
struct Amount {
    at: Range<usize>,
    amount: f64,
    unit: String,
    span: bool,
}

impl Quotas {
    /// The phrases of the rule book.
    ///
    /// # Errors
    /// When a rule is wrong: the error names the file, the rule and the reason.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let file: QuotaFile = book.load(FILE)?;
        let fault = |id: &str, reason: String| book.fault(FILE, id, &format!("`{id}`: {reason}"));
        let amount = amount_pattern(&file.units).map_err(|r| fault("units:", r))?;
        let mut units = Vec::new();
        for unit in &file.units {
            units.push((Spelled::new(unit).bytes().to_vec(), unit.clone()));
        }
        let mut rules = Vec::new();
        let all = file.quotas.iter().map(|r| (&r.id, &r.says, Some(r.bound), r.sure));
        let none = file.not_quotas.iter().map(|r| (&r.id, &r.says, None, Sure::Certain));
        for (id, says, bound, sure) in all.chain(none) {
            let patterns = compile(says).map_err(|r| fault(&format!("id: {id}"), r))?;
            rules.push(Rule { id: id.clone(), patterns, bound, sure });
        }
        let beside = |says: &[String]| compile(says).map_err(|r| fault("beside:", r));
        let b = &file.beside;
        let mut per = Vec::new();
        for (every, says) in &b.per {
            per.extend(beside(says)?.into_iter().map(|p| (p, *every)));
        }
        let beside = Beside {
            about: beside(&b.about)?,
            up: beside(&b.up)?,
            down: beside(&b.down)?,
            against: beside(&b.against)?,
            per,
            by: beside(&b.by)?,
        };
        Ok(Self { amount, units, rules, beside })
    }

    /// The quotas of `text`, in order, not overlapping.
    pub fn find(&self, text: &str, context: &DueContext<'_>, dues: &Dues) -> Vec<QuotaFound> {
        let timed = dues.timed(text);
        let amounts = self.amounts(&timed.spelled);
        if amounts.is_empty() {
            return Vec::new();
        }
        let tokens: Vec<_> = amounts
            .iter()
            .map(|a| (a.at.clone(), if a.unit == "%" && (a.amount - 100.0).abs() < f64::EPSILON { ALL } else { AMOUNT }))
            .collect();
        let spelled = timed.spelled.put(&tokens);
        let mut out = Vec::new();
        for (rule, found) in self.best(&spelled) {
            let Some(bound) = rule.bound else { continue };
            let Some(at) = found.hole("amount").or_else(|| found.hole("all")) else { continue };
            let start = spelled.origin(at.clone()).start;
            let Some(amount) = amounts.iter().find(|a| timed.spelled.origin(a.at.clone()).start == start) else { continue };
            let says = spelled.origin(found.says.clone());
            let clause = clause_around(text, &says);
            let near = Near { beside: &self.beside, spelled: &spelled, clause: &clause, at: &at };
            let sure = if found.stripped { rule.sure.less() } else { rule.sure };
            out.push(QuotaFound {
                counted: clause.clone(),
                amount: amount.amount,
                unit: amount.unit.clone(),
                bound: if amount.span && bound == QuotaBound::Exactly { QuotaBound::AtLeast } else { bound },
                by: near.by(text, context, dues, &timed),
                per: near.per(),
                change: near.change(),
                against: near.against(text),
                about: near.about(),
                rule: rule.id.clone(),
                sure,
                range: says,
            });
        }
        out
    }

    fn amounts(&self, spelled: &Spelled) -> Vec<Amount> {
        let read = |m: Match| {
            let bytes = |name: &str| m.hole(name).map(|r| &spelled.bytes()[r]);
            let number = |name: &str| bytes(name).and_then(|b| number(std::str::from_utf8(b).ok()?));
            let unit = bytes("unit")?;
            // The spelling that keeps the most marks: `bản` is not `ban`.
            let named = self.units.iter().find(|(u, _)| u == unit).or_else(|| self.units.iter().find(|(u, _)| reads_as(unit, u)));
            let span = m.hole("n2").is_some();
            Some(Amount { amount: number("n")?, unit: named?.1.clone(), span, at: m.range.clone() })
        };
        self.amount.find_all(spelled).into_iter().filter_map(read).collect()
    }

    fn best(&self, spelled: &Spelled) -> Vec<(&Rule, Match)> {
        let mut all = Vec::new();
        for (order, rule) in self.rules.iter().enumerate() {
            for pattern in &rule.patterns {
                all.extend(pattern.find_all(spelled).into_iter().map(|m| (order, rule, m)));
            }
        }
        all.sort_by_key(|(order, _, m)| (std::cmp::Reverse(spelled.origin(m.says.clone()).len()), *order, m.says.start));
        let mut kept: Vec<(&Rule, Match)> = Vec::new();
        for (_, rule, m) in all {
            if kept.iter().all(|(_, k)| m.says.end <= k.says.start || k.says.end <= m.says.start) {
                kept.push((rule, m));
            }
        }
        kept.sort_by_key(|(_, m)| m.says.start);
        kept
    }
}

/// What stands beside a number in its clause.
struct Near<'a> {
    beside: &'a Beside,
    spelled: &'a Spelled,
    clause: &'a Range<usize>,
    at: &'a Range<usize>,
}

impl Near<'_> {
    fn all<'p>(&'p self, patterns: &'p [Pattern]) -> impl Iterator<Item = Match> + 'p {
        let inside = |m: &Match| {
            let from = self.spelled.origin(m.range.clone());
            self.clause.start <= from.start && from.end <= self.clause.end
        };
        patterns.iter().flat_map(|p| p.find_all(self.spelled)).filter(inside)
    }

    /// True when one of `patterns` ends at most `gap` bytes before the number.
    fn before(&self, patterns: &[Pattern], gap: usize) -> bool {
        self.all(patterns).any(|m| m.range.end <= self.at.start && self.at.start - m.range.end <= gap)
    }

    fn about(&self) -> bool {
        self.before(&self.beside.about, 1)
    }

    fn change(&self) -> Option<Change> {
        let (up, down) = (self.before(&self.beside.up, 8), self.before(&self.beside.down, 10));
        match (up, down) {
            (true, false) => Some(Change::Up),
            (false, true) => Some(Change::Down),
            _ => None,
        }
    }

    fn per(&self) -> Option<Every> {
        let after = |m: &Match| m.range.start >= self.at.end && m.range.start - self.at.end <= 12;
        let before = |m: &Match| m.range.end <= self.at.start;
        let near = |p: &Pattern| self.all(std::slice::from_ref(p)).any(|m| after(&m) || before(&m));
        self.beside.per.iter().find(|(p, _)| near(p)).map(|(_, every)| *every)
    }

    fn against(&self, text: &str) -> Option<String> {
        let m = self.all(&self.beside.against).find(|m| m.range.start >= self.at.start)?;
        Some(one_line(&text[self.spelled.origin(m.hole("what")?)]))
    }

    fn by(&self, text: &str, context: &DueContext<'_>, dues: &Dues, timed: &super::due::Timed) -> Option<Due> {
        let m = self.all(&self.beside.by).filter(|m| m.range.end <= self.at.start).last()?;
        let date = dues.last_day(timed, self.spelled.origin(m.hole("when")?).start, context)?;
        Some(super::by_day(&one_line(&text[self.spelled.origin(m.range)]), date))
    }
}

/// The clause that holds `range`: from the stop before it to the stop after it.
fn clause_around(text: &str, range: &Range<usize>) -> Range<usize> {
    let is_stop = |at: usize, c: char| match c {
        ';' | '\t' => true,
        '.' | '!' | '?' => text[at + c.len_utf8()..].chars().next().is_none_or(char::is_whitespace),
        _ => false,
    };
    let start = text[..range.start].char_indices().rev().find(|(at, c)| is_stop(*at, *c)).map_or(0, |(at, c)| at + c.len_utf8());
    let end = text[range.end..].char_indices().find(|(at, c)| is_stop(range.end + at, *c)).map_or(text.len(), |(at, _)| range.end + at);
    let inner = &text[start..end];
    let lead = inner.len() - inner.trim_start().len();
    start + lead..(start + inner.trim_end().len()).max(start + lead)
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn amount_pattern(units: &[String]) -> Result<Pattern, String> {
    let units = Hole::any_of(units.iter().map(String::as_str))?;
    let figures = "[0-9]{1,3}(?:\\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?";
    let hole = |name: &str| match name {
        "n" => Some(Hole { regex: figures.to_owned(), ..Hole::default() }),
        "unit" => Some(units.clone()),
        _ => None,
    };
    Pattern::new("{n}( ?- ?{n2})?( |){unit}", &hole)
}

fn compile(says: &[String]) -> Result<Vec<Pattern>, String> {
    let hole = |name: &str| match name {
        "amount" => Some(Hole { regex: format!("[\\x{AMOUNT:02x}\\x{ALL:02x}]"), one_of: vec![AMOUNT, ALL], ..Hole::default() }),
        "all" => Some(Hole { regex: format!("\\x{ALL:02x}"), one_of: vec![ALL], ..Hole::default() }),
        "what" => Some(Hole { regex: "[^ \\t;,.:()]+(?: [^ \\t;,.:()]+){0,7}".to_owned(), ..Hole::default() }),
        _ => super::due::time_hole(name),
    };
    says.iter().map(|s| Pattern::new(s, &hole)).collect()
}

/// A number as Vietnamese writes it: dots between thousands, a comma before decimals.
fn number(figures: &str) -> Option<f64> {
    figures.replace('.', "").replace(',', ".").parse().ok().filter(|n: &f64| n.is_finite())
}

impl Proof for Quotas {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let file: QuotaFile = book.load(FILE)?;
        let dues = Dues::new(book)?;
        let context = DueContext { issued: Some(file.examples_issued), ..DueContext::default() };
        let mut failures = Vec::new();
        let mut fail = |id: &str, text: &str, reason: String| failures.push(Failure::new(book, FILE, id, text, reason));
        for rule in &file.quotas {
            for example in &rule.examples {
                let (text, spans) = example.parts();
                let found: Vec<_> = self.find(&text, &context, &dues).into_iter().filter(|f| f.rule == rule.id).collect();
                let ranges: Vec<_> = found.iter().map(|f| f.range.clone()).collect();
                let wanted: Vec<Gives> = example.gives.iter().cloned().collect();
                let read: Vec<Gives> = found.iter().map(gives).collect();
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

fn gives(f: &QuotaFound) -> Gives {
    let by = f.by.as_ref().and_then(|d| match d.when {
        crate::calendar::When::Day { date, .. } => Some(date),
        _ => None,
    });
    Gives {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_proves_itself() {
        let book = RuleBook::embedded();
        let quotas = Quotas::new(&book).expect("our rules are sound");
        let failures = quotas.prove(&book).expect("our rules can be read");
        let told: Vec<String> = failures.iter().map(|f| format!("{}:{} {}: {}", f.path, f.spot.line, f.rule, f.reason)).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}
