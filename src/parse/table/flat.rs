//! Tables flattened into one line, cells parted by bars: rows are found by the numbers that begin them.

use super::words::Rules;
use super::{Found, Page, cells, head};
use crate::parse::{Cell, Role, Row, Table};
use crate::text::Span;

/// A line with fewer cells than this is no whole table.
const FEWEST_CELLS: usize = 8;

/// The table that line `at` holds.
pub(super) fn find(rules: &Rules, page: &Page<'_>, at: usize) -> Option<Found> {
    let line = page.line(at);
    if line.matches('|').count() + 1 < FEWEST_CELLS || line.contains('\t') {
        return None;
    }
    let cells = cells::split(page.text, page.lines[at], '|');
    let head = cells.iter().take(3).position(|c| rules.role(page.words(*c)) == Role::Number)?;
    let starts = row_starts(rules, page, &cells, head);
    let first = *starts.first().filter(|_| starts.len() > 1)?;
    let mut heads = &cells[head..first];
    let numbered = (3..heads.len()).find(|n| cells::numbers_columns(heads[heads.len() - n..].iter().map(|c| page.words(*c))));
    if let Some(n) = (3..heads.len()).rev().find(|n| numbered.is_some() && is_numbering(page, &heads[heads.len() - n..])) {
        heads = &heads[..heads.len() - n];
    }
    let rows: Vec<&[Span]> =
        starts.iter().enumerate().map(|(i, s)| &cells[*s..starts.get(i + 1).copied().unwrap_or(cells.len())]).collect();
    let total = starts.iter().any(|s| rules.totals.opens(page.words(cells[*s])));
    let width = usual_width(&rows, heads.len(), total);
    let columns = head::flattened(rules, page, heads, width);
    let rows: Vec<Row> = rows.into_iter().map(|r| row(rules, page, r, columns.len())).collect();
    let span = Span::new(cells[head].start, rows.last()?.at.end);
    Some(Found { table: Table { title: None, at: span, columns, rows, flattened: true }, first: at, next: at + 1 })
}

fn is_numbering(page: &Page<'_>, cells: &[Span]) -> bool {
    cells::numbers_columns(cells.iter().map(|c| page.words(*c)))
}

/// Where rows begin: at the next number followed by words, at a group's number, at a total.
fn row_starts(rules: &Rules, page: &Page<'_>, all: &[Span], head: usize) -> Vec<usize> {
    let words = |i: usize| all.get(i).map_or("", |c| page.words(*c));
    let named = |i: usize| words(i).chars().filter(|c| c.is_alphabetic()).count() > 1;
    let mut starts = Vec::new();
    let mut expected = 1;
    for i in head + 1..all.len() {
        // The first number may only stand where heads have ended.
        let begins = match cells::number(words(i)) {
            Some(cells::Number::Row(n)) => {
                named(i + 1) && (n == expected || (n == 1 && expected > 1) || (n > expected && n <= expected + 3 && expected > 1))
            }
            Some(cells::Number::Sub) => !starts.is_empty() && named(i + 1) && !cells::is_blank_mark(words(i + 1)),
            Some(cells::Number::Group) => named(i + 1) && cells::figure(words(i + 1)).is_none(),
            None => is_group(words(i)) || (rules.totals.opens(words(i)) && !starts.is_empty() | (cells::figure(words(i + 1)).is_some())),
        };
        if begins {
            if let Some(cells::Number::Row(n)) = cells::number(words(i)) {
                expected = n + 1;
            }
            starts.push(i);
        }
    }
    starts
}

/// `I. NÂNG CAO NHẬN THỨC`: a group's number and name in one cell.
fn is_group(cell: &str) -> bool {
    let Some((number, name)) = cell.split_once(['.', ')']) else { return false };
    cells::number(number) == Some(cells::Number::Group) && name.chars().filter(|c| c.is_uppercase()).count() >= 3
}

/// How many cells most rows have, three at least; as many as there are heads where that is as common. Where no row is full the total row
/// (`total`), which has no number, tells.
fn usual_width(rows: &[&[Span]], heads: usize, total: bool) -> usize {
    let longest = rows.iter().map(|r| r.len()).max().unwrap_or(0);
    if let Some(last) = rows.last().filter(|r| total && longest < heads && r.len() >= longest && r.len() > 2) {
        return last.len() + 1;
    }
    let count = |n: usize| rows.iter().filter(|r| r.len() == n).count();
    (3..=heads).max_by_key(|n| (count(*n), *n)).filter(|n| count(*n) > 0).unwrap_or(heads)
}

fn row(rules: &Rules, page: &Page<'_>, cells: &[Span], width: usize) -> Row {
    let words = |c: &Span| page.words(*c);
    let at = cells.iter().copied().reduce(Span::join).unwrap_or_default();
    let counted = cells.first().is_some_and(|c| matches!(cells::number(words(c)), Some(cells::Number::Row(_) | cells::Number::Sub)));
    let total = !counted && cells.iter().take(2).any(|c| rules.totals.opens(words(c)));
    let whole = cells.len() == width;
    let numbered = cells.first().is_some_and(|c| cells::number(words(c)).is_some());
    let column = |i: usize| match i {
        _ if whole => Some(i),
        // A number and a name are known by their place; what follows them is not.
        0 if numbered => Some(0),
        0 => Some(1),
        1 if numbered => Some(1),
        _ => None,
    };
    Row { at, cells: cells.iter().enumerate().map(|(i, at)| Cell { column: column(i), at: *at }).collect(), total }
}
