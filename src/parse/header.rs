//! Knows the head of a document: who issues it, its number, place and day, its kind and what it is about.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;

use super::cell::cells;
use super::line::Lines;
use super::proof::{self, Example, as_read};
use super::{Header, Part};
use crate::error::Result;
use crate::lexicon::Bodies;
use crate::rules::RuleBook;
use crate::rules::proof::Failure;
use crate::text::{Span, letters};

const FILE: &str = "parse/header.yaml";

/// Lines among which the kind must stand.
const HEAD_LINES: usize = 60;
/// Lines of a title.
const TITLE_LINES: usize = 7;
/// A paragraph of a text whose lines are not broken is no second line of a title.
const TITLE_LETTERS: usize = 220;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    kinds: BTreeMap<String, String>,
    letter: String,
    signs: BTreeMap<String, String>,
    motto: Vec<String>,
    about: Vec<String>,
    text_begins: Vec<String>,
    text_holds: Vec<String>,
    attached: Vec<String>,
    issues: Vec<String>,
    examples: Vec<Example<BTreeMap<String, String>>>,
    rejects: Vec<String>,
}

/// Number and sign: digits, perhaps a year, then the sign in capitals; blanks and doubled dashes are borne.
pub(super) static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"\b(\d{1,6}[a-zđ]?(?:[ ]?/[ ]?\d{4})?)((?:[ ]?[-–/][ ]?)+\p{Lu}[\p{L}\d&]*(?:[ ]?[-–/&.][ ]?\p{Lu}[\p{L}\d]*)*)";
    Regex::new(pattern).expect("the pattern is fixed")
});
/// "Số: … /KH-UBND", the number perhaps still blank.
static OWN_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i:s[ốôóoò])\s*[:.;]?\s*([\d ]{0,8}[a-zđ]?(?:\s?/\s?\d{4})?)[.…_ ]*((?:\s?[-–/]\s?)+\p{Lu}[\p{L}\d&]*(?:\s?[-–/&]\s?\p{L}[\p{L}\d]*)*)")
        .expect("the pattern is fixed")
});
static PLACE_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"((?:[Tt][Pp]\.?\s?|[Tt]hành\s[Pp]hố\s|[Tt]hị\s[Xx]ã\s)?(?:\p{Lu}[\p{L}'’]*[\s-]{1,2}){0,6}\p{Lu}[\p{L}'’]*)\s*,?\s*(?:(?:hồi|lúc)\s*\d{1,2}\s*(?:giờ|h)\s*(?:\d{1,2}\s*(?:phút)?)?,?\s*)?[Nn]g[àa]y\s*([\d.…]*)\s*th[áa]ng\s*([\d.…]*)\s*n[ăai]m\s*(\d{4}|[.…]*)",
    )
    .expect("the pattern is fixed")
});
static DAY_ONLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[Nn]g[àa]y\s*(\d{1,2})\s*th[áa]ng\s*(\d{1,2})\s*n[ăai]m\s*(\d{4})").expect("the pattern is fixed"));

/// The name of the place in `words`: what stands in capitals before a name in small letters is the motto or the body beside it.
fn place(words: &str) -> String {
    let shouted = |w: &str| w.chars().count() > 1 && w != "TP" && w.chars().all(|c| !c.is_lowercase() && c != '.');
    let from = words.split(' ').take_while(|w| shouted(w)).map(|w| w.len() + 1).sum::<usize>();
    words.get(from..).filter(|rest| !rest.is_empty()).unwrap_or(words).to_owned()
}

/// Lines below "Kính gửi".
const MOST_ADDRESSED: usize = 40;
/// Letters of a body that stands alone on its line.
const FEW_LETTERS: usize = 120;
/// Letters of a damaged "Số:".
const SHORT: usize = 6;
/// Reads heads.
#[derive(Debug)]
pub(super) struct Heads {
    kinds: Vec<(String, String)>,
    letter: String,
    signs: BTreeMap<String, String>,
    motto: Regex,
    about: Vec<String>,
    begins: Vec<String>,
    holds: Vec<String>,
    attached: Vec<String>,
    issues: Regex,
}

impl Heads {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        let words = |list: &[String]| list.iter().map(|w| regex::escape(w).replace(' ', r"\s*")).collect::<Vec<_>>().join("|");
        let pattern =
            |p: String| Regex::new(&p).map_err(|e| crate::Error::new(crate::error::Kind::BadRule).at("rules/parse/header.yaml").because(e));
        Ok(Self {
            kinds: rules.kinds.into_iter().collect(),
            letter: rules.letter,
            signs: rules.signs,
            motto: pattern(format!("(?:{})", words(&rules.motto)))?,
            about: rules.about,
            begins: rules.text_begins,
            holds: rules.text_holds,
            attached: rules.attached,
            // A scan may have spoiled the one letter with two marks.
            issues: pattern(format!(
                r"(?:{})\s+(?:[Kk]\S{{1,2}} hoạch|[Qq]uyết định|[Cc]hương trình|[Pp]hương án|[Cc]hỉ thị)",
                words(&rules.issues)
            ))?,
        })
    }

    /// The head, and the index of the first line after it.
    pub fn read(&self, lines: &Lines, bodies: &Bodies) -> (Header, usize) {
        let kind_line = (0..lines.len().min(HEAD_LINES)).find_map(|i| self.kind_of(lines, i).map(|k| (i, k)));
        let Some((at, (kind, rest))) = kind_line else {
            let (mut header, next) = self.read_letter(lines, bodies);
            header.kind = header.kind.take().or_else(|| header.number.as_ref().and_then(|n| self.kind_by_sign(n)));
            return (header, next);
        };
        let mut header = self.top(lines, at, bodies);
        header.kind = Some(Part { what: kind, at: lines.span(at, at + 1) });
        let (title, next) = self.title(lines, at, rest, &header);
        header.title = title;
        self.complete_issuer(&mut header, lines, next, bodies);
        (header, next)
    }

    /// The kind that a sign tells: `77/KH-UBND` is a plan.
    fn kind_by_sign(&self, number: &Part<String>) -> Option<Part<String>> {
        let sign = number.what.split(['/', '-']).find(|s| s.chars().all(char::is_alphabetic))?;
        self.signs.get(sign).map(|kind| Part { what: kind.clone(), at: number.at })
    }

    /// True for the kind of an official letter.
    pub fn is_letter(&self, kind: &str) -> bool {
        kind == self.letter
    }

    /// The lines of a second head behind a foot: the plan that a decision brings.
    pub fn second(&self, lines: &Lines, from: usize) -> Option<std::ops::Range<usize>> {
        let at = (from..lines.len().min(from + 4)).find(|&i| self.kind_of(lines, i).is_some())?;
        let (_, next) = self.title(lines, at, String::new(), &Header::default());
        Some(from..next)
    }

    /// An official letter: no kind above the title, but "Kính gửi" below the head.
    fn read_letter(&self, lines: &Lines, bodies: &Bodies) -> (Header, usize) {
        let greeting = (0..lines.len().min(HEAD_LINES)).find(|&i| lines.folded(i).starts_with("kinh gui"));
        let Some(at) = greeting else {
            // Neither kind nor greeting: a number or a day in the first lines may still say what it is.
            let numbered =
                (0..lines.len().min(12)).rev().find(|&i| PLACE_DAY.is_match(lines.words(i)) && OWN_NUMBER.is_match(lines.words(i)));
            let end = numbered.map_or(0, |i| i + 1);
            return (self.top(lines, end, bodies), end);
        };
        let mut header = self.top(lines, at, bodies);
        header.kind = Some(Part { what: self.letter.clone(), at: lines.span(at, at + 1) });
        header.title = (0..at).find_map(|i| {
            let words = lines.words(i);
            let lower = words.to_lowercase();
            let about = self.about.iter().find_map(|a| letters::fold(&lower).find(a.as_str()).map(|k| (k, a)))?;
            let chars = letters::fold(&lower)[..about.0].chars().count();
            let start = words.char_indices().nth(chars).map_or(0, |(b, _)| b);
            let cell = words[start..].split(['\t', '|']).next().unwrap_or_default().trim();
            let from = lines.get(i)?.at.start + start;
            Some(Part { what: one_line(cell), at: Span::new(from, from + cell.len()) })
        });
        (header, self.addressed(lines, at))
    }

    /// The first line behind "Kính gửi" and those it names.
    fn addressed(&self, lines: &Lines, greeting: usize) -> usize {
        let mut i = greeting;
        let mut ends = lines.words(i).trim_end().ends_with('.');
        while !ends && i + 1 < lines.len() && i - greeting < MOST_ADDRESSED {
            let (above, line) = (lines.words(i).trim_end(), lines.bare(i + 1));
            let dash = line.starts_with(['-', '–', '+']);
            let small = line.starts_with(char::is_lowercase);
            // A line without a dash goes on with the one above, or is itself a body of the list.
            let listed =
                above.ends_with([';', ',']) || above.ends_with(':') && line.chars().count() < FEW_LETTERS && !self.is_text(line, 0);
            if !(dash || small || listed) {
                break;
            }
            i += 1;
            ends = line.ends_with('.') && !dash;
        }
        i + 1
    }

    /// The kind that line `i` names, and the rest of the line when the title runs on behind it.
    fn kind_of(&self, lines: &Lines, i: usize) -> Option<(String, String)> {
        let words = lines.bare(i).trim_end_matches([':', '.']).trim();
        if words.chars().any(|c| c == '|' || c == '\t') || !words.chars().take(3).all(|c| !c.is_lowercase()) {
            return None;
        }
        let folded = letters::fold(words);
        self.kinds.iter().find_map(|(id, says)| {
            let rest = folded.strip_prefix(says.as_str())?;
            let split = words.char_indices().nth(says.chars().count()).map_or(words.len(), |(b, _)| b);
            let capital = words[..split].chars().all(|c| !c.is_lowercase());
            let alone = rest.trim().is_empty();
            let runs_on = rest.starts_with(' ') && i >= 2 && rest.len() > 12 && words[split..].chars().any(char::is_lowercase);
            (capital && (alone || runs_on)).then(|| (id.clone(), words[split..].trim().to_owned()))
        })
    }

    /// What stands above the kind.
    fn top(&self, lines: &Lines, end: usize, bodies: &Bodies) -> Header {
        let mut header = Header::default();
        let mut left = Vec::new();
        // What stands below number, day and motto is no longer the head.
        let mut official = 0;
        for cell in cells(lines, end) {
            let mut text = self.without_motto(&cell.text);
            if let Some(c) = OWN_NUMBER.captures(&text) {
                let digits: String = c[1].chars().filter(|c| !c.is_whitespace()).collect();
                if !digits.is_empty() {
                    header.number.get_or_insert(Part { what: normal_number(&format!("{digits}{}", &c[2])), at: cell.at });
                }
                let whole = c.get(0).map_or(0..0, |m| m.range());
                text.replace_range(whole, " ");
            }
            if let Some(m) = NUMBER.find(&text).filter(|_| header.number.is_none()).map(|m| m.range()) {
                // "Số:" itself may be damaged; in the head no other number has a sign.
                header.number = Some(Part { what: normal_number(&text[m.clone()]), at: cell.at });
                let lead = if text[..m.start].chars().count() <= SHORT { 0 } else { m.start };
                text.replace_range(lead..m.end, " ");
            }
            if let Some(c) = PLACE_DAY.captures(&text) {
                header.place.get_or_insert(Part { what: place(&one_line(&c[1])), at: cell.at });
                let date = civil(&c[2], &c[3], &c[4]);
                header.issued = header.issued.or(date.map(|what| Part { what, at: cell.at }));
                let whole = c.get(0).map_or(0..0, |m| m.range());
                text.replace_range(whole, " ");
            } else if let Some(c) = DAY_ONLY.captures(&text) {
                header.issued = header.issued.or(civil(&c[1], &c[2], &c[3]).map(|what| Part { what, at: cell.at }));
                let whole = c.get(0).map_or(0..0, |m| m.range());
                text.replace_range(whole, " ");
            }
            if text != cell.text {
                official = cell.at.end.max(official);
            }
            let about = letters::fold(&text);
            let text = self.about.iter().find_map(|a| about.find(a.as_str())).map_or(text.as_str(), |k| {
                let chars = about[..k].chars().count();
                &text[..text.char_indices().nth(chars).map_or(text.len(), |(b, _)| b)]
            });
            left.extend(text.split('\n').map(|line| (capitals(line), cell.at)));
        }
        left.retain(|(t, at): &(String, Span)| !t.is_empty() && (official == 0 || at.start < official));
        if let (Some(first), Some(last)) = (left.first(), left.last()) {
            let at = first.1.join(last.1);
            let joined = left.iter().map(|(t, _)| t.as_str()).collect::<Vec<_>>().join("\n");
            self.issuer(&mut header, &joined, at, lines.text(), bodies);
        }
        header
    }

    fn without_motto(&self, text: &str) -> String {
        let folded = letters::fold(text);
        let mut out: Vec<char> = text.chars().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
        for m in self.motto.find_iter(&folded) {
            let start = folded[..m.start()].chars().count();
            let end = start + m.as_str().chars().count();
            out.iter_mut().take(end).skip(start).for_each(|c| *c = ' ');
        }
        out.into_iter().collect()
    }

    fn issuer(&self, header: &mut Header, capitals: &str, at: Span, text: &str, bodies: &Bodies) {
        let named = bodies.split_heads(capitals);
        let flat = |r: &std::ops::Range<usize>| one_line(capitals[r.clone()].trim_matches(|c: char| !c.is_alphanumeric()));
        let mut names: Vec<String> = named.iter().map(flat).collect();
        let Some(last) = names.pop() else { return };
        let part = bodies.is_part(&last);
        let name = |n: &str| as_written(text, n).unwrap_or_else(|| bodies.in_sentence(n));
        let issuer = match names.pop() {
            Some(whole) if part => format!("{} {}", name(&last), name(&whole)),
            Some(parent) => {
                header.issuer_parent = Some(Part { what: name(&parent), at });
                name(&last)
            }
            None => name(&last),
        };
        header.issuer = Some(Part { what: issuer, at });
    }

    fn title(&self, lines: &Lines, kind: usize, rest: String, header: &Header) -> (Option<Part<String>>, usize) {
        let mut words: Vec<String> = if rest.is_empty() { Vec::new() } else { vec![rest] };
        let mut end = kind + 1;
        let from = if words.is_empty() { kind + 1 } else { kind };
        while end < lines.len() && end - kind <= TITLE_LINES {
            let line = lines.bare(end);
            let Some(at) = lines.get(end) else { break };
            if self.is_attached(line) {
                // A bracket may run over lines.
                while end + 1 < lines.len() && !lines.words(end).contains(')') {
                    end += 1;
                }
                end += 1;
                continue;
            }
            let first = words.is_empty();
            let issuer = header.issuer.as_ref().is_some_and(|i| letters::fold(&i.what) == letters::fold(line));
            // Behind a title in capitals a document that is cited begins the text.
            let cites =
                line.chars().any(char::is_lowercase) && NUMBER.is_match(line) && words.iter().all(|w| !w.chars().any(char::is_lowercase));
            let text = at.apart || cites || self.is_text(line, at.letters);
            if at.row || issuer || super::outline::opens(line) || (!first && text) {
                break;
            }
            words.push(line.to_owned());
            end += 1;
        }
        let title = one_line(&words.join(" "));
        let part = (!title.is_empty()).then(|| Part { what: title, at: lines.span(from, end) });
        (part, end)
    }

    fn is_attached(&self, line: &str) -> bool {
        let lower = line.trim_start_matches(['(', '*', ' ']).to_lowercase();
        line.starts_with(['(', '*']) && self.attached.iter().any(|a| lower.starts_with(a.as_str()))
    }

    fn is_text(&self, line: &str, letters: usize) -> bool {
        let lower = line.to_lowercase();
        let capital = line.chars().next().is_some_and(char::is_uppercase) && line.chars().any(char::is_lowercase);
        let begins =
            capital && self.begins.iter().any(|b| lower.strip_prefix(b.as_str()).is_some_and(|r| r.starts_with([' ', ',', '?', '.', ';'])));
        begins || letters > TITLE_LETTERS || self.holds.iter().any(|h| lower.contains(h.as_str()))
    }

    /// Where the head names nobody, the first sentence does: "UBND phường xây dựng Kế hoạch"; the place of issue says which.
    fn complete_issuer(&self, header: &mut Header, lines: &Lines, from: usize, bodies: &Bodies) {
        if header.issuer.is_some() {
            return;
        }
        let near = lines.span(from, (from + 25).min(lines.len()));
        let text = &lines.text()[near.range()];
        let flat = text.replace(['\n', '\u{c}'], " ");
        let Some(verb) = self.issues.find(&flat) else { return };
        let before = &flat[..verb.start()];
        let starts =
            before.char_indices().filter(|(i, c)| c.is_uppercase() && (*i == 0 || before[..*i].ends_with([' ', ';', ',']))).map(|(i, _)| i);
        let found = starts
            .rev()
            .take(12)
            .filter_map(|i| bodies.list(&flat, i).filter(|l| l.end.abs_diff(verb.start()) <= 1).map(|l| (i, l)))
            .last();
        let Some((start, list)) = found else { return };
        let name = list.names.last().map_or(start..verb.start(), |n| n.at.clone());
        let mut what = one_line(&flat[name.clone()]);
        if let Some(place) = header.place.as_ref().filter(|p| bodies.home(&what).len() == 1 && !what.contains(p.what.as_str())) {
            what = format!("{what} {}", place.what);
        }
        header.issuer = Some(Part { what, at: Span::new(near.start + name.start, near.start + name.end) });
    }
}

/// Only the words in capitals, with the signs between them.
fn capitals(text: &str) -> String {
    let words = text.split_whitespace().filter(|w| {
        let letters = w.chars().filter(|c| c.is_alphabetic()).count();
        letters > 0 && !w.chars().any(|c| c.is_lowercase() || c.is_ascii_digit())
    });
    words.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != ',')).collect::<Vec<_>>().join(" ")
}

/// The way the text itself writes `capitals` in a sentence, where it does.
fn as_written(text: &str, capitals: &str) -> Option<String> {
    let words: Vec<String> = capitals.split_whitespace().map(regex::escape).collect();
    let pattern = Regex::new(&format!(r"(?i){}\b", words.join(r"\s+"))).ok()?;
    let written = pattern.find_iter(text).map(|m| m.as_str()).find(|w| {
        let lower = w.chars().filter(|c| c.is_lowercase()).count();
        lower * 2 > w.chars().count()
    });
    written.map(one_line)
}

/// Number and sign in normal form: no blanks, one dash.
pub(super) fn normal_number(read: &str) -> String {
    let mut out = String::new();
    for c in read.chars().filter(|c| !c.is_whitespace()) {
        let c = if c == '–' { '-' } else { c };
        if matches!(c, '-' | '/') && out.ends_with(['-', '/']) {
            continue;
        }
        out.push(c);
    }
    out
}

/// A date of words as they were read.
pub(super) fn civil(day: &str, month: &str, year: &str) -> Option<Date> {
    // A wall before the day reads like a 1, and no day has three digits.
    let day = day.trim().strip_prefix('1').filter(|d| d.len() == 2).unwrap_or(day);
    Date::new(year.trim().parse().ok()?, month.trim().parse().ok()?, day.trim().parse().ok()?).ok()
}

/// Words on one line, without marks of emphasis.
pub(super) fn one_line(text: &str) -> String {
    text.replace('*', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs the examples and near misses of `parse/header.yaml`.
pub(super) fn prove(book: &RuleBook) -> Result<Vec<Failure>> {
    let rules: Rules = book.load(FILE)?;
    let (heads, bodies) = (Heads::new(book)?, Bodies::new(book)?);
    let found = |text: &str| {
        let header = heads.read(&Lines::new(&as_read(text)), &bodies).0;
        (header.kind.is_some() || header.number.is_some()).then(|| gives(&header))
    };
    Ok(proof::prove(book, FILE, &rules.examples, &rules.rejects, found))
}

fn gives(header: &Header) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut put = |key: &str, part: Option<String>| part.map(|p| out.insert(key.to_owned(), p));
    let text = |p: &Option<Part<String>>| p.as_ref().map(|p| p.what.clone());
    put("kind", text(&header.kind));
    put("number", text(&header.number));
    put("issued", header.issued.as_ref().map(|d| d.what.to_string()));
    put("place", text(&header.place));
    put("issuer", text(&header.issuer));
    put("parent", text(&header.issuer_parent));
    put("title", text(&header.title));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_keeps_its_examples() {
        let failures = prove(&RuleBook::embedded()).expect("readable");
        assert_eq!(failures, Vec::new());
    }

    #[test]
    fn the_first_sentence_names_the_issuer_where_the_head_does_not() {
        let text = "Số: 9 /KH-UBND Bình Lộc, ngày 3 tháng 4 năm 2024\nKẾ HOẠCH\n\nDân vận khéo năm 2024\n\nThực hiện Chỉ thị số 1-CT/TU; UBND xã xây dựng Kế hoạch như sau:\n";
        let book = RuleBook::embedded();
        let (heads, bodies) = (Heads::new(&book).expect("rules"), Bodies::new(&book).expect("rules"));
        let header = heads.read(&Lines::new(&as_read(text)), &bodies).0;
        assert_eq!(header.issuer.map(|i| i.what).as_deref(), Some("UBND xã Bình Lộc"));
        assert_eq!(header.title.map(|i| i.what).as_deref(), Some("Dân vận khéo năm 2024"));
    }
}
