//! Finds the numbers that must be reached: the phrases of `rules/extract/quota.yaml` around an amount and its unit.

mod near;
mod rule;

use std::ops::Range;

use super::due::{DueContext, Dues};
use super::{Change, QuotaBound};
use crate::calendar::{Due, Every};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::pattern::{Match, Pattern, Spelled, reads_as};
use crate::text::Sure;

use near::Here;
pub use rule::Gives;
use rule::{ALL, AMOUNT, Beside, FILE, FIRST_KIND, MOST_KINDS, QuotaFile, Rule, amount_pattern, compile};

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

/// The phrases around numbers that must be reached.
#[derive(Debug)]
pub struct Quotas {
    amount: Pattern,
    numbers: Vec<(Vec<u8>, f64)>,
    units: Vec<(Vec<u8>, String, u8)>,
    rules: Vec<Rule>,
    beside: Beside,
}

/// A number and its unit in a text.
struct Amount {
    at: Range<usize>,
    amount: f64,
    unit: String,
    byte: u8,
    /// "60 - 70%": the amount is the lower end.
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
        if file.kinds.len() > MOST_KINDS {
            return Err(fault("kinds:", format!("there can be {MOST_KINDS} kinds of units at most")));
        }
        let amount = amount_pattern(&file).map_err(|r| fault("units:", r))?;
        let kind_of = |unit: &String| file.kinds.values().position(|all| all.contains(unit)).map_or(AMOUNT, |i| FIRST_KIND + i as u8);
        let units = file.units.iter().map(|u| (Spelled::new(u).bytes().to_vec(), u.clone(), kind_of(u))).collect();
        let numbers = file.numbers.iter().map(|(word, n)| (Spelled::new(word).bytes().to_vec(), f64::from(*n))).collect();
        let kinds: Vec<&str> = file.kinds.keys().map(String::as_str).collect();
        let mut ids: Vec<&str> = file.quotas.iter().map(|r| r.id.as_str()).chain(file.not_quotas.iter().map(|r| r.id.as_str())).collect();
        ids.sort_unstable();
        if let Some(twice) = ids.windows(2).find(|w| w[0] == w[1]) {
            return Err(fault(&format!("id: {}", twice[0]), format!("rule `{}` stands twice", twice[0])));
        }
        let mut rules = Vec::new();
        let all = file.quotas.iter().map(|r| (&r.id, &r.says, Some(r.bound), r.sure));
        let none = file.not_quotas.iter().map(|r| (&r.id, &r.says, None, Sure::Certain));
        // Rules that keep a number out stand first: of two that take the same words they win.
        for (id, says, bound, sure) in none.chain(all) {
            let patterns = compile(says, &kinds).map_err(|r| fault(&format!("id: {id}"), r))?;
            rules.push(Rule { id: id.clone(), patterns, bound, sure });
        }
        let beside = |says: &[String]| compile(says, &kinds).map_err(|r| fault("beside:", r));
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
            every: beside(&b.every)?,
            season: beside(&b.season)?,
            by: beside(&b.by)?,
            before: beside(&b.before)?,
        };
        Ok(Self { amount, numbers, units, rules, beside })
    }

    /// The quotas of `text`, in order, not overlapping.
    pub fn find(&self, text: &str, context: &DueContext<'_>, dues: &Dues) -> Vec<QuotaFound> {
        let timed = dues.timed(text);
        let amounts = self.amounts(&timed.spelled);
        if amounts.is_empty() {
            return Vec::new();
        }
        let tokens: Vec<_> = amounts.iter().map(|a| (a.at.clone(), a.byte)).collect();
        let spelled = timed.spelled.put(&tokens);
        let here = Here { text, context, dues, timed: &timed, spelled: &spelled, beside: &self.beside };
        let mut out: Vec<QuotaFound> = Vec::new();
        let mut claimed = Vec::new();
        for (rule, found) in self.best(text, &spelled) {
            claimed.push(found.says.clone());
            let (Some(bound), Some(at)) = (rule.bound, found.holes.iter().find(|(n, _)| n == "amount" || n == "all")) else { continue };
            let Some(amount) = amount_at(&amounts, &timed.spelled, spelled.origin(at.1.clone()).start) else { continue };
            let sure = if found.stripped { rule.sure.less() } else { rule.sure };
            let bound = if amount.span && bound == QuotaBound::Exactly { QuotaBound::AtLeast } else { bound };
            out.extend(here.quota(amount, &at.1, &found.says, bound, &rule.id, sure));
        }
        here.continue_lists(&amounts, &claimed, &mut out);
        out.sort_by_key(|q| q.range.start);
        out
    }

    fn amounts(&self, spelled: &Spelled) -> Vec<Amount> {
        let read = |m: Match| {
            let bytes = |name: &str| m.hole(name).map(|r| &spelled.bytes()[r]);
            let words = |b: &[u8]| self.numbers.iter().find(|(w, _)| reads_as(b, w)).map(|(_, n)| *n);
            let number = |b: &[u8]| std::str::from_utf8(b).ok().and_then(number).or_else(|| words(b));
            let unit = bytes("unit")?;
            // The spelling that keeps the most marks: `bản` is not `ban`.
            let named = self.units.iter().find(|(u, ..)| u == unit).or_else(|| self.units.iter().find(|(u, ..)| reads_as(unit, u)))?;
            let amount = number(bytes("n")?)?;
            let is_all = named.1 == "%" && (amount - 100.0).abs() < f64::EPSILON;
            let byte = if is_all { ALL } else { named.2 };
            Some(Amount { amount, unit: named.1.clone(), byte, span: m.hole("n2").is_some(), at: m.range.clone() })
        };
        self.amount.find_all(spelled).into_iter().filter_map(read).collect()
    }

    fn best(&self, text: &str, spelled: &Spelled) -> Vec<(&Rule, Match)> {
        let mut all = Vec::new();
        for (order, rule) in self.rules.iter().enumerate() {
            for pattern in &rule.patterns {
                let found = pattern.find_all(spelled).into_iter().filter(|m| !m.stripped || is_bare(&text[spelled.origin(m.says.clone())]));
                all.extend(found.map(|m| (order, rule, m)));
            }
        }
        all.sort_by_key(|(order, _, m)| (std::cmp::Reverse(spelled.origin(m.says.clone()).len()), m.stripped, *order, m.says.start));
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

/// True for words without any mark: "trong 99 xã" is no "trồng" that lost one, "trong 99 ha" may be.
fn is_bare(words: &str) -> bool {
    words.is_ascii()
}

fn amount_at<'a>(amounts: &'a [Amount], spelled: &Spelled, start: usize) -> Option<&'a Amount> {
    amounts.iter().find(|a| spelled.origin(a.at.clone()).start == start)
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number as Vietnamese writes it: dots between thousands, a comma before decimals.
fn number(figures: &str) -> Option<f64> {
    figures.replace('.', "").replace(',', ".").parse().ok().filter(|n: &f64| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::proof::Proof;

    #[test]
    fn every_rule_proves_itself() {
        let book = RuleBook::embedded();
        let quotas = Quotas::new(&book).expect("our rules are sound");
        let failures = quotas.prove(&book).expect("our rules can be read");
        let told: Vec<String> = failures.iter().map(|f| format!("{}:{} {}: {}", f.path, f.spot.line, f.rule, f.reason)).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}
