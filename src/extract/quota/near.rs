//! What a clause says of a number in it: by when, how often, against what; and where its clause ends.

use std::ops::Range;

use super::rule::Beside;
use super::{Amount, QuotaFound, one_line};
use crate::calendar::{Bound, Due, Every, When};
use crate::extract::due::{DueContext, Dues, Timed};
use crate::extract::{Change, QuotaBound};
use crate::rules::pattern::{Match, Pattern, Spelled};
use crate::text::Sure;

/// Letters between a season and the number that is its result: "năm 2022 đạt 85%".
const RIGHT_BEFORE: usize = 12;

/// A text with its times and amounts put in, and what may stand beside an amount.
pub(super) struct Here<'a> {
    pub text: &'a str,
    pub context: &'a DueContext<'a>,
    pub dues: &'a Dues,
    pub timed: &'a Timed,
    pub spelled: &'a Spelled,
    pub beside: &'a Beside,
}

impl Here<'_> {
    /// The quota of an amount (`at` and `says` are of the spelling); `None` where its clause speaks of the past.
    pub fn quota(
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
    pub fn continue_lists(&self, amounts: &[Amount], claimed: &[Range<usize>], out: &mut Vec<QuotaFound>) {
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
        let by = self.all(&self.here.beside.by).map(|m| (m, Bound::By));
        let before = self.all(&self.here.beside.before).map(|m| (m, Bound::Before));
        let all: Vec<(Match, Bound)> = by.chain(before).collect();
        let last_before = all.iter().filter(|(m, _)| m.range.end <= self.at.start).max_by_key(|(m, _)| m.range.start);
        let first_after = || all.iter().filter(|(m, _)| m.range.start >= self.at.end).min_by_key(|(m, _)| m.range.start);
        let (m, bound) = last_before.or_else(first_after)?;
        let (first, last) = self.days(m)?;
        let date = if *bound == Bound::Before { first } else { last };
        let is_over = self.here.context.issued.is_some_and(|issued| date < issued);
        (!is_over).then(|| Due { says: self.words(m.range.clone()), when: When::Day { bound: *bound, date, time: None } })
    }

    fn days(&self, m: &Match) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
        let Here { dues, timed, spelled, context, .. } = self.here;
        dues.days(timed, spelled.origin(m.hole("when").or_else(|| m.hole("season"))?).start, context)
    }

    /// True when the clause names a time by which it happened, or a season right before the number, and that is over.
    fn is_past(&self) -> bool {
        let beside = &self.here.beside;
        let compared: Vec<Range<usize>> = self.all(&beside.against).map(|m| m.range).collect();
        let own = |m: &Match| !compared.iter().any(|c| c.start <= m.range.start && m.range.start < c.end);
        let is_over = |m: &Match| self.days(m).zip(self.here.context.issued).is_some_and(|((_, day), issued)| day < issued);
        let limits: Vec<Match> = self.all(&beside.by).filter(own).collect();
        let right_before = |m: &Match| m.range.end <= self.at.start && self.at.start - m.range.end <= RIGHT_BEFORE;
        !limits.is_empty() && limits.iter().all(is_over) || self.all(&beside.season).filter(own).any(|m| right_before(&m) && is_over(&m))
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
