//! Knows the foot of a document: who signed for whom, and who receives it, also when the two columns run into each other.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::header::one_line;
use super::line::{Lines, bare};
use super::proof::{self, Example, as_read};
use super::{Closing, Recipient, Signature};
use crate::error::Result;
use crate::rules::RuleBook;
use crate::rules::proof::Failure;
use crate::text::{Span, letters};

const FILE: &str = "parse/closing.yaml";

/// Lines of a foot.
const MOST_LINES: usize = 70;
/// Letters of a recipient.
const LONGEST: usize = 220;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    recipients: String,
    forms: Vec<String>,
    posts: Vec<String>,
    purpose: Vec<String>,
    kept: String,
    next: Vec<String>,
    examples: Vec<Example<Given>>,
    rejects: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    by: Option<String>,
    title: Option<String>,
    on_behalf_of: Option<String>,
    forms: Vec<String>,
    recipients: Vec<GivenRecipient>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenRecipient {
    name: String,
    #[serde(rename = "for")]
    purpose: Option<String>,
}

static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[.;:|\t]\s*|\s)((?:\p{Lu}\p{Ll}+\s+){1,4}\p{Lu}\p{Ll}+)\s*[|]?\s*$").expect("the pattern is fixed"));
static NEW_ITEM: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|[;:.)])\s*[-–—][ ]+").expect("the pattern is fixed"));
static BRACKET: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\(([^()]{1,40})\)\s*[;.,]?\s*$").expect("the pattern is fixed"));

/// Reads feet.
#[derive(Debug)]
pub(super) struct Feet {
    recipients: String,
    forms: Vec<String>,
    form: Regex,
    posts: Regex,
    purpose: Vec<String>,
    kept: String,
    next: Vec<String>,
}

/// A foot while it is read.
#[derive(Default)]
struct Reading {
    forms: Vec<String>,
    on_behalf_of: Option<String>,
    posts: Vec<String>,
    by: Option<String>,
    at: Option<Span>,
    items: Vec<(String, Span)>,
    listing: bool,
}

impl Feet {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        let pattern = |p: String| {
            Regex::new(&p).map_err(|e| crate::Error::new(crate::error::Kind::BadRule).at("rules/parse/closing.yaml").because(e))
        };
        let any = |list: &[String]| list.iter().map(|w| regex::escape(w).replace(' ', r"\s+")).collect::<Vec<_>>().join("|");
        Ok(Self {
            recipients: letters::fold(&rules.recipients),
            form: pattern(format!(
                r"\b(?:({})\s?\.|({})\.?)\s*((?:\p{{Lu}}[\p{{Lu}}\p{{M}}&]*\b[\s,–-]*)+)",
                any(&rules.forms),
                slashed(&rules.forms)
            ))?,
            forms: rules.forms.clone(),
            posts: pattern(format!(r"\b(?:{})\b", any(&rules.posts)))?,
            purpose: rules.purpose,
            kept: rules.kept,
            next: rules.next.iter().map(|n| letters::fold(n)).collect(),
        })
    }

    /// The feet from line `from` on, first to last; the first is the document's own.
    pub fn find(&self, lines: &Lines, from: usize) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut i = from;
        while i < lines.len() {
            if !self.begins(lines, i) {
                i += 1;
                continue;
            }
            let end = (i + 1..lines.len().min(i + MOST_LINES)).find(|&k| self.ends(lines, i, k)).unwrap_or(lines.len().min(i + MOST_LINES));
            out.push(i..end);
            i = end;
        }
        out
    }

    fn begins(&self, lines: &Lines, i: usize) -> bool {
        let folded = letters::fold(lines.bare(i).trim_start_matches(['-', ' ']));
        let receives = folded.starts_with(&self.recipients) || folded.split(['|', '\t']).any(|c| c.trim().starts_with(&self.recipients));
        let signs = self.form.find(lines.words(i)).is_some_and(|m| bare(&lines.words(i)[..m.start()]).is_empty() && m.as_str().len() > 8);
        // A decision is signed by a bare post after its last article: then "Nơi nhận" stands beside or below.
        receives || signs
    }

    fn ends(&self, lines: &Lines, from: usize, i: usize) -> bool {
        let words = lines.bare(i);
        let folded = letters::fold(words);
        let capital = words.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
        let next = self.next.iter().any(|n| folded.strip_prefix(n.as_str()).is_some_and(|r| !r.starts_with(|c: char| c.is_alphabetic())));
        let alone = words.chars().count() < 90 && !words.ends_with(';');
        let foreign = lines.get(i).is_some_and(|l| l.foreign);
        let note = words.starts_with('[') || folded.starts_with("ghi chu");
        foreign
            || note
            || (next && alone && (capital || words.starts_with('(')))
            || (i > from + 1 && super::mark::is_section(words) && !words.contains(';'))
    }

    /// Reads one foot.
    pub fn read(&self, lines: &Lines, foot: Range<usize>) -> Closing {
        let mut reading = Reading::default();
        for i in foot {
            let Some(line) = lines.get(i) else { break };
            for (column, (cell, start)) in cells(lines.words(i), line.at.start).into_iter().enumerate() {
                self.cell(&mut reading, cell, start, column);
            }
        }
        let recipients = reading.items.iter().filter_map(|(words, at)| self.recipient(words, *at)).collect();
        let any = reading.by.is_some() || !reading.posts.is_empty() || !reading.forms.is_empty();
        let at = reading.at.unwrap_or_default();
        let title = reading.posts.last().cloned();
        let signed = any.then_some(Signature { by: reading.by, title, on_behalf_of: reading.on_behalf_of, forms: reading.forms, at });
        Closing { signed, recipients }
    }

    fn cell(&self, reading: &mut Reading, cell: &str, start: usize, column: usize) {
        let mut words = cell.to_owned();
        let whole = Span::new(start, start + cell.len());
        while let Some(c) = self.form.captures(&words) {
            let form = c.get(1).or_else(|| c.get(2)).map_or("", |m| m.as_str()).replace('/', "");
            let (Some(mut all), mut named) = (c.get(0).map(|m| m.range()), one_line(&c[3])) else { break };
            // "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH": the next form is not a word of the body.
            if let Some((body, next)) =
                named.rsplit_once(' ').filter(|(_, next)| words[all.end..].starts_with('.') && self.forms.iter().any(|f| f == next))
            {
                all.end -= next.len();
                named = body.to_owned();
            }
            let named = named.trim_end_matches([',', '-', '–', ' ']).to_owned();
            self.signs_for(reading, &form, &named);
            reading.at = Some(reading.at.map_or(whole, |a| a.join(whole)));
            words.replace_range(all, "\u{1}");
        }
        while let Some(m) = self.posts.find(&words).map(|m| m.range()) {
            reading.posts.push(one_line(&words[m.clone()]));
            reading.at = Some(reading.at.map_or(whole, |a| a.join(whole)));
            words.replace_range(m, "\u{1}");
        }
        let signing = words.contains('\u{1}');
        let left = words.split('\u{1}').next().unwrap_or_default().to_owned();
        let right = words.rsplit('\u{1}').next().filter(|_| signing).unwrap_or_default().to_owned();
        self.name(reading, &right, whole);
        let words = if signing { &left } else { &words };
        if column > 0 && !words.trim_start().starts_with(['-', '–', '*']) && !letters::fold(words).contains(&self.recipients) {
            // The column on the right is the signature's.
            return self.name(reading, words, whole);
        }
        self.list(reading, words, start);
    }

    /// "KT. CHỦ TỊCH PHÓ CHỦ TỊCH": whom it is signed for, and the post of who signs.
    fn signs_for(&self, reading: &mut Reading, form: &str, named: &str) {
        reading.forms.push(form.to_owned());
        let posts: Vec<&str> = self.posts.find_iter(named).map(|m| m.as_str()).collect();
        match (form, posts.as_slice()) {
            ("TM", []) => reading.on_behalf_of = Some(named.to_owned()),
            ("TM", [..]) => {
                let body = self.posts.find(named).map_or(named, |m| &named[..m.start()]).trim();
                reading.on_behalf_of = (!body.is_empty()).then(|| body.to_owned());
                reading.posts.extend(posts.iter().map(|p| one_line(p)));
            }
            ("Q", _) => reading.posts.push(named.to_owned()),
            (_, [_, own @ ..]) => reading.posts.extend(own.iter().map(|p| one_line(p))),
            _ => {}
        }
    }

    fn name(&self, reading: &mut Reading, words: &str, at: Span) {
        let words = bare(words.trim());
        if let Some(c) = NAME.captures(words).filter(|_| !words.starts_with('-')) {
            reading.by = Some(one_line(&c[1]));
            reading.at = Some(reading.at.map_or(at, |a| a.join(at)));
        }
    }

    fn list(&self, reading: &mut Reading, words: &str, start: usize) {
        let mut rest = words;
        let lead = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '|')).len();
        rest = &rest[lead..];
        let mut at = start + lead;
        let folded = letters::fold(rest);
        if folded.starts_with(&self.recipients) {
            let skip = rest.char_indices().nth(self.recipients.chars().count()).map_or(rest.len(), |(i, _)| i);
            let more = rest[skip..].len() - rest[skip..].trim_start_matches([':', '*', ' ', '.', '-']).len();
            reading.listing = true;
            at += skip + more;
            rest = &rest[skip + more..];
            if rest.trim().is_empty() {
                return;
            }
            reading.items.push((String::new(), Span::new(at, at)));
        } else if rest.starts_with(['-', '–', '—', '+']) && reading.listing {
            let skip = rest.len() - rest.trim_start_matches(['-', '–', '—', '+', ' ', '*']).len();
            at += skip;
            rest = &rest[skip..];
            reading.items.push((String::new(), Span::new(at, at)));
        } else if !reading.listing || self.is_signature(reading, rest) {
            let inside = Span::new(at, at + rest.len());
            return self.name(reading, rest, inside);
        }
        let mut from = 0;
        let breaks: Vec<Range<usize>> = NEW_ITEM.find_iter(rest).map(|m| m.range()).filter(|r| r.start > 0).collect();
        for b in breaks {
            // The sign before the dash belongs to the item that ends.
            let keep = b.start
                + rest[b.clone()].chars().next().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—')).map_or(0, char::len_utf8);
            self.carry(reading, &rest[from..keep], at + from);
            reading.items.push((String::new(), Span::new(at + b.end, at + b.end)));
            from = b.end;
        }
        self.carry(reading, &rest[from..], at + from);
    }

    /// A line without a dash that is a person's name, after the list has come to its end.
    fn is_signature(&self, reading: &Reading, words: &str) -> bool {
        let closed = reading
            .items
            .last()
            .is_some_and(|(w, _)| w.trim_end().ends_with(['.', ';']) || letters::fold(w).starts_with(&letters::fold(&self.kept)));
        closed && NAME.captures(bare(words)).is_some_and(|c| c[1].len() == bare(words).trim_end_matches(['|', ' ']).len())
    }

    fn carry(&self, reading: &mut Reading, words: &str, at: usize) {
        let Some((item, span)) = reading.items.last_mut() else { return };
        if !item.is_empty() {
            item.push(' ');
        }
        item.push_str(words.trim());
        span.end = at + words.trim_end().len();
        let file = letters::fold(item).starts_with(&letters::fold(&self.kept));
        let by = file.then(|| NAME.captures(item).and_then(|c| c.get(1)).map(|m| m.range())).flatten();
        if let Some(range) = by.filter(|r| item[..r.start].trim_end().ends_with(['.', ';', ')'])) {
            reading.by = Some(one_line(&item[range.clone()]));
            item.truncate(range.start);
        }
    }

    fn recipient(&self, words: &str, at: Span) -> Option<Recipient> {
        // Behind the semicolon of an item only scraps of the other column are left.
        let mut depth = 0i32;
        let end = words.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            *c == ';' && depth <= 0
        });
        let words = words[..end.map_or(words.len(), |(i, _)| i)].trim();
        let purpose = BRACKET.captures(words).and_then(|c| c.get(1)).filter(|m| {
            let lower = m.as_str().to_lowercase();
            self.purpose.iter().any(|p| lower.contains(p.as_str())) || lower.contains("để")
        });
        let name = purpose.map_or(words, |m| words[..m.start()].trim_end_matches(['(', ' ']));
        let name = one_line(name).trim_matches(|c: char| matches!(c, '.' | ';' | ',' | '|' | '-' | '/') || c.is_whitespace()).to_owned();
        let good = name.chars().filter(|c| c.is_alphabetic()).count() > 1 && name.chars().count() <= LONGEST;
        good.then(|| Recipient { name, purpose: purpose.map(|m| one_line(m.as_str())), at })
    }
}

/// The forms as the Party writes them (`T/M`), one pattern.
fn slashed(forms: &[String]) -> String {
    let long = forms.iter().filter(|f| f.len() > 1);
    long.map(|f| f.chars().map(String::from).collect::<Vec<_>>().join("/")).collect::<Vec<_>>().join("|")
}

/// The cells of a line with the byte each begins at.
fn cells(words: &str, start: usize) -> Vec<(&str, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    for (i, _) in words.match_indices(['|', '\t']).chain(words.match_indices("    ")).chain([(words.len(), "")]) {
        if i >= at {
            let cell = &words[at..i];
            if cell.chars().any(char::is_alphanumeric) {
                out.push((cell, start + at));
            }
            at = (i + 1).min(words.len());
        }
    }
    out
}

/// Runs the examples and near misses of `parse/closing.yaml`.
pub(super) fn prove(book: &RuleBook) -> Result<Vec<Failure>> {
    let rules: Rules = book.load(FILE)?;
    let feet = Feet::new(book)?;
    Ok(proof::prove(book, FILE, &rules.examples, &rules.rejects, |text| feet.given(text)))
}

impl Feet {
    /// What an example comes to.
    fn given(&self, text: &str) -> Option<Given> {
        let repaired = as_read(text);
        let lines = Lines::new(&repaired);
        let foot = self.find(&lines, 0).into_iter().next()?;
        let closing = self.read(&lines, foot);
        let recipients = closing.recipients.into_iter().map(|r| GivenRecipient { name: r.name, purpose: r.purpose }).collect();
        let s = closing.signed?;
        Some(Given { by: s.by, title: s.title, on_behalf_of: s.on_behalf_of, forms: s.forms, recipients })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_keeps_its_examples() {
        assert_eq!(prove(&RuleBook::embedded()).expect("readable"), Vec::new());
    }

    #[test]
    fn two_columns_that_ran_together_are_parted() {
        let text = "Nơi nhận: TM. ỦY BAN NHÂN DÂN\n- UBND huyện (để B/c); KT. CHỦ TỊCH\n\n- Các thôn; g T\n\n- Trạm Y tế (để P/h); s PHÓ CHỦ TỊCH\n\n- Các đoàn thể của xã,\nchi hội (để T/h);\n- Lưu: VT. Trần Văn Bình\n";
        let feet = Feet::new(&RuleBook::embedded()).expect("rules");
        let given = feet.given(text).expect("a foot");
        assert_eq!((given.by.as_deref(), given.title.as_deref()), (Some("Trần Văn Bình"), Some("PHÓ CHỦ TỊCH")));
        assert_eq!(given.on_behalf_of.as_deref(), Some("ỦY BAN NHÂN DÂN"));
        let names: Vec<&str> = given.recipients.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(names, ["UBND huyện", "Các thôn", "Trạm Y tế", "Các đoàn thể của xã, chi hội", "Lưu: VT"]);
    }
}
