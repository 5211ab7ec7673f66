//! Knows the columns of a head or foot: pieces of lines that stand one below the other, parted by walls, tabs, rules or blanks.

use super::line::{Lines, bare};
use crate::text::Span;

/// Pieces parted by a tab are this many letters apart.
const FAR: usize = 1000;

/// A piece of the head: a line, or a column of several lines.
pub(super) struct Cell {
    pub text: String,
    pub at: Span,
}

/// The pieces of the head above line `end`; a column that runs over several lines is one piece.
pub(super) fn cells(lines: &Lines, end: usize) -> Vec<Cell> {
    let rows: Vec<Vec<Piece>> = (0..end).filter_map(|i| lines.get(i).map(|l| split(lines, i, l.at.start, l.indent))).collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < rows.len() {
        let next = i + rows[i..].iter().take_while(|r| r.len() >= 2).count();
        // The first line of a column may stand higher than its neighbours.
        let high = rows[i].len() == 1 && rows[i][0].x > 0 && rows.get(i + 1).is_some_and(|r| r.len() >= 2);
        let last = if high { i + 1 + rows[i + 1..].iter().take_while(|r| r.len() >= 2).count() } else { next };
        // A line that holds one piece may carry on one column of those above it.
        let tail = usize::from(last > i + 1 && rows.get(last).is_some_and(|r| r.len() == 1 && r[0].x > 0));
        let block = (last + tail).max(i + 1);
        out.extend(columns(&rows[i..block]).into_iter().map(|c| join(lines.text(), &c)));
        i = block;
    }
    out
}

/// A piece of a line and where it stands on it, in letters.
#[derive(Clone, Copy)]
struct Piece {
    at: Span,
    x: usize,
    end: usize,
}

/// The pieces of several lines put into columns by the places they share.
fn columns(rows: &[Vec<Piece>]) -> Vec<Vec<Piece>> {
    let mut out: Vec<Vec<Piece>> = Vec::new();
    for row in rows {
        for piece in row {
            let shared = |c: &Vec<Piece>| c.iter().map(|p| p.end.min(piece.end).saturating_sub(p.x.max(piece.x))).max().unwrap_or(0);
            let best = out.iter().enumerate().map(|(i, c)| (shared(c), i)).max_by_key(|(n, i)| (*n, std::cmp::Reverse(*i)));
            match best.filter(|(n, _)| *n > 0) {
                Some((_, i)) => out[i].push(*piece),
                None => out.push(vec![*piece]),
            }
        }
    }
    out.sort_by_key(|c| c.iter().map(|p| p.x).min());
    out
}

fn join(text: &str, pieces: &[Piece]) -> Cell {
    let at = pieces.iter().map(|p| p.at).reduce(Span::join).unwrap_or_default();
    let mut joined = String::new();
    for piece in pieces {
        let whole = &text[piece.at.range()];
        let words = whole.trim_end_matches(['-', '–', '—', '_']);
        joined.push_str(words);
        // A sign that was broken at its hyphen is joined without a blank.
        joined.push_str(if whole.ends_with('-') && words.ends_with(char::is_uppercase) { "-" } else { "\n" });
    }
    Cell { text: joined.trim().to_owned(), at }
}

/// The pieces of one line: parted by walls, tabs, rules, or three blanks.
fn split(lines: &Lines, line: usize, start: usize, indent: usize) -> Vec<Piece> {
    let words = lines.words(line);
    let mut out = Vec::new();
    let (mut at, mut tabs) = (0, 0);
    for i in 0..=words.len() {
        if !words.is_char_boundary(i) {
            continue;
        }
        let rest = &words[i..];
        let wall = lines.is_wall(start + i)
            || rest.is_empty()
            || rest.starts_with(['|', '\t', '{', '}', '—', '―'])
            || rest.starts_with("   ")
            || rest.starts_with("---");
        if !wall || i < at {
            continue;
        }
        let cell = &words[at..i];
        let inner = bare(cell).trim_matches(|c: char| matches!(c, '―' | '─' | '.' | '<' | '>') || c.is_whitespace());
        // A hyphen before a rule may be that of a broken sign.
        let inner = inner.trim_start_matches(['-', ' ', '=']);
        if inner.chars().any(char::is_alphanumeric) {
            let from = at + cell.find(inner).unwrap_or(0);
            let x = tabs * FAR + indent + words[..from].chars().count();
            out.push(Piece { at: Span::new(start + from, start + from + inner.len()), x, end: x + inner.chars().count() });
        }
        tabs += usize::from(rest.starts_with('\t'));
        at = i + rest.chars().next().map_or(0, char::len_utf8);
    }
    out
}
