//! Tables from drawn lines: where they cross is the grid, where one is missing two cells are one.

use std::collections::BTreeMap;

use super::line::{self, join};
use super::{Layout, Leaf, Line, Stroke, Text, Word};

/// A level or upright line: its place across, and from where to where it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// The level and the upright lines among `strokes`, pieces joined, each sorted by place.
pub(super) fn bars(strokes: &[Stroke], layout: &Layout) -> (Vec<Bar>, Vec<Bar>) {
    let (mut level, mut upright) = (Vec::new(), Vec::new());
    for s in strokes {
        let (dx, dy) = ((s.to.0 - s.from.0).abs(), (s.to.1 - s.from.1).abs());
        if dx > 20.0 * dy {
            level.push(Bar { at: (s.from.1 + s.to.1) / 2.0, from: s.from.0.min(s.to.0), to: s.from.0.max(s.to.0) });
        } else if dy > 20.0 * dx {
            upright.push(Bar { at: (s.from.0 + s.to.0) / 2.0, from: s.from.1.min(s.to.1), to: s.from.1.max(s.to.1) });
        }
    }
    (merged(level, layout), merged(upright, layout))
}

/// Pieces of one line become the line; what stays short is no table's line.
fn merged(mut bars: Vec<Bar>, layout: &Layout) -> Vec<Bar> {
    bars.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut lines: Vec<Bar> = Vec::new();
    let mut from = 0;
    while from < bars.len() {
        let to = from + bars[from..].partition_point(|b| b.at <= bars[from].at + layout.join);
        let group = &mut bars[from..to];
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        for bar in group.iter() {
            match lines.last_mut().filter(|l| l.at >= bars_at(bar, layout) && bar.from <= l.to + layout.join) {
                Some(line) => line.to = line.to.max(bar.to),
                None => lines.push(*bar),
            }
        }
        from = to;
    }
    lines.retain(|b| b.to - b.from >= layout.rule_short);
    lines
}

fn bars_at(bar: &Bar, layout: &Layout) -> f64 {
    bar.at - 2.0 * layout.join
}

/// The lines of one table and the grid they make.
#[derive(Debug)]
struct Grid {
    xs: Vec<f64>,
    ys: Vec<f64>,
    level: Vec<Bar>,
    upright: Vec<Bar>,
}

/// The rows of all ruled tables of a page as lines, and the words that stand outside them.
pub(super) fn tables(leaf: &Leaf, layout: &Layout) -> (Vec<Line>, Vec<Word>) {
    let grids = grids(leaf, layout);
    let mut inside: Vec<Vec<Word>> = grids.iter().map(|_| Vec::new()).collect();
    let mut free = Vec::new();
    for word in &leaf.words {
        let (x, y) = word.centre();
        // Of a table within a table the inner one takes the word.
        let holds = |g: &Grid| x >= g.xs[0] && x <= g.xs[g.xs.len() - 1] && y >= g.ys[0] && y <= g.ys[g.ys.len() - 1];
        let area = |g: &Grid| (g.xs[g.xs.len() - 1] - g.xs[0]) * (g.ys[g.ys.len() - 1] - g.ys[0]);
        let holder = (0..grids.len()).filter(|&i| holds(&grids[i])).min_by(|&a, &b| area(&grids[a]).total_cmp(&area(&grids[b])));
        match holder {
            Some(i) => inside[i].push(word.clone()),
            None => free.push(word.clone()),
        }
    }
    let rows = grids.iter().zip(inside).flat_map(|(grid, words)| grid.rows(words, layout)).collect();
    (rows, free)
}

/// A cell of a ruled table, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Frame {
    /// Which table of the page, and which of its rows.
    pub row: (usize, usize),
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

/// The cells of all ruled tables of a page, row by row.
pub(in super::super) fn frames(leaf: &Leaf, layout: &Layout) -> Vec<Frame> {
    let mut frames = Vec::new();
    for (table, grid) in grids(leaf, layout).iter().enumerate() {
        let mut cells: BTreeMap<usize, Frame> = BTreeMap::new();
        for (slot, cell) in grid.cells(layout).into_iter().enumerate() {
            let (row, column) = (slot / grid.columns(), slot % grid.columns());
            let (x0, x1, y0, y1) = (grid.xs[column], grid.xs[column + 1], grid.ys[row], grid.ys[row + 1]);
            let frame = cells.entry(cell).or_insert(Frame { row: (table, row), x0, y0, x1, y1 });
            (frame.x1, frame.y1) = (frame.x1.max(x1), frame.y1.max(y1));
            (frame.x0, frame.y0) = (frame.x0.min(x0), frame.y0.min(y0));
        }
        frames.extend(cells.into_values());
    }
    frames
}

/// Lines that cross each other, directly or by way of others, are one table.
fn grids(leaf: &Leaf, layout: &Layout) -> Vec<Grid> {
    let (level, upright) = (&leaf.level, &leaf.upright);
    let mut group: Vec<usize> = (0..level.len() + upright.len()).collect();
    for (i, h) in level.iter().enumerate() {
        for (j, v) in upright.iter().enumerate() {
            let crosses = |a: &Bar, b: &Bar| a.at >= b.from - layout.join && a.at <= b.to + layout.join;
            if crosses(h, v) && crosses(v, h) {
                unite(&mut group, i, level.len() + j);
            }
        }
    }
    let mut grids = Vec::new();
    for root in 0..group.len() {
        if find(&mut group, root) != root {
            continue;
        }
        let members = |from: usize, bars: &[Bar], group: &mut Vec<usize>| -> Vec<Bar> {
            bars.iter().enumerate().filter(|(i, _)| find(group, from + i) == root).map(|(_, b)| *b).collect()
        };
        let (h, v) = (members(0, level, &mut group), members(level.len(), upright, &mut group));
        grids.extend(Grid::new(h, v, layout));
    }
    grids
}

fn find(group: &mut [usize], mut i: usize) -> usize {
    while group[i] != i {
        group[i] = group[group[i]];
        i = group[i];
    }
    i
}

fn unite(group: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(group, a), find(group, b));
    group[a.max(b)] = a.min(b);
}

impl Grid {
    /// A grid of at least two columns; a mere frame around words is none.
    fn new(level: Vec<Bar>, upright: Vec<Bar>, layout: &Layout) -> Option<Self> {
        let ends = |bars: &[Bar]| {
            let from = bars.iter().map(|b| b.from).fold(f64::INFINITY, f64::min);
            [from, bars.iter().map(|b| b.to).fold(f64::NEG_INFINITY, f64::max)]
        };
        if level.len() < 2 || upright.len() < 2 {
            return None;
        }
        // A table may be open at its sides: its level lines then run on beyond the last upright one.
        let xs = places(upright.iter().map(|b| b.at).chain(ends(&level)), layout);
        let ys = places(level.iter().map(|b| b.at).chain(ends(&upright)), layout);
        let fits = (3..=layout.table_columns + 1).contains(&xs.len()) && (2..=layout.table_rows + 1).contains(&ys.len());
        fits.then_some(Self { xs, ys, level, upright })
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    /// For every slot of the grid the slot that stands for its cell: slots without a line between them are one cell.
    fn cells(&self, layout: &Layout) -> Vec<usize> {
        let columns = self.columns();
        let rows = self.ys.len() - 1;
        let mut cells: Vec<usize> = (0..columns * rows).collect();
        for r in 0..rows {
            for c in 0..columns {
                let slot = r * columns + c;
                if c + 1 < columns && !walled(&self.upright, self.xs[c + 1], (self.ys[r], self.ys[r + 1]), layout) {
                    unite(&mut cells, slot, slot + 1);
                }
                if r + 1 < rows && !walled(&self.level, self.ys[r + 1], (self.xs[c], self.xs[c + 1]), layout) {
                    unite(&mut cells, slot, slot + columns);
                }
            }
        }
        (0..cells.len()).map(|i| find(&mut cells, i)).collect()
    }

    fn rows(&self, words: Vec<Word>, layout: &Layout) -> Vec<Line> {
        let cells = self.cells(layout);
        let columns = self.columns();
        let mut inside: Vec<Vec<Word>> = vec![Vec::new(); cells.len()];
        for word in words {
            let (x, y) = word.centre();
            let column = self.xs.partition_point(|&at| at <= x).saturating_sub(1).min(columns - 1);
            let row = self.ys.partition_point(|&at| at <= y).saturating_sub(1).min(self.ys.len() - 2);
            inside[cells[row * columns + column]].push(word);
        }
        let texts: Vec<Text> = inside.into_iter().map(|words| cell_text(words, layout)).collect();
        let rows = texts.chunks(columns).zip(self.ys.windows(2));
        let filled = rows.filter(|(row, _)| row.iter().any(|cell| !cell.text.is_empty()));
        filled.map(|(row, ys)| Line { top: ys[0], bottom: ys[1], cells: row.to_vec() }).collect()
    }
}

fn cell_text(words: Vec<Word>, layout: &Layout) -> Text {
    Text::joined(line::lines(words, layout).iter().map(|row| join(&row.words, layout)), " ")
}

/// Sorted places, those too near to tell apart as one.
fn places(all: impl Iterator<Item = f64>, layout: &Layout) -> Vec<f64> {
    let mut all: Vec<f64> = all.filter(|p| p.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|b, a| *b - *a <= 2.0 * layout.join);
    all
}

/// True when lines at this place cover enough of the side between two places.
fn walled(bars: &[Bar], at: f64, (from, to): (f64, f64), layout: &Layout) -> bool {
    let near = bars.iter().filter(|b| (b.at - at).abs() <= 2.0 * layout.join);
    let covered: f64 = near.map(|b| (b.to.min(to) - b.from.max(from)).max(0.0)).fold(0.0, f64::max);
    covered >= layout.cover * (to - from)
}
