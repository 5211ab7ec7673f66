//! Patterns in plain Vietnamese with `{holes}`: how they are spelled, compiled and found in a text.
//!
//! Text and patterns are both spelled one byte a letter ([`Spelled`]), in lower case, blanks and line ends run together; so a pattern
//! is a small automaton over bytes, and a letter with marks can also match without them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

/// First byte of the marked letters: twelve vowels by six tones, then đ.
const MARKED: u8 = 0x80;
const VOWELS: [char; 12] = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
const TONES: u8 = 6;
const D_STROKE: u8 = MARKED + 12 * TONES;
/// First byte that stands for a whole phrase put in by [`Spelled::put`].
pub const FIRST_TOKEN: u8 = 0xd0;
/// The last such byte.
pub const LAST_TOKEN: u8 = 0xef;
const AT_LEAST: u8 = 0xf0;
const AT_MOST: u8 = 0xf1;
const OTHER_LETTER: u8 = 0xfe;
const OTHER: u8 = 0xff;

/// The marked letters below U+0250 and from U+1EA0 on: every letter of Vietnamese lies in one of the two.
static LETTERS: LazyLock<([u8; 0x250], [u8; 0x60])> = LazyLock::new(|| {
    let (mut low, mut high) = ([0; 0x250], [0; 0x60]);
    for (i, byte) in low.iter_mut().enumerate() {
        *byte = char::from_u32(i as u32).map_or(0, marked_byte);
    }
    for (i, byte) in high.iter_mut().enumerate() {
        *byte = char::from_u32(0x1ea0 + i as u32).map_or(0, marked_byte);
    }
    (low, high)
});

fn marked_byte(c: char) -> u8 {
    if matches!(c, 'đ' | 'Đ') {
        return D_STROKE;
    }
    let (mut base, mut tone) = (String::new(), 0);
    for part in c.to_lowercase().nfd() {
        match part {
            '\u{300}' => tone = 1,
            '\u{301}' => tone = 2,
            '\u{309}' => tone = 3,
            '\u{303}' => tone = 4,
            '\u{323}' => tone = 5,
            other => base.push(other),
        }
    }
    let whole: String = base.nfc().collect();
    let vowel = VOWELS.iter().position(|v| whole.chars().eq([*v]));
    vowel.map_or(0, |v| MARKED + v as u8 * TONES + tone)
}

fn letter(c: char) -> u8 {
    if c.is_ascii() {
        return c.to_ascii_lowercase() as u8;
    }
    let at = c as usize;
    let marked = match at {
        0..0x250 => LETTERS.0[at],
        0x1ea0..0x1f00 => LETTERS.1[at - 0x1ea0],
        _ => 0,
    };
    match c {
        _ if marked != 0 => marked,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => b' ',
        '–' | '—' | '−' | '‐' | '‑' | '‒' => b'-',
        '“' | '”' | '„' | '«' | '»' => b'"',
        '’' | '‘' | '′' => b'\'',
        '…' => b'.',
        '≥' => AT_LEAST,
        '≤' => AT_MOST,
        _ if c.is_alphabetic() => OTHER_LETTER,
        _ => OTHER,
    }
}

/// True for letters that say nothing: markdown stars, soft hyphens, blanks of no width.
fn is_silent(c: char) -> bool {
    matches!(c, '*' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// A text, or a part of one, spelled one byte a letter, with the way back.
#[derive(Clone, Debug, Default)]
pub struct Spelled {
    bytes: Vec<u8>,
    /// Where each byte comes from in the text.
    from: Vec<(u32, u32)>,
    /// Which bytes there are, a bit each.
    present: [u64; 4],
}

impl Spelled {
    /// `text` (up to 4 GB) spelled. Blanks and line ends become one blank; a tab, which is a cell wall, becomes `|`.
    pub fn new(text: &str) -> Self {
        let mut out = Self { bytes: Vec::with_capacity(text.len()), from: Vec::with_capacity(text.len()), present: [0; 4] };
        for (at, c) in text.char_indices() {
            let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
            let byte = match letter(c) {
                b'\n' | b'\r' | b'\x0c' | b'\x0b' => b' ',
                // A cell wall is drawn as a line wherever text shows one.
                b'\t' => b'|',
                byte => byte,
            };
            if is_silent(c) {
                continue;
            }
            if byte == b' '
                && let (Some(b' '), Some(last)) = (out.bytes.last(), out.from.last_mut())
            {
                last.1 = end;
                continue;
            }
            if byte.is_ascii_digit() && out.ends_in_a_word() {
                out.bytes.push(b' ');
                out.from.push((start, start));
            }
            out.bytes.push(byte);
            out.from.push((start, end));
        }
        out.noted()
    }

    /// With the record of which bytes there are.
    fn noted(mut self) -> Self {
        for b in &self.bytes {
            self.present[usize::from(b >> 6)] |= 1 << (b & 63);
        }
        self
    }

    fn has(&self, byte: u8) -> bool {
        self.present[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    /// A number written onto its word (`ngày15/4`) stands apart; one after a letter or two is a code (`QH15`).
    fn ends_in_a_word(&self) -> bool {
        let bytes = &self.bytes;
        bytes.len() >= 3 && bytes[bytes.len() - 3..].iter().all(|b| is_word(*b) && !b.is_ascii_digit())
    }

    /// A part of a spelling, without a way back to its text.
    pub fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), from: vec![(0, 0); bytes.len()], present: [0; 4] }.noted()
    }

    /// The spelling.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of the text behind `range` of the spelling.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        match (self.from.get(range.start), range.end.checked_sub(1).and_then(|e| self.from.get(e))) {
            (Some(first), Some(last)) if range.start < range.end => first.0 as usize..last.1 as usize,
            (Some(first), _) => first.0 as usize..first.0 as usize,
            _ => 0..0,
        }
    }

    /// The same text with each of `tokens` (sorted, not overlapping) standing as one byte.
    #[must_use]
    pub fn put(&self, tokens: &[(Range<usize>, u8)]) -> Self {
        let mut out = Self { bytes: Vec::with_capacity(self.bytes.len()), from: Vec::with_capacity(self.bytes.len()), present: [0; 4] };
        let mut at = 0;
        for (range, token) in tokens {
            out.bytes.extend_from_slice(&self.bytes[at..range.start]);
            out.from.extend_from_slice(&self.from[at..range.start]);
            out.bytes.push(*token);
            out.from.push((self.from[range.start].0, self.from[range.end - 1].1));
            at = range.end;
        }
        out.bytes.extend_from_slice(&self.bytes[at..]);
        out.from.extend_from_slice(&self.from[at..]);
        out.noted()
    }
}

/// True for a byte of a spelling that belongs to a word or a number.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || (MARKED..=D_STROKE).contains(&byte) || byte == OTHER_LETTER
}

/// The letters that `byte` may appear as when some of its marks are lost; itself first.
fn loose(byte: u8) -> Vec<u8> {
    if byte == D_STROKE {
        return vec![byte, b'd'];
    }
    if !(MARKED..D_STROKE).contains(&byte) {
        return vec![byte];
    }
    let (vowel, tone) = ((byte - MARKED) / TONES, (byte - MARKED) % TONES);
    let bare = match VOWELS[usize::from(vowel)] {
        'ă' | 'â' => 0,
        'ê' => 3,
        'ô' | 'ơ' => 6,
        'ư' => 9,
        _ => vowel,
    };
    let mut all: Vec<u8> = [(vowel, tone), (vowel, 0), (bare, tone), (bare, 0)].into_iter().map(|(v, t)| spell_vowel(v, t)).collect();
    all.dedup();
    all
}

fn spell_vowel(vowel: u8, tone: u8) -> u8 {
    let letter = VOWELS[usize::from(vowel)];
    if tone == 0 && letter.is_ascii() { letter as u8 } else { MARKED + vowel * TONES + tone }
}

/// True when `read` is `meant` with some marks lost (or none).
pub fn reads_as(read: &[u8], meant: &[u8]) -> bool {
    read.len() == meant.len() && read.iter().zip(meant).all(|(r, m)| r == m || loose(*m).contains(r))
}

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

    #[test]
    fn spelling_goes_back_to_the_text() {
        let text = "  Đến\u{a0}*hết*\r\nnăm ế";
        let spelled = Spelled::new(text);
        assert_eq!(spelled.bytes().len(), " đến hết năm ế".chars().count());
        let whole = spelled.origin(0..spelled.bytes().len());
        assert_eq!(&text[whole], text);
        let put = spelled.put(&[(1..4, FIRST_TOKEN)]);
        assert_eq!(&text[put.origin(1..2)], "Đến");
    }
}
