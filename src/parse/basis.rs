//! Knows the documents that a plan rests on: kind, number, day, issuer, wherever they are named before the first section.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::Basis;
use super::header::{NUMBER, civil, normal_number, one_line};
use super::proof::{self, Example};
use super::prose::Prose;
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::proof::Failure;
use crate::text::{Span, letters};

const FILE: &str = "parse/basis.yaml";

/// A name of a law is at most this many letters long.
const NAME_LETTERS: usize = 160;
/// Bytes after a number in which its day must stand.
const NEAR: usize = 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    kinds: Vec<Kind>,
    by_name: Vec<String>,
    request: String,
    name_ends: Vec<String>,
    signs: Vec<String>,
    examples: Vec<Example<Vec<Given>>>,
    rejects: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    kind: String,
    says: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    kind: String,
    number: Option<String>,
    issued: Option<jiff::civil::Date>,
    issuer: Option<String>,
}

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^[\s,]*(?:đã\s+)?(?:được\s+)?(?:ban hành\s+)?(?:ngày|ngay)?\s*(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})",
    )
    .expect("the pattern is fixed")
});
static LAW_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bngày\s+(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})").expect("the pattern is fixed")
});
static ISSUER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[\s,]*của\s+([^;,.()“”]+)").expect("the pattern is fixed"));
static ISSUER_ENDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\s+(?:về|ban hành|phê duyệt|quy định|hướng dẫn|triển khai|thực hiện|v/v|nhằm|đối với|và\s+(?:kế hoạch|nghị quyết|chỉ thị|quyết định|chương trình|hướng dẫn|thông tư|nghị định|công văn))\b")
        .expect("the pattern is fixed")
});

/// Finds what a plan rests on.
#[derive(Debug)]
pub(super) struct Bases {
    kinds: Vec<Kind>,
    by_name: Vec<String>,
    request: String,
    name_ends: Vec<String>,
    /// Signs of documents, by the letters that an OCR leaves of them.
    signs: HashMap<String, String>,
}

impl Bases {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        let signs = rules.signs.into_iter().map(|s| (worn(&s), s)).collect();
        Ok(Self { kinds: rules.kinds, by_name: rules.by_name, request: rules.request, name_ends: rules.name_ends, signs })
    }

    /// The documents named in `span`; one named twice is one.
    pub fn read(&self, text: &str, span: Span) -> Vec<Basis> {
        let prose = Prose::new(text, span);
        let words = prose.text();
        let lower = words.to_lowercase();
        if lower.len() != words.len() {
            // A letter whose small form is longer: places would shift.
            return Vec::new();
        }
        let mut out: Vec<Basis> = Vec::new();
        let mut at = 0;
        while let Some((start, kind)) = self.next_kind(&lower, at) {
            at = start + kind.says.len();
            let Some((mut basis, end)) = self.numbered(words, &lower, at, kind).or_else(|| self.named(words, &lower, start, at, kind))
            else {
                continue;
            };
            at = end.max(at);
            let clause = lower[..start].rfind(['.', '\n']).map_or(0, |i| i + 1);
            let asked = lower[clause..start].rfind(self.request.as_str()).map(|i| clause + i);
            let rests = lower[..start].rfind("căn cứ").max(lower[..start].rfind("thực hiện"));
            basis.role = asked.filter(|a| rests.is_none_or(|r| *a > r)).map(|_| "request".to_owned());
            basis.at = prose.span(start..end);
            match out.iter_mut().find(|b| b.number.is_some() && b.number == basis.number) {
                Some(known) => known.issued = known.issued.or(basis.issued),
                None => out.push(basis),
            }
        }
        out
    }

    fn next_kind<'a>(&'a self, lower: &str, from: usize) -> Option<(usize, &'a Kind)> {
        let found = self.kinds.iter().filter_map(|k| word_from(lower, &k.says, from).map(|i| (i, std::cmp::Reverse(k.says.len()), k)));
        found.min_by_key(|(i, len, _)| (*i, *len)).map(|(i, _, k)| (i, k))
    }

    /// "số 66 /KH-UBND ngày 22/03/2024 của UBND tỉnh".
    fn numbered(&self, words: &str, lower: &str, after: usize, kind: &Kind) -> Option<(Basis, usize)> {
        // A law's name may stand between its kind and its number.
        let reach = if self.by_name.contains(&kind.kind) { NAME_LETTERS } else { 40 };
        let rest = &words[after..];
        let window = &rest[..rest.char_indices().nth(reach + 60).map_or(rest.len(), |(i, _)| i)];
        let number = NUMBER.find(window)?;
        let between = &lower[after..after + number.start()];
        let direct = between.trim().trim_end_matches([':', '.']).trim();
        let named = self.by_name.contains(&kind.kind) && between.trim_end().trim_end_matches(':').ends_with("số") && !between.contains(';');
        // Between a kind and its number two letters of which the first is an s can only have been "số".
        let told = direct.is_empty() || (letters::fold(direct).starts_with('s') && direct.chars().count() == 2);
        if !(told || named) || self.kinds.iter().any(|k| word_from(between, &k.says, 0).is_some() && !named) {
            return None;
        }
        let normal = self.signed(&normal_number(number.as_str()));
        let blanks_only: String = number.as_str().chars().filter(|c| !c.is_whitespace()).map(|c| if c == '–' { '-' } else { c }).collect();
        let mut end = after + number.end();
        let day = DAY.captures(&words[end..]).filter(|c| c.get(0).is_some_and(|m| m.len() < NEAR + 30));
        let mut issued = None;
        if let Some(c) = day {
            issued = civil(&c[1], &c[2], &c[3]);
            end += c.get(0).map_or(0, |m| m.end());
        }
        let issuer = ISSUER.captures(&words[end..]).and_then(|c| c.get(1)).map(|m| {
            let name = ISSUER_ENDS.find(m.as_str()).map_or(m.as_str(), |e| &m.as_str()[..e.start()]);
            (one_line(name), end + m.start() + name.len())
        });
        let (issuer, end) = issuer.map_or((None, end), |(name, e)| (Some(name), e));
        let damaged = normal != blanks_only;
        Some((
            Basis {
                kind: kind.kind.clone(),
                number: Some(normal),
                issued,
                issuer,
                role: None,
                at: Span::default(),
                number_damaged: damaged,
            },
            end,
        ))
    }

    /// `number` with the strokes of its sign that an OCR took away: `QD` for `QĐ`, `QHI15` for `QH15`.
    fn signed(&self, number: &str) -> String {
        let part = |p: &str| match self.signs.get(&worn(p)) {
            Some(sign) if p.chars().any(char::is_alphabetic) => sign.clone(),
            _ => p.to_owned(),
        };
        let parts = number.split_inclusive(['/', '-']).map(|p| {
            let sign = p.trim_end_matches(['/', '-']);
            format!("{}{}", part(sign), &p[sign.len()..])
        });
        parts.collect()
    }

    /// "Căn cứ Luật Thanh niên ngày 16 tháng 6 năm 2020": a law by its name.
    fn named(&self, words: &str, lower: &str, start: usize, after: usize, kind: &Kind) -> Option<(Basis, usize)> {
        let capital = words[start..].chars().next().is_some_and(char::is_uppercase);
        let before = lower[..start].trim_end();
        let cited = ["căn cứ", "thực hiện", ";", "và"].iter().any(|b| before.ends_with(b)) || before.is_empty();
        let name = words[after..].trim_start();
        if !(capital && cited && self.by_name.contains(&kind.kind) && name.chars().next().is_some_and(char::is_uppercase)) {
            return None;
        }
        let end = words[after..].find([';', '.', ',', '(']).map_or(words.len(), |i| after + i);
        let day = LAW_DAY.captures(&words[after..end]);
        let issued = day.as_ref().and_then(|c| civil(&c[1], &c[2], &c[3]));
        let day_end = day.as_ref().and_then(|c| c.get(0)).map(|m| after + m.end());
        let cut = self.name_ends.iter().filter_map(|e| word_from(lower, e, after)).filter(|i| *i <= end).min().unwrap_or(end);
        let far = words[start..cut].chars().count() > NAME_LETTERS;
        let basis =
            Basis { kind: kind.kind.clone(), number: None, issued, issuer: None, role: None, at: Span::default(), number_damaged: false };
        (!far).then_some((basis, day_end.unwrap_or(cut).max(after)))
    }
}

/// What an English OCR leaves of a sign: no stroke through a D, no tail on a Q; a stroke before a number is one of its digits or nothing.
fn worn(sign: &str) -> String {
    let mut out = String::new();
    let mut letters = sign.chars().peekable();
    while let Some(c) = letters.next() {
        let stroke = matches!(c, 'I' | 'l' | '|') && out.ends_with('H') && letters.peek().is_some_and(char::is_ascii_digit);
        match c {
            'Đ' => out.push('D'),
            'Q' => out.push('O'),
            _ if stroke => {}
            other => out.push(other),
        }
    }
    out
}

/// Where `word` stands in `text` from `from` on, as a word of its own.
fn word_from(text: &str, word: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(i) = text.get(at..)?.find(word).map(|i| at + i) {
        let left = text[..i].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let right = text[i + word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        if left && right {
            return Some(i);
        }
        at = i + word.len();
    }
    None
}

/// Runs the examples and near misses of `parse/basis.yaml`.
pub(super) fn prove(book: &RuleBook) -> Result<Vec<Failure>> {
    let rules: Rules = book.load(FILE)?;
    let bases = Bases::new(book)?;
    let found = |text: &str| {
        let found = bases.read(text, Span::new(0, text.len())).into_iter();
        let given: Vec<Given> = found.map(|b| Given { kind: b.kind, number: b.number, issued: b.issued, issuer: b.issuer }).collect();
        (!given.is_empty()).then_some(given)
    };
    Ok(proof::prove(book, FILE, &rules.examples, &rules.rejects, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_keeps_its_examples() {
        assert_eq!(prove(&RuleBook::embedded()).expect("readable"), Vec::new());
    }

    #[test]
    fn a_doubled_dash_is_told() {
        let text = "Nghị quyết sb: 16- -NQ/TU và Kế hoạch số 66 /KH-UBND; Kế hoạch sau: 5/KH-UBND";
        let bases = Bases::new(&RuleBook::embedded()).expect("rules");
        let found = bases.read(text, Span::new(0, text.len()));
        let told: Vec<_> = found.iter().map(|b| (b.number.as_deref().unwrap_or_default(), b.number_damaged)).collect();
        assert_eq!(told, [("16-NQ/TU", true), ("66/KH-UBND", false)]);
    }
}
