//! What a cell holds: a figure, a mark for nothing, a row's number, words.

use crate::text::Span;

/// `at` without the blanks, stars and bars around it.
pub(super) fn trim(text: &str, at: Span) -> Span {
    let words = &text[at.range()];
    let start = at.start + (words.len() - words.trim_start_matches(is_edge).len());
    Span::new(start, start + text[start..at.end].trim_end_matches(is_edge).len())
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || c == '*'
}

/// The cells of `line` between its `wall`s, each trimmed.
pub(super) fn split(text: &str, line: Span, wall: char) -> Vec<Span> {
    let mut start = line.start;
    let cell = |words: &str| {
        let at = Span::new(start, start + words.len());
        start = at.end + wall.len_utf8();
        trim(text, at)
    };
    text[line.range()].split(wall).map(cell).collect()
}

/// The value of a figure as offices write it, in thousandths: `2.305` is two thousand three hundred and five, `33,59` has decimals.
/// `None` for anything else, dates and codes among them.
pub fn figure(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, decimals) = text.split_once(',').unwrap_or((text, ""));
    let groups: Vec<&str> = whole.split(['.', ' ', '\u{a0}']).collect();
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3));
    if !groups.iter().all(|g| digits(g)) || !grouped || decimals.len() > 3 || (text.contains(',') && !digits(decimals)) {
        return None;
    }
    let whole: i64 = groups.concat().parse().ok().filter(|w| *w < 10_000_000_000_000)?;
    let decimals: i64 = format!("{decimals:0<3}").parse().ok()?;
    Some(whole * 1000 + decimals)
}

/// True for what stands in a cell to say that it holds nothing.
pub fn is_blank_mark(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '.' | '…') || c.is_whitespace())
}

/// What numbers a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// `7`, `07.`
    Row(u32),
    /// `3.1`, `a)`, `-`: a row within a row.
    Sub,
    /// `I`, `II.`, `A`: a group of rows.
    Group,
}

/// What `cell` numbers, if it is a number and nothing else.
pub(super) fn number(cell: &str) -> Option<Number> {
    let bare = cell.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '.' | ')' | '('));
    if bare.is_empty() {
        return matches!(cell.trim(), "-" | "+").then_some(Number::Sub);
    }
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        return bare.parse().ok().filter(|n| *n > 0 && *n < 1000).map(Number::Row);
    }
    if matches!(bare, "-" | "+" | "–") || bare.split('.').all(|p| !p.is_empty() && p.len() <= 2 && p.bytes().all(|b| b.is_ascii_digit()))
    {
        return Some(Number::Sub);
    }
    let roman = bare.len() <= 5 && bare.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'));
    let mut letters = bare.chars();
    match (letters.next(), letters.next()) {
        _ if roman => Some(Number::Group),
        (Some(c), None) if c.is_uppercase() => Some(Number::Group),
        (Some(c), None) if c.is_lowercase() => Some(Number::Sub),
        _ => None,
    }
}

/// True for the row beneath the heads that numbers the columns: `(1) (2) (3)`, `A B 1 2 3`.
pub(super) fn numbers_columns<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let cells: Vec<&str> = cells.map(|c| c.trim_matches(|c: char| matches!(c, '(' | ')' | '*' | ' ' | '.'))).collect();
    let full: Vec<&&str> = cells.iter().filter(|c| !c.is_empty()).collect();
    let numbers: Vec<u32> = full.iter().filter_map(|c| c.split(['=', '+']).next()?.trim().parse().ok()).collect();
    let letters = full.iter().filter(|c| c.len() == 1 && c.bytes().all(|b| b.is_ascii_uppercase())).count();
    numbers.len() >= 3 && numbers.len() + letters == full.len() && numbers.windows(2).all(|w| w[1] == w[0] + 1) && numbers[0] <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_offices_write_them() {
        assert_eq!(figure("2.305"), Some(2_305_000));
        assert_eq!(figure("33,59"), Some(33_590));
        assert_eq!(figure("4.758,5"), Some(4_758_500));
        assert_eq!(figure("05"), Some(5_000));
        assert_eq!(figure("60 %"), Some(60_000));
        for no in ["", "24/4", "2.30", "12.3456", "1,", "a1", ")", "99999999999999999999"] {
            assert_eq!(figure(no), None, "{no}");
        }
    }

    #[test]
    fn rows_are_numbered_in_many_ways() {
        assert_eq!(number("7"), Some(Number::Row(7)));
        assert_eq!(number("07."), Some(Number::Row(7)));
        assert_eq!(number("*3.1*"), Some(Number::Sub));
        assert_eq!(number("II."), Some(Number::Group));
        assert_eq!(number("-"), Some(Number::Sub));
        assert_eq!(number("Tổ dân phố"), None);
        assert_eq!(number(""), None);
    }

    #[test]
    fn a_row_of_column_numbers_is_no_row() {
        assert!(numbers_columns(["(1)", "(2)", "(3)", "(4)"].into_iter()));
        assert!(numbers_columns(["A", "B", "1", "2", "3=1+2"].into_iter()));
        assert!(!numbers_columns(["1", "Tổ dân phố", "5", "1"].into_iter()));
        assert!(!numbers_columns(["5", "1", "2"].into_iter()));
    }
}
