//! Finds the numbers that must be reached: the phrases of `rules/extract/quota.yaml` around an amount and its unit.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;

use super::due::{DueContext, Dues, Timed};
use super::{Change, QuotaBound};
use crate::calendar::{Due, Every};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::pattern::{Hole, LAST_TOKEN, Match, Pattern, Spelled, reads_as};
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
    numbers: BTreeMap<String, u32>,
    units: Vec<String>,
    kinds: BTreeMap<String, Vec<String>>,
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
    per: BTreeMap<Every, Vec<String>>,
    every: Vec<String>,
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

/// The bytes that stand for amounts: an amount of no kind, 100%, and one byte for each kind of the rule file.
const AMOUNT: u8 = 0xe0;
const ALL: u8 = 0xe1;
const FIRST_KIND: u8 = 0xe2;
const MOST_KINDS: usize = (LAST_TOKEN - FIRST_KIND) as usize + 1;

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
    every: Vec<Pattern>,
    by: Vec<Pattern>,
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
            by: beside(&b.by)?,
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
        for (rule, found) in self.best(&spelled) {
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

    fn best(&self, spelled: &Spelled) -> Vec<(&Rule, Match)> {
        let mut all = Vec::new();
        for (order, rule) in self.rules.iter().enumerate() {
            for pattern in &rule.patterns {
                all.extend(pattern.find_all(spelled).into_iter().map(|m| (order, rule, m)));
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

fn amount_at<'a>(amounts: &'a [Amount], spelled: &Spelled, start: usize) -> Option<&'a Amount> {
    amounts.iter().find(|a| spelled.origin(a.at.clone()).start == start)
}

/// A text with its times and amounts put in, and what may stand beside an amount.
struct Here<'a> {
    text: &'a str,
    context: &'a DueContext<'a>,
    dues: &'a Dues,
    timed: &'a Timed,
    spelled: &'a Spelled,
    beside: &'a Beside,
}

impl Here<'_> {
    /// The quota of an amount (`at` and `says` are of the spelling); `None` where its clause speaks of the past.
    fn quota(
        &self,
        amount: &Amount,
        at: &Range<usize>,
        says: &Range<usize>,
        bound: QuotaBound,
        rule: &str,
        sure: Sure,
    ) -> Option<QuotaFound> {
        let range = self.spelled.origin(says.clone());
        let clause = clause_around(self.text, &range);
        let near = Near { here: self, clause: &clause, at };
        let by = near.by();
        if by.is_none() && near.is_past() {
            return None;
        }
        Some(QuotaFound {
            amount: amount.amount,
            unit: amount.unit.clone(),
            bound,
            by,
            per: near.per(),
            change: near.change(),
            against: near.against(),
            about: near.about(),
            rule: rule.to_owned(),
            sure,
            range,
            counted: clause,
        })
    }

    /// "ít nhất 100 doanh nghiệp khởi nghiệp, 50 doanh nghiệp khoa học": the second number is bound as the first.
    fn continue_lists(&self, amounts: &[Amount], claimed: &[Range<usize>], out: &mut Vec<QuotaFound>) {
        let mut after: Option<QuotaFound> = None;
        let mut more = Vec::new();
        let mut shift = 0;
        for amount in amounts {
            let at = amount.at.start - shift..amount.at.start - shift + 1;
            shift += amount.at.len() - 1;
            let start = self.spelled.origin(at.clone()).start;
            if let Some(own) = out.iter().find(|q| q.range.start <= start && start < q.range.end) {
                after = Some(own.clone());
                continue;
            }
            if claimed.iter().any(|c| c.start <= at.start && at.start < c.end) {
                after = None;
                continue;
            }
            let Some(last) = after.as_ref().filter(|l| self.goes_on(l, start)) else { continue };
            if let Some(next) = self.quota(amount, &at, &at, last.bound, &last.rule, Sure::Likely.min(last.sure)) {
                after = Some(next.clone());
                more.push(next);
            }
        }
        out.append(&mut more);
    }

    /// True when the amount at byte `start` goes on with the list that `last` stands in.
    fn goes_on(&self, last: &QuotaFound, start: usize) -> bool {
        let between = self.text.get(last.range.end..start).unwrap_or_default();
        let joined = between.trim_end().ends_with(',') || between.ends_with(" và ") || between.trim_end().ends_with(';');
        joined && between.chars().count() <= 90 && !between.contains(['(', ')', ':', '\t', '|'])
    }
}

/// What stands beside a number in its clause.
struct Near<'a> {
    here: &'a Here<'a>,
    clause: &'a Range<usize>,
    at: &'a Range<usize>,
}

impl Near<'_> {
    fn all<'p>(&'p self, patterns: &'p [Pattern]) -> impl Iterator<Item = Match> + 'p {
        let spelled = self.here.spelled;
        let inside = move |m: &Match| {
            let from = spelled.origin(m.range.clone());
            self.clause.start <= from.start && from.end <= self.clause.end
        };
        patterns.iter().flat_map(move |p| p.find_all(spelled)).filter(inside)
    }

    fn words(&self, range: Range<usize>) -> String {
        one_line(&self.here.text[self.here.spelled.origin(range)])
    }

    /// True when one of `patterns` ends at most `gap` bytes before the number.
    fn before(&self, patterns: &[Pattern], gap: usize) -> bool {
        self.all(patterns).any(|m| m.range.end <= self.at.start && self.at.start - m.range.end <= gap)
    }

    fn about(&self) -> bool {
        self.before(&self.here.beside.about, 1)
    }

    fn change(&self) -> Option<Change> {
        match (self.before(&self.here.beside.up, 12), self.before(&self.here.beside.down, 12)) {
            (true, false) => Some(Change::Up),
            (false, true) => Some(Change::Down),
            _ => None,
        }
    }

    fn per(&self) -> Option<Every> {
        let beside = &self.here.beside;
        let after = |m: &Match| m.range.start >= self.at.end && m.range.start - self.at.end <= 12;
        let rate = beside.per.iter().find(|(p, _)| self.all(std::slice::from_ref(p)).any(|m| after(&m))).map(|(_, every)| *every);
        let every = || {
            let m = self.all(&beside.every).filter(|m| after(m) || m.range.end <= self.at.start).last()?;
            self.here.dues.every(self.here.timed, self.here.spelled.origin(m.hole("every")?).start)
        };
        rate.or_else(every)
    }

    fn against(&self) -> Option<String> {
        let m = self.all(&self.here.beside.against).find(|m| m.range.start >= self.at.start)?;
        Some(self.words(m.hole("what")?))
    }

    /// The time named last before the number, or else first after it.
    fn by(&self) -> Option<Due> {
        let all: Vec<Match> = self.all(&self.here.beside.by).collect();
        let last_before = all.iter().filter(|m| m.range.end <= self.at.start).max_by_key(|m| m.range.start);
        let m = last_before.or_else(|| all.iter().filter(|m| m.range.start >= self.at.end).min_by_key(|m| m.range.start))?;
        let date = self.last_day(m)?;
        let is_over = self.here.context.issued.is_some_and(|issued| date < issued);
        (!is_over).then(|| super::by_day(&self.words(m.range.clone()), date))
    }

    fn last_day(&self, m: &Match) -> Option<jiff::civil::Date> {
        let Here { dues, timed, spelled, context, .. } = self.here;
        dues.last_day(timed, spelled.origin(m.hole("when")?).start, context)
    }

    /// True when the clause names a time by which it happened, and that is over.
    fn is_past(&self) -> bool {
        let over = |m: &Match| self.last_day(m).zip(self.here.context.issued).is_some_and(|(day, issued)| day < issued);
        let compared: Vec<Range<usize>> = self.all(&self.here.beside.against).map(|m| m.range).collect();
        let all: Vec<Match> = self.all(&self.here.beside.by).collect();
        let own = |m: &Match| !compared.iter().any(|c| c.start <= m.range.start && m.range.start < c.end);
        all.iter().any(|m| own(m)) && all.iter().filter(|m| own(m)).all(over)
    }
}

/// The clause that holds `range`: from the stop before it to the stop after it.
fn clause_around(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text[..range.start].char_indices().rev().find(|(at, c)| is_stop(text, *at, *c)).map_or(0, |(at, c)| at + c.len_utf8());
    let end =
        text[range.end..].char_indices().find(|(at, c)| is_stop(text, range.end + at, *c)).map_or(text.len(), |(at, _)| range.end + at);
    let inner = &text[start..end];
    let lead = inner.len() - inner.trim_start().len();
    start + lead..(start + inner.trim_end().len()).max(start + lead)
}

/// True when the letter `c` at byte `at` ends a clause: a stop, a cell wall, or a line end before a new paragraph.
fn is_stop(text: &str, at: usize, c: char) -> bool {
    let after = &text[at + c.len_utf8()..];
    match c {
        ';' | '\t' | '|' | '\u{c}' => true,
        '.' | '!' | '?' => after.chars().next().is_none_or(char::is_whitespace),
        '\n' => {
            let line = after.trim_start_matches([' ', '\r']);
            let mark = line.split([' ', '\n']).next().unwrap_or_default();
            let is_numbered = mark.len() <= 6 && mark.ends_with(['.', ')']) && mark.len() > 1;
            line.starts_with('\n') || is_numbered || matches!(mark, "-" | "+" | "*" | "•" | "–")
        }
        _ => false,
    }
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn amount_pattern(file: &QuotaFile) -> Result<Pattern, String> {
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
fn compile(says: &[String], kinds: &[&str]) -> Result<Vec<Pattern>, String> {
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
            None => super::due::time_hole(name),
        },
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
