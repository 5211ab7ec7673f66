//! Knows where a sentence of an official paper ends, and which parts of it are duties of their own.

use std::ops::Range;

/// A sentence longer than this many bytes has an open bracket that nobody closed.
const LONGEST: usize = 1600;

/// The sentences of `text`, which stands on one line; blanks around them left out.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0i32);
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '.' | '!' | '?' if (depth <= 0 || i - start > LONGEST) && ends(text, start, i, c) => {
                out.extend(trimmed(text, start..i + 1));
                (start, depth) = (i + 1, 0);
            }
            _ => {}
        }
    }
    out.extend(trimmed(text, start..text.len()));
    out
}

/// The parts of the sentence `range` that a semicolon divides and that `opens` takes for a duty of its own.
pub(super) fn parts(text: &str, range: Range<usize>, opens: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut start, mut depth) = (range.start, 0i32);
    for (i, c) in text[range.clone()].char_indices().map(|(i, c)| (range.start + i, c)) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ';' if depth <= 0 && opens(text[i + 1..range.end].trim_start()) => {
                out.extend(trimmed(text, start..i));
                start = i + 1;
            }
            _ => {}
        }
    }
    out.extend(trimmed(text, start..range.end));
    out
}

/// The full stop at `i` ends a sentence: a capital follows, and no abbreviation or number stands before it.
fn ends(text: &str, start: usize, i: usize, c: char) -> bool {
    let after = &text[i + c.len_utf8()..];
    if after.trim().is_empty() {
        return true;
    }
    let next = after.trim_start().chars().next().unwrap_or(' ');
    if !after.starts_with(' ') || !(next.is_uppercase() || matches!(next, '“' | '"' | '(' | '-' | '+')) {
        return false;
    }
    let word = text[start..i].rsplit([' ', '(']).next().unwrap_or_default();
    let initial = word.chars().count() <= 2 && word.chars().all(char::is_uppercase) && !word.is_empty();
    let roman = word.chars().count() == 2 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    (!initial || roman) && !word.eq_ignore_ascii_case("tp") && !word.eq_ignore_ascii_case("v.v")
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let words = &text[range.clone()];
    let inner = words.trim();
    let start = range.start + words.find(inner)?;
    inner.chars().any(char::is_alphanumeric).then(|| start..start + inner.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stop_is_not_always_the_end() {
        let quarter: Vec<&str> =
            sentences("Thời gian: Quý II. Phân công: Ban A.").into_iter().map(|r| &"Thời gian: Quý II. Phân công: Ban A."[r]).collect();
        assert_eq!(quarter, ["Thời gian: Quý II.", "Phân công: Ban A."]);
        let text = "Gửi UBND TP. Tân An 2.305 phiếu (mẫu 1. Phiếu A). Báo cáo trước ngày 3.5.2024.";
        let found: Vec<&str> = sentences(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["Gửi UBND TP. Tân An 2.305 phiếu (mẫu 1. Phiếu A).", "Báo cáo trước ngày 3.5.2024."]);
    }

    #[test]
    fn a_semicolon_divides_only_duties() {
        let text = "Cấp gạo; muối; tổ chức thăm hỏi (già; yếu); gửi báo cáo";
        let found: Vec<&str> =
            parts(text, 0..text.len(), |t| t.starts_with("tổ chức") || t.starts_with("gửi")).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["Cấp gạo; muối", "tổ chức thăm hỏi (già; yếu)", "gửi báo cáo"]);
    }
}
