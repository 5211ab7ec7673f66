//! Patterns in plain Vietnamese with `{holes}`: how they are compiled, and found in a text.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

pub use super::spelling::{FIRST_TOKEN, LAST_TOKEN, Spelled, is_word, reads_as};
use super::spelling::{letter, loose};

/// What stands in a hole: the bytes it matches, as a regular expression over a spelling, and the words among them.
#[derive(Clone, Debug, Default)]
pub struct Hole {
    /// A regular expression over a spelling.
    pub regex: String,
    /// The words it may hold, spelled, to tell a lost mark from another word.
    pub words: Vec<Vec<u8>>,
    /// Where it holds one byte of a few: those; a text without any of them needs no search.
    pub one_of: Vec<u8>,
}

impl Hole {
    /// A hole for any of the `phrases`, written as patterns without holes.
    ///
    /// # Errors
    /// When a phrase is no pattern.
    pub fn any_of<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut phrases: Vec<&str> = phrases.into_iter().collect();
        // The longest first, so that `ngày làm việc` is not read as `ngày`.
        phrases.sort_by_key(|p| std::cmp::Reverse(p.chars().count()));
        let mut hole = Self::default();
        for phrase in phrases {
            let compiled = compile(phrase, &|_| None)?;
            hole.regex.push_str(if hole.regex.is_empty() { "" } else { "|" });
            hole.regex.push_str(&compiled.regex);
            hole.words.extend(compiled.words);
        }
        Ok(hole)
    }
}

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    regex: Regex,
    holes: Vec<String>,
    words: Vec<Vec<u8>>,
    /// Of each of these sets a text must hold a byte, or the pattern can't fit.
    needs: Vec<Vec<u8>>,
    has_says: bool,
}

/// One place where a pattern fits; all ranges are of the spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Everything that matched.
    pub range: Range<usize>,
    /// The part between `[[` and `]]`; everything where the pattern has no such marks.
    pub says: Range<usize>,
    /// The holes that are filled, in the order of the pattern.
    pub holes: Vec<(String, Range<usize>)>,
    /// True when a letter matched without its marks.
    pub stripped: bool,
}

impl Match {
    /// What stands in the hole `name`.
    pub fn hole(&self, name: &str) -> Option<Range<usize>> {
        self.holes.iter().find(|(n, _)| n == name).map(|(_, r)| r.clone())
    }
}

impl Pattern {
    /// Compiles `says`; `hole` knows the holes by name (a number at the end of a name is left out: `{date2}` is another `{date}`).
    ///
    /// Besides letters a pattern has: a blank (any blank or line end), `( | )` and `?` as in regular expressions, `\(` for a bracket in
    /// the text, `^` and `$` for the ends of the text, `…` for up to six words, and `[[ ]]` around the part that counts as said.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn new(says: &str, hole: &dyn Fn(&str) -> Option<Hole>) -> Result<Self, String> {
        let Compiled { regex: source, holes, words, needs } = compile(says, hole)?;
        let regex = RegexBuilder::new(&source)
            .unicode(false)
            .build()
            .map_err(|e| format!("`{says}` is no pattern: {}", e.to_string().lines().last().unwrap_or_default()))?;
        if regex.is_match(b"") {
            return Err(format!("`{says}` would match anywhere"));
        }
        Ok(Self { regex, holes, words, needs, has_says: says.contains("[[") })
    }

    /// The names of the holes, in order.
    pub fn holes(&self) -> &[String] {
        &self.holes
    }

    /// Every place where the pattern fits, whole words only, from left to right and not overlapping.
    pub fn find_all(&self, text: &Spelled) -> Vec<Match> {
        let bytes = text.bytes();
        let (mut out, mut at) = (Vec::new(), 0);
        if !self.needs.iter().all(|set| set.iter().any(|b| text.has(*b))) {
            return out;
        }
        while let Some(found) = self.regex.find_at(bytes, at) {
            if found.is_empty() || !whole_words(bytes, found.range()) {
                at = found.start() + 1;
                continue;
            }
            at = found.end();
            // What follows a stroke at once is the end of a code, and no word that lost its marks: `08-CT/TU ngày`.
            let after_stroke = found.start() > 0 && matches!(bytes[found.start() - 1], b'/' | b'-');
            out.extend(self.read(bytes, found.start()).filter(|m| !(after_stroke && m.stripped)));
        }
        out
    }

    fn read(&self, bytes: &[u8], start: usize) -> Option<Match> {
        let caught = self.regex.captures_at(bytes, start)?;
        let range = caught.get(0)?.range();
        let says = caught.name("says").filter(|_| self.has_says).map_or_else(|| range.clone(), |m| m.range());
        let holes: Vec<_> =
            self.holes.iter().enumerate().filter_map(|(i, n)| Some((n.clone(), caught.name(&format!("h{i}"))?.range()))).collect();
        let stripped = self.is_stripped(&bytes[range.clone()]);
        Some(Match { range, says, holes, stripped })
    }

    /// A word of the match that is no word of the pattern, but one of them with marks lost.
    fn is_stripped(&self, bytes: &[u8]) -> bool {
        bytes
            .split(|b| !is_word(*b))
            .filter(|w| !w.is_empty())
            .any(|word| !self.words.iter().any(|w| w == word) && self.words.iter().any(|w| reads_as(word, w)))
    }
}

fn whole_words(bytes: &[u8], range: Range<usize>) -> bool {
    let joined = |left: usize, right: usize| is_word(bytes[left]) && is_word(bytes[right]);
    !(range.start > 0 && joined(range.start - 1, range.start) || range.end < bytes.len() && joined(range.end - 1, range.end))
}

/// A pattern taken apart.
#[derive(Default)]
struct Compiled {
    regex: String,
    holes: Vec<String>,
    words: Vec<Vec<u8>>,
    needs: Vec<Vec<u8>>,
}

fn compile(says: &str, hole: &dyn Fn(&str) -> Option<Hole>) -> Result<Compiled, String> {
    let Compiled { regex: mut out, mut holes, mut words, mut needs } = Compiled::default();
    // How deep in round brackets; a pattern with a choice at depth 0 needs nothing for certain.
    let (mut depth, mut has_choice) = (0_usize, false);
    let mut word: Vec<u8> = Vec::new();
    let text: String = says.nfc().collect();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if !(c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        match c {
            '(' => {
                depth += 1;
                out.push_str("(?:");
            }
            ')' | '|' | '?' | '^' | '$' => {
                depth -= usize::from(c == ')' && depth > 0);
                has_choice |= c == '|' && depth == 0;
                out.push(c);
            }
            ' ' => out.push(' '),
            '…' => out.push_str("[^ ,;.:()|]+(?: [^ ,;.:()|]+){0,5}?"),
            '[' if rest.starts_with('[') => {
                rest = &rest[1..];
                out.push_str("(?P<says>");
            }
            ']' if rest.starts_with(']') => {
                rest = &rest[1..];
                out.push(')');
            }
            '{' => {
                let (name, after) = rest.split_once('}').ok_or_else(|| format!("`{says}`: a hole is not closed"))?;
                rest = after;
                if name.contains(['{', ' ']) {
                    return Err(format!("`{says}`: a hole is not closed"));
                }
                let filled = hole(name.trim_end_matches(|c: char| c.is_ascii_digit())).ok_or_else(|| format!("unknown hole `{name}`"))?;
                out.push_str(&format!("(?P<h{}>{})", holes.len(), filled.regex));
                if depth == 0 && !filled.one_of.is_empty() && !rest.starts_with('?') {
                    needs.push(filled.one_of);
                }
                words.extend(filled.words);
                holes.push(name.to_owned());
            }
            '\\' => {
                let next = rest.chars().next().filter(|n| matches!(n, '(' | ')' | '?' | '|' | '^' | '$' | '{' | '}' | '[' | ']' | '\\'));
                let next = next.ok_or_else(|| format!("`{says}`: `\\` stands before a bracket or a sign only"))?;
                rest = &rest[1..];
                out.push_str(&format!("(?: ?\\x{:02x} ?)", letter(next)));
            }
            '/' | '-' => out.push_str(&format!("(?: ?{c} ?)")),
            ',' | ';' | ':' => out.push_str(&format!("(?: ?{c})")),
            '+' | '*' | '[' | ']' | '}' => return Err(format!("`{says}`: `{c}` has no meaning in a pattern")),
            _ => {
                word.extend(c.is_alphanumeric().then(|| letter(c)));
                push_letter(&mut out, letter(c));
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    if depth > 0 {
        return Err(format!("`{says}`: a bracket is not closed"));
    }
    if has_choice {
        needs.clear();
    }
    Ok(Compiled { regex: out, holes, words, needs })
}

fn push_letter(out: &mut String, byte: u8) {
    let all = loose(byte);
    if let ([one], true) = (all.as_slice(), byte.is_ascii_alphanumeric()) {
        out.push(char::from(*one));
        return;
    }
    out.push('[');
    for b in all {
        out.push_str(&format!("\\x{b:02x}"));
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(says: &str, text: &str) -> Option<(String, bool)> {
        let digits = |name: &str| (name == "n").then(|| Hole { regex: "[0-9]+".into(), ..Hole::default() });
        let pattern = Pattern::new(says, &digits).expect(says);
        let spelled = Spelled::new(text);
        pattern.find_all(&spelled).first().map(|m| (text[spelled.origin(m.says.clone())].to_owned(), m.stripped))
    }

    #[test]
    fn a_pattern_is_plain_vietnamese() {
        assert_eq!(found("trước ngày", "Xong TRƯỚC\n  NGÀY mai"), Some(("TRƯỚC\n  NGÀY".into(), false)));
        assert_eq!(found("trước ngày", "xong truoc ngày mai"), Some(("truoc ngày".into(), true)));
        assert_eq!(found("trước ngày", "xong trườc ngày mai"), None, "a wrong mark is another letter");
        assert_eq!(found("(hàng|hằng) tuần", "hằng tuần"), Some(("hằng tuần".into(), false)));
        assert_eq!(found("ngày {n}", "ngày15 hàng tháng"), Some(("ngày15".into(), false)), "a lost blank");
        assert_eq!(found("gửi [[ngày {n}]]", "gửi ngày 5,"), Some(("ngày 5".into(), false)));
        assert_eq!(found("năm", "nămm"), None, "whole words only");
        assert_eq!(found("lần/tuần", "01 lần / tuần"), Some(("lần / tuần".into(), false)));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for says in ["{nothing}", "(trước", "a{b", "", "(a)?", "a*"] {
            assert!(Pattern::new(says, &|_| None).is_err(), "{says}");
        }
    }
}
