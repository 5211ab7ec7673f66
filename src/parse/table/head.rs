//! The heads of columns: merged over two rows, flattened into one line, or left by a scan without walls.

use std::collections::HashSet;

use super::words::{Rules, plain};
use super::{Page, cells};
use crate::parse::Column;
use crate::text::Span;

/// The columns under `heads`, rows of `width` cells at most. A head over several columns stands before each of theirs.
pub(super) fn merged(rules: &Rules, page: &Page<'_>, heads: &[Vec<Span>], width: usize) -> Vec<Column> {
    let empty = Span::default();
    let cell = |row: usize, column: usize| heads[row].get(column).copied().filter(|c| !c.is_empty());
    let column = |c: usize| {
        let mut parts: Vec<Span> = Vec::new();
        for row in 0..heads.len() {
            let here = cell(row, c).or_else(|| spanning(heads, row, c));
            parts.extend(here.filter(|h| !parts.contains(h)));
        }
        let name = parts.iter().map(|p| page.words(*p)).collect::<Vec<_>>().join(" ");
        rules.column(&name, parts.last().copied().unwrap_or(empty))
    };
    (0..width).map(column).collect()
}

/// The head left of an empty cell that reaches over it: both stand above heads of their own.
fn spanning(heads: &[Vec<Span>], row: usize, column: usize) -> Option<Span> {
    let has = |r: usize, c: usize| heads[r].get(c).is_some_and(|s| !s.is_empty());
    let below = |c: usize| (row + 1..heads.len()).any(|r| has(r, c));
    if !below(column) {
        return None;
    }
    let left = (0..column).rev().find(|c| has(row, *c))?;
    (left..column).all(below).then(|| heads[row][left])
}

/// The heads of a table flattened into one line, whose rows have `width` cells: heads over several columns come before the heads
/// beneath them, and are put before each of theirs.
pub(super) fn flattened(rules: &Rules, page: &Page<'_>, heads: &[Span], width: usize) -> Vec<Column> {
    let over = heads.len().saturating_sub(width);
    let plainly = || heads.iter().map(|h| rules.column(page.words(*h), *h)).collect();
    if over == 0 || width < 3 {
        return plainly();
    }
    // `over` heads reach over `below` columns, the last of the line.
    let words: Vec<String> = heads.iter().map(|h| plain(page.words(*h))).collect();
    let alike = |below: &usize| {
        let (top, bottom) = words.split_at(words.len() - below);
        let each = below / over;
        let parents = &top[top.len() - over..];
        let first = |w: &String| w.split(' ').next().unwrap_or("").to_owned();
        let periodic = (each..*below).filter(|i| words[words.len() - below + i] == words[words.len() - below + i % each]).count();
        let same_word = bottom.iter().filter(|w| first(w) == first(&bottom[0])).count() * usize::from(first(&bottom[0]) != first(&parents[0]));
        (periodic.max(same_word), std::cmp::Reverse(*below))
    };
    let most = heads.len().saturating_sub(over + 1);
    let Some(below) = (2 * over..=most).filter(|b| b % over == 0).max_by_key(alike) else { return plainly() };
    let each = below / over;
    let first_child = heads.len() - below;
    let first_parent = first_child - over;
    let mut columns: Vec<Column> = heads[..first_parent].iter().map(|h| rules.column(page.words(*h), *h)).collect();
    columns.extend(heads[first_child..].iter().enumerate().map(|(i, h)| {
        let parent = page.words(heads[first_parent + i / each]);
        rules.column(&format!("{parent} {}", page.words(*h)), *h)
    }));
    columns
}

/// Heads without walls: the lines above the first row. The line with the most beginnings of heads sets the columns; the words of the
/// lines below go on with the head whose last word the document elsewhere puts before them.
pub(super) fn open(rules: &Rules, page: &Page<'_>, lines: &[usize]) -> Vec<Column> {
    let starts: Vec<Vec<Span>> = lines.iter().map(|l| beginnings(rules, page, page.lines[*l])).collect();
    let Some(top) = (0..lines.len()).max_by_key(|i| (starts[*i].len(), std::cmp::Reverse(*i))).filter(|i| starts[*i].len() > 1) else {
        return Vec::new();
    };
    let pairs = word_pairs(page, lines);
    let mut heads = vec![Head::default()];
    heads.extend(starts[top].iter().map(|s| Head { at: *s, words: tokens(page, *s) }));
    for line in &lines[top + 1..] {
        go_on(rules, page, page.lines[*line], &pairs, &mut heads);
    }
    let figure_columns = heads.split_off(1);
    let label = heads.pop().unwrap_or_default();
    let mut columns = vec![Column { name: "STT".into(), role: crate::parse::Role::Number, at: Span::default() }];
    columns.extend(std::iter::once(label).chain(figure_columns).map(|h| rules.column(&h.name(page), h.at)));
    columns
}

#[derive(Default)]
struct Head {
    at: Span,
    words: Vec<Span>,
}

impl Head {
    fn name(&self, page: &Page<'_>) -> String {
        let words: Vec<&str> = self.words.iter().map(|w| page.words(*w)).collect();
        let readable: Vec<&str> = words.iter().copied().filter(|w| !is_unreadable(w)).collect();
        if readable.is_empty() { words.join(" ") } else { readable.join(" ") }
    }
}

/// The heads that begin on `line`: at a wall, at words that begin heads, at a word that no one can read.
fn beginnings(rules: &Rules, page: &Page<'_>, line: Span) -> Vec<Span> {
    let words = tokens(page, line);
    let mut starts: Vec<usize> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let rest = Span::new(word.start, words[words.len().min(i + 3) - 1].end);
        let unreadable_before = i > 0 && is_unreadable(page.words(words[i - 1]));
        if rules.heads.opens(page.words(rest)) || is_unreadable(page.words(*word)) || (unreadable_before && i + 1 < words.len()) {
            starts.push(i);
        }
    }
    starts.dedup();
    let end = |i: usize| starts.get(i + 1).map_or(words.len(), |n| *n) - 1;
    (0..starts.len()).map(|i| Span::new(words[starts[i]].start, words[end(i)].end)).collect()
}

/// The words of `at`; walls and signs alone are none.
fn tokens(page: &Page<'_>, at: Span) -> Vec<Span> {
    let text = page.words(at);
    let mut found = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c == '|') {
        let start = at.start + (word.as_ptr() as usize - text.as_ptr() as usize);
        let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
        if letters > 1 || word.bytes().any(|b| b.is_ascii_digit()) {
            found.push(Span::new(start, start + word.len()));
        }
    }
    found
}

/// True for a word broken by signs as no word is: `S(‘]’)gi“"’;ég;am`.
fn is_unreadable(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    inner.chars().filter(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-' | '.' | ',' | '&')).count() >= 2
}

/// Gives the words of `line` to `heads`, from left to right, so that as many as can be follow a word they follow elsewhere.
fn go_on(rules: &Rules, page: &Page<'_>, line: Span, pairs: &HashSet<(String, String)>, heads: &mut [Head]) {
    let words: Vec<Span> = tokens(page, line).into_iter().filter(|w| rules.role(page.words(*w)) != crate::parse::Role::Number).collect();
    if words.is_empty() {
        return;
    }
    let follows = |a: &str, b: &str| {
        let (a, b) = (plain(a), plain(b));
        if pairs.contains(&(a.clone(), b)) { 4 } else { i32::from(rules.open.contains(&a)) * 2 }
    };
    let wall_before = |i: usize| i > 0 && page.text[words[i - 1].end..words[i].start].contains('|');
    let start = |i: usize, h: usize| 1 + i32::from(wall_before(i)) + heads[h].words.last().map_or(0, |w| follows(page.words(*w), page.words(words[i])));
    // best[i][h]: the most that words 0..=i can score with word i under head h; from[i][h]: the head of the word before.
    let mut best = vec![vec![0i32; heads.len()]; words.len()];
    let mut from = vec![vec![0usize; heads.len()]; words.len()];
    for i in 0..words.len() {
        for h in 0..heads.len() {
            (best[i][h], from[i][h]) = if i == 0 {
                (start(0, h), h)
            } else {
                let stay = best[i - 1][h] + follows(page.words(words[i - 1]), page.words(words[i])) - 4 * i32::from(wall_before(i));
                let step = (0..h).map(|g| (best[i - 1][g] + start(i, h), g)).max_by_key(|(s, g)| (*s, *g));
                step.filter(|(s, _)| *s > stay).unwrap_or((stay, h))
            };
        }
    }
    let last = words.len() - 1;
    let mut h = (0..heads.len()).max_by_key(|h| (best[last][*h], *h)).unwrap_or(0);
    for i in (0..words.len()).rev() {
        heads[h].words.push(words[i]);
        h = from[i][h];
    }
    for head in heads {
        head.words.sort();
        head.at = if head.at.is_empty() { head.words.first().copied().unwrap_or_default() } else { head.at };
    }
}

/// Which words follow each other outside the head itself.
fn word_pairs(page: &Page<'_>, without: &[usize]) -> HashSet<(String, String)> {
    let mut pairs = HashSet::new();
    let mut before = String::new();
    for i in (0..page.lines.len()).filter(|i| !without.contains(i)) {
        for word in plain(page.line(i)).split(' ') {
            pairs.insert((std::mem::replace(&mut before, word.to_owned()), word.to_owned()));
        }
    }
    pairs
}

/// True when `line` could be part of a head: it has letters, and is no sentence.
pub(super) fn may_be_head(page: &Page<'_>, line: usize) -> bool {
    let at = cells::trim(page.text, page.lines[line]);
    let words = page.words(at);
    !at.is_empty() && words.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !words.ends_with(['.', ';'])
}
