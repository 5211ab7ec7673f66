//! Knows how words with places become a page of text: lines, the two columns of a letter, and the rows of a table with walls between cells.

mod bands;
mod columns;
mod furniture;
mod grid;
mod line;

use std::collections::BTreeMap;

pub(super) use self::bands::{Bands, bands};
pub(super) use self::grid::{Frame, frames};
use regex::Regex;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The figures of `rules/read/layout.yaml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    pub space_em: f64,
    pub sure_space_em: f64,
    pub overlap: f64,
    pub wall_em: f64,
    pub gutter_em: f64,
    pub gutter_gap_em: f64,
    pub pair_gap_em: f64,
    pub rule_short: f64,
    pub join: f64,
    pub cover: f64,
    pub table_rows: usize,
    pub table_columns: usize,
    pub margin: f64,
    #[serde(deserialize_with = "pattern", serialize_with = "source")]
    pub marker: Regex,
    #[serde(deserialize_with = "pattern", serialize_with = "source")]
    pub number: Regex,
    pub symbols: BTreeMap<char, String>,
}

fn pattern<'de, D: Deserializer<'de>>(from: D) -> Result<Regex, D::Error> {
    Regex::new(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn source<S: Serializer>(regex: &Regex, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(regex.as_str())
}

/// A run of letters without a blank, in points from the top left corner.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    /// The base line at the left end and at the right end.
    pub base: f64,
    pub base_end: f64,
    /// Size of the type.
    pub size: f64,
    /// True when the file itself says that a blank follows.
    pub blank_after: bool,
}

impl Word {
    pub fn top(&self) -> f64 {
        self.base - 0.75 * self.size
    }

    pub fn bottom(&self) -> f64 {
        self.base + 0.25 * self.size
    }

    pub fn centre(&self) -> (f64, f64) {
        ((self.x0 + self.x1) / 2.0, self.base - 0.3 * self.size)
    }
}

/// A straight line that was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    pub from: (f64, f64),
    pub to: (f64, f64),
}

impl Stroke {
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }
}

/// A page before its lines are known.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    /// Which page of its file, from 0.
    number: usize,
    /// How far its lines fell per point before they were straightened.
    slope: f64,
    width: f64,
    height: f64,
    words: Vec<Word>,
    level: Vec<grid::Bar>,
    upright: Vec<grid::Bar>,
}

impl Leaf {
    /// A page of this size; words and lines that lie askew are straightened.
    pub fn new(number: usize, (width, height): (f64, f64), mut words: Vec<Word>, strokes: Vec<Stroke>, layout: &Layout) -> Self {
        let slope = skew(&words);
        let straight = |(x, y): (f64, f64)| (x + slope * y, y - slope * x);
        for word in &mut words {
            let (x0, base) = straight((word.x0, word.base));
            let (x1, base_end) = straight((word.x1, word.base_end));
            (word.x0, word.x1, word.base, word.base_end) = (x0, x1, base, base_end);
        }
        let strokes: Vec<Stroke> = strokes.iter().map(|s| Stroke::new(straight(s.from), straight(s.to))).collect();
        let (level, upright) = grid::bars(&strokes, layout);
        for word in &mut words {
            unread_rules(word, &upright, layout);
        }
        words.retain(|w| !w.text.is_empty());
        Self { number, slope, width, height, words, level, upright }
    }
}

/// An OCR reads the walls of a table as `|`; where a line was drawn that is what it is.
fn unread_rules(word: &mut Word, upright: &[grid::Bar], layout: &Layout) {
    if word.text.chars().all(|c| c == '|') && upright.iter().any(|b| (b.at - word.x0).abs() <= 4.0 * layout.join) {
        return word.text.clear();
    }
    let drawn =
        |x: f64| upright.iter().any(|b| (b.at - x).abs() <= 2.0 * layout.join && b.from <= word.base && word.base - word.size <= b.to);
    let (left, right) = (word.text.starts_with('|') && drawn(word.x0), word.text.ends_with('|') && drawn(word.x1));
    if left {
        word.text = word.text.trim_start_matches('|').to_owned();
    }
    if right {
        word.text = word.text.trim_end_matches('|').to_owned();
    }
}

/// How far the lines of a page fall per point to the right; 0 where they are straight or too few to tell.
fn skew(words: &[Word]) -> f64 {
    let mut slopes: Vec<f64> = words.iter().filter(|w| w.x1 - w.x0 > 2.0 * w.size).map(|w| (w.base_end - w.base) / (w.x1 - w.x0)).collect();
    if slopes.len() < 5 {
        return 0.0;
    }
    slopes.sort_by(f64::total_cmp);
    let middle = slopes[slopes.len() / 2];
    if middle.abs() < 0.1 { middle } else { 0.0 }
}

/// One line of the finished page: its cells from left to right.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    top: f64,
    bottom: f64,
    cells: Vec<String>,
}

/// The text of every page: running page numbers set aside, cells parted by tabs.
pub(super) fn pages(leaves: &[Leaf], layout: &Layout) -> Vec<String> {
    let mut pages: Vec<Vec<Line>> = leaves.iter().map(|leaf| lines(leaf, layout)).collect();
    furniture::set_aside(&mut pages, leaves, layout);
    pages.iter().map(|lines| lines.iter().map(|l| l.cells.join("\t")).collect::<Vec<_>>().join("\n")).collect()
}

fn lines(leaf: &Leaf, layout: &Layout) -> Vec<Line> {
    let (tables, free) = grid::tables(leaf, layout);
    let mut lines: Vec<Line> = columns::walls(line::lines(free, layout), leaf.width, layout);
    lines.extend(tables);
    lines.sort_by(|a, b| a.top.total_cmp(&b.top));
    lines
}
