//! Tables that a scan left without walls: numbered lines, each a name and figures; which figure stands under which head is not known here.

use super::words::Rules;
use super::{Found, Page, cells, head};
use crate::parse::{Cell, Row, Table};
use crate::text::Span;

/// Fewer rows than this are a list that happens to end in figures.
const FEWEST_ROWS: usize = 3;
/// Blank lines (the end of a page among them) that do not end a table.
const GAP: usize = 8;
/// Lines of heads, at most.
const HEAD_LINES: usize = 9;

/// The table whose first row is line `at`.
pub(super) fn find(rules: &Rules, page: &Page<'_>, at: usize) -> Option<Found> {
    let (mut number, row) = numbered_row(page, at)?;
    let mut rows = vec![row];
    let (mut next, mut i) = (at + 1, at + 1);
    while i < page.lines.len() && i <= next + GAP {
        if let Some((n, row)) = numbered_row(page, i).filter(|(n, _)| *n > number && *n <= number + 3) {
            (number, next) = (n, i + 1);
            rows.push(row);
        } else if let Some(row) = total_row(rules, page, i) {
            next = i + 1;
            rows.push(row);
            break;
        } else if page.line(i).trim().len() > 4 {
            break; // a page number between two pages of a table is short
        }
        i += 1;
    }
    if rows.len() < FEWEST_ROWS {
        return None;
    }
    let above: Vec<usize> = (at.saturating_sub(HEAD_LINES)..at).rev().take_while(|l| head::may_be_head(page, *l)).collect();
    let lines: Vec<usize> = above.into_iter().rev().collect();
    let columns = head::open(rules, page, &lines);
    let first = if columns.is_empty() { at } else { lines.first().copied().unwrap_or(at) };
    let span = Span::new(page.lines[first].start, rows.last().map_or(0, |r| r.at.end));
    Some(Found { table: Table { title: None, at: span, columns, rows, flattened: false }, first, next })
}

/// `7 | Tổ dân phố Số 7 8 4 4`: a row's number, then cells: the number, the name, and all figures that end the line. The last numeral of
/// a name (`Số 7`) is among the figures: what it belongs to, sums tell.
fn numbered_row(page: &Page<'_>, line: usize) -> Option<(u32, Row)> {
    let at = page.trimmed(line);
    let text = page.words(at);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = text[..digits].parse().ok().filter(|n| *n > 0 && *n < 1000)?;
    let rest = text[digits..].trim_start_matches([' ', '|', '.', ')', ':', ']']);
    if digits == text.len() || rest.len() == text[digits..].len() {
        return None;
    }
    let rest = Span::new(at.end - rest.len(), at.end);
    let (name, figures) = name_and_figures(page, rest)?;
    let mut cells = vec![Cell { column: Some(0), at: Span::new(at.start, at.start + digits) }, Cell { column: Some(1), at: name }];
    cells.extend(figures.into_iter().map(|at| Cell { column: None, at }));
    Some((number, Row { at, cells, total: false }))
}

/// `Tổng cộng 128 24 50 54`
fn total_row(rules: &Rules, page: &Page<'_>, line: usize) -> Option<Row> {
    let at = page.trimmed(line);
    let (name, figures) = name_and_figures(page, at).filter(|(name, _)| rules.totals.opens(page.words(*name)))?;
    let mut cells = vec![Cell { column: Some(1), at: name }];
    cells.extend(figures.into_iter().map(|at| Cell { column: None, at }));
    Some(Row { at, cells, total: true })
}

/// The words of `at`, and the figures (two at least, misread ones among them) that end it.
fn name_and_figures(page: &Page<'_>, at: Span) -> Option<(Span, Vec<Span>)> {
    let mut end = at.end;
    let mut figures = Vec::new();
    loop {
        let before = page.words(Span::new(at.start, end)).trim_end_matches(|c: char| c.is_whitespace() || c == '|');
        let start =
            before.rfind(|c: char| c.is_whitespace() || c == '|').map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        if start == 0 || !may_be_figure(&before[start..]) {
            break;
        }
        figures.push(Span::new(at.start + start, at.start + before.len()));
        end = at.start + start;
    }
    figures.reverse();
    // A sign before the first true figure belongs to the name.
    let first = figures.iter().position(|f| cells::figure(page.words(*f)).is_some())?;
    let figures = figures.split_off(first);
    let name = cells::trim(page.text, Span::new(at.start, figures.first()?.start));
    let name = Span::new(name.start, name.start + page.words(name).trim_end_matches([' ', '|', ':']).len());
    let real = figures.iter().filter(|f| cells::figure(page.words(**f)).is_some()).count();
    let named = page.words(name).chars().filter(|c| c.is_alphabetic()).count() >= 2;
    (named && real >= 2 && real * 2 >= figures.len()).then_some((name, figures))
}

/// A figure, a mark for nothing, or up to two signs or letters that a figure may have been misread as.
fn may_be_figure(word: &str) -> bool {
    let short = word.chars().count() <= 2 && word.chars().all(|c| c.is_ascii_graphic() || matches!(c, '“' | '”' | '‘' | '’'));
    cells::figure(word).is_some() || cells::is_blank_mark(word) || short
}
