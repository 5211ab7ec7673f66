//! Knows the marks that open clauses, and which mark is meant where an OCR damaged one.

use super::Marker;
use super::line::Lines;
use super::outline::Rules;
use crate::text::letters;

/// The letters of points, in Vietnamese order.
const POINTS: [&str; 23] =
    ["a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"];
/// Great letters of parts.
const LETTERS: [&str; 9] = ["A", "B", "C", "D", "Đ", "E", "G", "H", "K"];

/// What opens a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub kind: Marker,
    /// Which of the ways of writing this kind: `1.` and `(1)` are two.
    pub style: u8,
    /// From 1; 0 for marks without a number.
    pub value: u32,
    /// As it stands in a path; empty for dashes.
    pub label: String,
    /// Bytes of the mark and the blanks after it.
    pub len: usize,
    /// Other readings of a damaged mark, kind and value, likeliest first.
    pub others: Vec<(Marker, u32)>,
    pub annex: bool,
}

impl Mark {
    fn new(kind: Marker, style: u8, value: u32, len: usize) -> Self {
        Self { kind, style, value, label: label(kind, value), len, others: Vec::new(), annex: false }
    }

    /// What a paragraph that ends with a colon is to the dashes below it.
    pub fn paragraph() -> Self {
        Self::new(Marker::Paragraph, 0, 0, 0)
    }

    pub fn annex() -> Self {
        Self { annex: true, ..Self::new(Marker::Part, 0, 0, 0) }
    }
}

fn label(kind: Marker, value: u32) -> String {
    match kind {
        Marker::Part => format!("P{value}"),
        Marker::Chapter => format!("C{value}"),
        Marker::Section => format!("M{value}"),
        Marker::Article => format!("Đ{value}"),
        Marker::Roman => roman(value),
        Marker::Letter => LETTERS.get(value as usize - 1).map_or_else(String::new, |l| (*l).to_owned()),
        Marker::Number | Marker::Sub => value.to_string(),
        Marker::Point => POINTS.get(value as usize - 1).map_or_else(String::new, |l| (*l).to_owned()),
        Marker::Dash | Marker::Plus | Marker::Paragraph => String::new(),
    }
}

/// True for a line that opens a part of the body beyond doubt: `I.`, `1.`, `Điều 1.`, `Phần I`, `A.`.
pub(super) fn is_section(line: &str) -> bool {
    let great = |m: &Mark| matches!(m.kind, Marker::Roman | Marker::Number | Marker::Article | Marker::Letter);
    numbered(line).is_some_and(|m| great(&m)) || {
        let lower = line.to_lowercase();
        ["phần ", "chương "].iter().any(|p| lower.starts_with(p))
            && line.chars().count() < 90
            && line.chars().next().is_some_and(char::is_uppercase)
            && lower
                .split_whitespace()
                .nth(1)
                .is_some_and(|w| from_roman(&w.to_uppercase()).is_some() || w == "thứ" || w.parse::<u32>().is_ok())
            || named_article(line, "Điều").is_some()
    }
}

/// The marks of the rules.
#[derive(Debug)]
pub(super) struct Marks {
    named: Vec<(Marker, Vec<String>)>,
    ordinals: Vec<String>,
    dashes: Vec<String>,
    pluses: Vec<String>,
}

impl Marks {
    pub fn new(rules: &Rules) -> Self {
        let named = [
            (Marker::Part, &rules.parts),
            (Marker::Chapter, &rules.chapters),
            (Marker::Section, &rules.sections),
            (Marker::Article, &rules.articles),
        ];
        Self {
            named: named.into_iter().map(|(k, w)| (k, w.clone())).collect(),
            ordinals: rules.ordinals.clone(),
            dashes: rules.dashes.clone(),
            pluses: rules.pluses.clone(),
        }
    }

    /// The mark at the beginning of a line.
    pub fn at(&self, words: &str) -> Option<Mark> {
        // Marks of emphasis may stand before a number: "*1. …*".
        let lead = words.len() - words.trim_start_matches('*').len();
        let emphasis = lead > 0 && !words[lead..].starts_with(' ');
        let (skip, rest) = if emphasis { (lead, &words[lead..]) } else { (0, words) };
        let mut mark = self.named(rest).or_else(|| numbered(rest)).or_else(|| self.dash(rest))?;
        mark.len += skip;
        Some(mark)
    }

    fn named(&self, words: &str) -> Option<Mark> {
        let capital = words.chars().next().is_some_and(char::is_uppercase);
        let lower = words.to_lowercase();
        if !capital || lower.len() != words.len() {
            return None;
        }
        self.named.iter().find_map(|(kind, names)| {
            let name = names.iter().find(|n| lower.strip_prefix(n.as_str()).is_some_and(|r| r.starts_with(' ')))?;
            let rest = lower[name.len()..].trim_start();
            let at = words.len() - rest.len();
            let (value, len) = self.ordinal(rest).or_else(|| leading_number(&words[at..]))?;
            let after = &words[at + len..];
            // "Điều 4 Nghị quyết …" in a sentence is a reference.
            let stop = after.starts_with(['.', ':', ')']) || after.trim().is_empty();
            let heading =
                !matches!(kind, Marker::Article) && after.chars().any(char::is_alphabetic) && after.chars().all(|c| !c.is_lowercase());
            (stop || heading).then(|| Mark::new(*kind, 0, value, at + len + blank(after, &['.', ':', ')', '-', '–'])))
        })
    }

    fn ordinal(&self, lower: &str) -> Option<(u32, usize)> {
        self.ordinals.iter().position(|o| lower.starts_with(o.as_str())).map(|i| (i as u32 + 1, self.ordinals[i].len()))
    }

    fn dash(&self, words: &str) -> Option<Mark> {
        let is = |list: &[String]| list.iter().find(|s| words.starts_with(s.as_str())).map(String::len);
        let (kind, style, len) = match (is(&self.dashes), is(&self.pluses)) {
            (Some(len), _) => (Marker::Dash, 0, len),
            (None, Some(len)) => (Marker::Plus, u8::from(words.starts_with('*')), len),
            (None, None) => return None,
        };
        let rest = &words[len..];
        let next = rest.trim_start();
        let loose = words.starts_with('*') && !rest.starts_with(' ');
        if loose || !next.chars().next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '“' | '"' | '(' | '*' | '≥' | '…')) {
            return None;
        }
        Some(Mark::new(kind, style, 0, words.len() - next.len()))
    }
}

fn named_article(line: &str, name: &str) -> Option<u32> {
    let rest = line.strip_prefix(name)?.trim_start();
    let (value, len) = leading_number(rest)?;
    rest[len..].starts_with(['.', ':']).then_some(value)
}

fn leading_number(words: &str) -> Option<(u32, usize)> {
    let token: String = words.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    let value = token.parse().ok().or_else(|| from_roman(&token));
    value.filter(|v| (1..=400).contains(v)).map(|v| (v, token.len()))
}

/// `I.` `1.` `1.1.` `a)` `A.` and their damaged forms.
fn numbered(words: &str) -> Option<Mark> {
    let open = usize::from(words.starts_with('('));
    let token: String = words[open..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '|' | '!' | '.')).collect();
    let core = token.trim_end_matches('.');
    if core.is_empty() || core.chars().count() > 8 {
        return None;
    }
    let dotted = token.len() > core.len();
    let rest = &words[open + token.len()..];
    let closed = rest.starts_with(')');
    let slashed = rest.starts_with('/') && !rest[1..].starts_with(|c: char| c.is_ascii_digit());
    let dashed = rest.trim_start().starts_with(['-', '–']) && rest.trim_start()[1..].starts_with([' ', '-'])
        || rest.starts_with(['-', '–']) && from_roman(core).is_some();
    let colon = rest.starts_with(':') && from_roman(core).is_some();
    // The Party's papers number "1- …".
    let hyphened = rest.starts_with("- ") && !dotted && core.bytes().all(|b| b.is_ascii_digit());
    let len = open + token.len() + blank(rest, if closed { &[')', '.'] } else { &['/', '-', '–', ':', '.'] });
    let next = words[len..].chars().next()?;
    let capital = next.is_uppercase() || matches!(next, '“' | '"' | '*' | '(');
    let stops = dotted || closed || slashed || (hyphened && capital);
    if core.contains('.') {
        return sub(core, len).filter(|_| capital);
    }
    let capitals = capital && words[len..].chars().all(|c| !c.is_lowercase());
    if let Some(value) = from_roman(core).filter(|_| stops || ((dashed || colon) && capital) || (capitals && core.len() > 1)) {
        return (open == 0 && capital).then(|| Mark::new(Marker::Roman, 0, value, len));
    }
    if !stops {
        return None;
    }
    if let Ok(value) = core.parse::<u32>() {
        let style = u8::from(closed) + u8::from(open > 0);
        let ones = core.len() as u32;
        let mut mark = Mark::new(Marker::Number, style.min(1), value, len);
        if core.chars().all(|c| c == '1') && capitals && ones <= 3 {
            mark.others.push((Marker::Roman, ones));
        }
        let plausible = value >= 1 && (value <= 60 || !mark.others.is_empty());
        return (plausible && (capital || closed || slashed && next.is_alphabetic() || counts(&words[len..]))).then_some(mark);
    }
    if let Some(value) = LETTERS.iter().position(|l| *l == core) {
        return (capital && open == 0).then(|| Mark::new(Marker::Letter, 0, value as u32 + 1, len));
    }
    damaged(core, len, closed, capital, capitals)
}

/// "100% hộ dân ký cam kết": an amount and of what, which may open a clause as a word with a capital does.
fn counts(words: &str) -> bool {
    let mut words = words.split(' ');
    let amount = words.next().unwrap_or_default();
    let figures = amount.trim_end_matches('%');
    let is_amount =
        figures.starts_with(|c: char| c.is_ascii_digit() && c != '0') && figures.bytes().all(|b| b.is_ascii_digit() || b == b',');
    let mut named = words.take_while(|w| w.starts_with(char::is_lowercase));
    is_amount && named.by_ref().take(2).count() == 2
}

fn sub(core: &str, len: usize) -> Option<Mark> {
    let parts: Vec<u32> = core.split('.').map(|p| if p.len() <= 2 { p.parse().ok() } else { None }).collect::<Option<_>>()?;
    let value = *parts.last()?;
    let good = parts.len() <= 4 && parts.iter().all(|p| (1..=60).contains(p));
    good.then(|| Mark { label: core.to_owned(), ..Mark::new(Marker::Sub, parts.len() as u8 - 2, value, len) })
}

/// `a)`, and `l.` `|.` `Il.` where an OCR took one stroke for another.
fn damaged(core: &str, len: usize, closed: bool, capital: bool, capitals: bool) -> Option<Mark> {
    let strokes = core.chars().all(|c| matches!(c, 'I' | 'l' | '|' | '1' | '!'));
    let count = core.chars().count() as u32;
    let point = POINTS.iter().position(|p| *p == core);
    if strokes && count <= 3 && !(core == "l" && closed) && capital {
        let mut mark = Mark::new(Marker::Roman, 0, count, len);
        if count == 1 {
            mark.others.push((Marker::Number, 1));
        }
        if core == "l" {
            mark.others.push((Marker::Point, 11));
        }
        return Some(mark);
    }
    if core.contains('V') || core.contains('X') || (capitals && core.len() > 1) {
        return from_roman(&numeral(core)).filter(|_| capital && !closed).map(|v| Mark::new(Marker::Roman, 0, v, len));
    }
    let value = point? as u32 + 1;
    (closed || capital).then(|| Mark::new(Marker::Point, 0, value, len))
}

/// `core` with the strokes that an OCR joins, breaks or makes small put right: `Iv`, `Vl`, `HI`, `TI`.
fn numeral(core: &str) -> String {
    let mut fixed = String::new();
    for c in core.chars() {
        match c {
            'l' | '|' | '1' | '!' | 'i' | 'T' | 'L' => fixed.push('I'),
            'H' => fixed.push_str("II"),
            'v' | 'Y' => fixed.push('V'),
            'x' => fixed.push('X'),
            other => fixed.push(other),
        }
    }
    fixed
}

fn blank(rest: &str, signs: &[char]) -> usize {
    let after = rest.trim_start().trim_start_matches(signs).trim_start();
    rest.len() - after.len()
}

fn from_roman(token: &str) -> Option<u32> {
    let digit = |c| {
        Some(match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            _ => return None,
        })
    };
    let values: Vec<u32> = token.chars().map(digit).collect::<Option<_>>()?;
    let mut sum = 0;
    for (i, v) in values.iter().enumerate() {
        if values.get(i + 1).is_some_and(|n| n > v) { sum += 40 - v } else { sum += 40 + v }
    }
    let sum = sum.checked_sub(40 * values.len() as u32)?;
    ((1..=40).contains(&sum) && roman(sum) == token).then_some(sum)
}

fn roman(value: u32) -> String {
    const SIGNS: [(u32, &str); 5] = [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let (mut rest, mut out) = (value.min(49), String::new());
    for (worth, sign) in SIGNS {
        while rest >= worth {
            out.push_str(sign);
            rest -= worth;
        }
    }
    out
}

/// What number each kind of mark has reached, so that a damaged one can be read and a stray one told.
#[derive(Debug)]
pub(super) struct Sequence {
    last: Vec<(Marker, u8, u32)>,
    /// The text has Roman sections.
    romans: bool,
}

impl Sequence {
    pub fn new(lines: &Lines, from: usize) -> Self {
        let romans = (from..lines.len()).any(|i| {
            let words = lines.words(i);
            numbered(words)
                .is_some_and(|m| m.kind == Marker::Roman && m.value > 1 && m.others.is_empty() && letters::fold(words).len() < 200)
        });
        Self { last: Vec::new(), romans }
    }

    pub fn restart(&mut self) {
        self.last.clear();
    }

    fn reached(&self, kind: Marker, style: u8) -> u32 {
        self.last.iter().find(|(k, s, _)| *k == kind && *s == style).map_or(0, |(_, _, v)| *v)
    }

    /// The number is the next of its kind, or begins anew.
    pub fn fits(&self, mark: &Mark) -> bool {
        // A word before the number says beyond doubt that a part opens.
        if matches!(mark.kind, Marker::Part | Marker::Chapter | Marker::Section | Marker::Article) {
            return true;
        }
        let next = |kind, style, value: u32| {
            value == 1 || value == self.reached(kind, style) + 1 || (value == self.reached(kind, style) + 2 && value > 2)
        };
        next(mark.kind, mark.style, mark.value) || mark.others.iter().any(|(k, v)| next(*k, 0, *v))
    }

    /// The reading of `mark` that carries the numbering on, noted.
    pub fn settle(&mut self, mut mark: Mark, words: &str) -> Mark {
        let capitals = words[mark.len.min(words.len())..].chars().all(|c| !c.is_lowercase());
        let carries = |kind, value| self.reached(kind, 0) + 1 == value && (kind != Marker::Roman || (self.romans && capitals));
        let here = carries(mark.kind, mark.value) && mark.others.is_empty();
        if !here && !mark.others.is_empty() {
            let all: Vec<(Marker, u32)> = std::iter::once((mark.kind, mark.value)).chain(mark.others.iter().copied()).collect();
            // A Roman section outranks a number where both would carry on: sections are written in capitals.
            let best = all.iter().filter(|(k, v)| carries(*k, *v)).min_by_key(|(k, _)| *k != Marker::Roman).copied();
            let number = all.iter().find(|(k, _)| *k == Marker::Number).copied();
            let (kind, value) = best.or(number.filter(|_| !capitals)).unwrap_or((mark.kind, mark.value));
            if (kind, value) != (mark.kind, mark.value) {
                mark = Mark::new(kind, 0, value, mark.len);
            }
        }
        if mark.value > 0 {
            let rank = order(mark.kind);
            // A section of a higher kind begins the numbering of all below it anew.
            self.last.retain(|(k, s, _)| order(*k) < rank || (order(*k) == rank && (*k, *s) != (mark.kind, mark.style)));
            self.last.push((mark.kind, mark.style, mark.value));
        }
        mark
    }
}

fn order(kind: Marker) -> u8 {
    match kind {
        Marker::Part | Marker::Chapter => 0,
        Marker::Section | Marker::Article => 1,
        Marker::Roman | Marker::Letter => 2,
        Marker::Number => 3,
        Marker::Sub => 4,
        Marker::Point => 5,
        Marker::Dash | Marker::Plus | Marker::Paragraph => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_may_open_a_clause() {
        let opens = |words: &str| numbered(words).map(|m| (m.kind, m.value, m.len));
        assert_eq!(opens("1. 100% hộ dân ký cam kết"), Some((Marker::Number, 1, 3)));
        assert_eq!(opens("3. 12 tổ dân phố đạt chuẩn"), Some((Marker::Number, 3, 3)));
        assert_eq!(opens("2- Giám sát"), Some((Marker::Number, 2, 3)));
        for prose in ["1. 000 đồng cho mỗi", "1. 25 30 45", "2. 15/9/2025 là ngày", "1. 5 Hội", "2-3 Giám sát", "6 - Tổ 7", "15- 20 hộ"]
        {
            assert_eq!(opens(prose), None, "{prose}");
        }
    }
}
