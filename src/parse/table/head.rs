//! The heads of columns: merged over two rows, flattened into one line, or left by a scan without walls.

use std::collections::HashSet;

use super::words::{Rules, plain};
use super::{Page, cells};
use crate::parse::{Column, Role};
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
        // Heads beneath one head share a word that it does not begin or end with.
        let ends = |w: &String| [w.split(' ').next().unwrap_or("").to_owned(), w.rsplit(' ').next().unwrap_or("").to_owned()];
        let shared = |k: usize| {
            let word = &ends(&bottom[0])[k];
            if ends(&parents[0]).contains(word) { 0 } else { bottom.iter().filter(|w| ends(w)[k] == *word).count() }
        };
        let periodic = (each..*below).filter(|i| words[words.len() - below + i] == words[words.len() - below + i % each]).count();
        (periodic.max(shared(0)).max(shared(1)), std::cmp::Reverse(*below))
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
    let line = page.lines[lines[top]];
    let centre = |s: &Span| (s.start + s.end - 2 * line.start) as f64 / (2 * line.len()) as f64;
    let mut heads = vec![Head::default()];
    heads.extend(starts[top].iter().map(|s| Head { at: *s, words: tokens(page, *s), centre: centre(s) }));
    let mut going = GoingOn { rules, page, pairs: word_pairs(page, lines), width: line.len(), heads };
    for line in &lines[top + 1..] {
        going.read(page.lines[*line]);
    }
    let mut columns = vec![Column { name: "STT".into(), role: Role::Number, at: Span::default() }];
    columns.extend(going.heads.iter().map(|h| rules.column(&h.name(page), h.at)));
    columns
}

#[derive(Default)]
struct Head {
    at: Span,
    words: Vec<Span>,
    /// Where its middle stands on its line, from 0 to 1.
    centre: f64,
}

impl Head {
    fn name(&self, page: &Page<'_>) -> String {
        self.words.iter().map(|w| page.words(*w)).collect::<Vec<_>>().join(" ")
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
        let strange = word.chars().any(|c| matches!(c, '«' | '»' | '£' | '©' | '®' | '§' | '¬' | '{' | '}' | '~' | '^' | '\\'));
        if (letters > 1 || word.bytes().any(|b| b.is_ascii_digit())) && !strange {
            found.push(Span::new(start, start + word.len()));
        }
    }
    found
}

/// True for a word broken by signs as no word is: `S(‘]’)gi“"’;ég;am`.
pub fn is_unreadable(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    inner.chars().filter(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-' | '.' | ',' | '&')).count() >= 2
}

/// Heads that go on over the lines below the first.
struct GoingOn<'a> {
    rules: &'a Rules,
    page: &'a Page<'a>,
    /// Words that follow each other elsewhere in the document.
    pairs: HashSet<(String, String)>,
    /// Length of the first line.
    width: usize,
    /// The head of the names of rows, then those of figures.
    heads: Vec<Head>,
}

/// What speaks for a word to stand after another, or under a head. A word that the document elsewhere puts after another outweighs
/// everything; where words tell nothing, the place on the line does.
mod weight {
    pub const PAIR: i32 = 80;
    pub const WALL: i32 = 20;
    pub const OPEN: i32 = 10;
    pub const STAY: i32 = 6;
    pub const PLACE: f64 = 30.0;
    pub const UNREADABLE: i32 = 5;
}

impl GoingOn<'_> {
    /// Gives the words of `line` to the heads, from left to right.
    fn read(&mut self, line: Span) {
        let words = tokens(self.page, line);
        let words: Vec<Span> = words.into_iter().filter(|w| self.is_word(self.page.words(*w))).collect();
        let Some(last) = words.len().checked_sub(1) else { return };
        // best[i][h]: the most that words 0..=i can weigh with word i under head h; from[i][h]: the head of the word before.
        let mut best = vec![vec![0i32; self.heads.len()]; words.len()];
        let mut from = vec![vec![0usize; self.heads.len()]; words.len()];
        for i in 0..words.len() {
            for h in 0..self.heads.len() {
                let here = self.place(line, words[i], h);
                if i == 0 {
                    (best[i][h], from[i][h]) = (here + self.begins(words[i], h), h);
                    continue;
                }
                let wall = weight::WALL * i32::from(self.page.text[words[i - 1].end..words[i].start].contains('|'));
                let stay = best[i - 1][h] + self.follows(words[i - 1], words[i]) + weight::STAY - wall;
                let step = (0..h).map(|g| (best[i - 1][g] + self.begins(words[i], h) + wall, g)).max_by_key(|(s, g)| (*s, *g));
                let (most, g) = step.filter(|(s, _)| *s > stay).unwrap_or((stay, h));
                (best[i][h], from[i][h]) = (most + here, g);
            }
        }
        let mut h = (0..self.heads.len()).max_by_key(|h| (best[last][*h], *h)).unwrap_or(0);
        for i in (0..words.len()).rev() {
            self.heads[h].words.push(words[i]);
            h = from[i][h];
        }
        for head in &mut self.heads {
            head.words.sort();
            head.at = if head.at.is_empty() { head.words.first().copied().unwrap_or_default() } else { head.at };
        }
    }

    /// False for the head of the numbers, and for scraps of letters that the document has nowhere else.
    fn is_word(&self, word: &str) -> bool {
        let bare = plain(word);
        let scrap = bare.len() <= 3 && !bare.bytes().any(|b| b.is_ascii_digit()) && !self.pairs.iter().any(|(a, _)| *a == bare);
        self.rules.role(word) != Role::Number && !scrap
    }

    /// What speaks for `b` to follow `a`.
    fn follows(&self, a: Span, b: Span) -> i32 {
        let (a, b) = (self.page.words(a), self.page.words(b));
        // With its marks: `từ` is open, `tự` is not.
        let open = self.rules.open.contains(&a.to_lowercase());
        if self.pairs.contains(&(plain(a), plain(b))) { weight::PAIR } else { weight::OPEN * i32::from(open) }
    }

    /// What speaks for head `h` to go on with `word`.
    fn begins(&self, word: Span, h: usize) -> i32 {
        let words = &self.heads[h].words;
        let torn = words.iter().any(|w| is_unreadable(self.page.words(*w)));
        words.last().map_or(0, |w| self.follows(*w, word)) + weight::UNREADABLE * i32::from(torn)
    }

    /// How far `word` stands from where head `h` does; a short line tells little.
    fn place(&self, line: Span, word: Span, h: usize) -> i32 {
        let at = (word.start - line.start) as f64 / line.len() as f64;
        let tells = (line.len() as f64 / self.width as f64).min(1.0);
        -((at - self.heads[h].centre).abs() * tells * weight::PLACE) as i32
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
