//! Tables whose rows are lines and whose walls survived: tabs, or bars.

use super::words::Rules;
use super::{Found, Page, cells, head};
use crate::parse::{Cell, Row, Table};
use crate::text::Span;

/// Blank lines (the end of a page among them) that do not end a table.
const GAP: usize = 6;
/// A table is looked for in this many rows at most; what follows begins another.
const MOST_ROWS: usize = 20_000;
/// More cells than this in a row are no table that an office writes.
const MOST_COLUMNS: usize = 512;

/// The table whose first line is `at`.
pub(super) fn find(rules: &Rules, page: &Page<'_>, at: usize) -> Option<Found> {
    let wall = wall(page.line(at))?;
    let (rows, next) = block(page, at, wall);
    let width = rows.iter().map(|(_, c)| c.len()).max()?.min(MOST_COLUMNS);
    let body = first_body(rules, page, &rows)?;
    let heads: Vec<&Vec<Span>> = rows[..body].iter().map(|(_, c)| c).filter(|c| filled(c) > 1).collect();
    let heads: Vec<Vec<Span>> = heads.into_iter().filter(|c| !cells::numbers_columns(c.iter().map(|s| page.words(*s)))).cloned().collect();
    let columns = head::merged(rules, page, &heads, width);
    let body_rows: Vec<Row> = rows[body..].iter().filter_map(|(line, c)| row(rules, page, *line, c, &heads, width)).collect();
    let known = columns.iter().filter(|c| c.role != crate::parse::Role::Other).count();
    let figures = body_rows.iter().filter(|r| has_figures(page, &r.cells)).count();
    if body_rows.is_empty() || (known < 2 && figures < 2) {
        return None;
    }
    let first = rows.iter().find(|(_, c)| filled(c) > 1).map_or(at, |(line, _)| *line);
    let start = page.lines[first].start;
    let end = body_rows.last().map_or(start, |r| r.at.end);
    let table = Table { title: None, at: Span::new(start, end.max(start)), columns, rows: body_rows, flattened: false };
    Some(Found { table, first, next })
}

/// What parts the cells of `line`, if it has cells.
fn wall(line: &str) -> Option<char> {
    let bars = line.matches('|').count();
    if line.contains('\t') { Some('\t') } else { (bars >= 2).then_some('|') }
}

/// The rows of cells from line `at` on, each with its line, and the line after them.
fn block(page: &Page<'_>, at: usize, wall_here: char) -> (Vec<(usize, Vec<Span>)>, usize) {
    let mut rows = Vec::new();
    let (mut next, mut i) = (at, at);
    while i < page.lines.len() && i <= next + GAP && rows.len() < MOST_ROWS {
        let line = page.line(i);
        if wall(line) == Some(wall_here) {
            rows.push((i, split_row(page, page.lines[i], wall_here)));
            next = i + 1;
        } else if line.trim().len() > 4 {
            break; // a page number between two pages of a table is short
        }
        i += 1;
    }
    (rows, next)
}

fn split_row(page: &Page<'_>, line: Span, wall: char) -> Vec<Span> {
    let mut at = line;
    if wall == '|' {
        // `| a | b |`: outer bars part nothing, unless the row holds nothing else.
        let inner = cells::trim(page.text, line);
        let words = page.words(inner);
        if words.len() > 1 && words.starts_with('|') && words.ends_with('|') && words.chars().any(char::is_alphanumeric) {
            at = Span::new(inner.start + 1, inner.end - 1);
        }
    }
    let mut cells = cells::split(page.text, at, wall);
    cells.truncate(MOST_COLUMNS);
    cells
}

fn filled(cells: &[Span]) -> usize {
    cells.iter().filter(|c| !c.is_empty()).count()
}

/// Index of the first row that is no head: it is numbered, or it is a total, or it holds figures beside a name.
fn first_body(rules: &Rules, page: &Page<'_>, rows: &[(usize, Vec<Span>)]) -> Option<usize> {
    rows.iter().position(|(_, row)| {
        let words: Vec<&str> = row.iter().map(|c| page.words(*c)).collect();
        if cells::numbers_columns(words.iter().copied()) {
            return false;
        }
        let first = words.first().copied().unwrap_or("");
        let figures = words.iter().skip(1).filter(|w| cells::figure(w).is_some()).count();
        let rest = words.iter().skip(1).filter(|w| !w.is_empty()).count();
        cells::number(first).is_some() && rest > 0
            || words.iter().take(2).any(|w| rules.totals.opens(w)) && figures > 0
            || figures > 0 && figures * 2 >= rest
    })
}

fn row(rules: &Rules, page: &Page<'_>, line: usize, cells: &[Span], heads: &[Vec<Span>], width: usize) -> Option<Row> {
    let words = |c: &Span| page.words(*c);
    let again = heads.iter().any(|h| h.len() == cells.len() && h.iter().zip(cells).all(|(a, b)| words(a) == words(b)));
    if again || filled(cells) == 0 || cells::numbers_columns(cells.iter().map(words)) {
        return None;
    }
    let numbered = cells.first().is_some_and(|c| matches!(cells::number(words(c)), Some(cells::Number::Row(_) | cells::Number::Sub)));
    let total = !numbered && cells.iter().filter(|c| !c.is_empty()).take(2).any(|c| rules.totals.opens(words(c)));
    let cells = cells.iter().take(width).enumerate().map(|(i, at)| Cell { column: Some(i), at: *at }).collect();
    Some(Row { at: page.trimmed(line), cells, total })
}

fn has_figures(page: &Page<'_>, cells: &[Cell]) -> bool {
    cells.iter().skip(1).any(|c| cells::figure(page.words(c.at)).is_some())
}
