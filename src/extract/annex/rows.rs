//! The ways to read one row: where its figures stand, which of them were misread, so that the sums within the row hold.

use std::collections::{BTreeMap, HashMap};

use super::reading::{Costs, Token};
use super::sums::Sum;

/// A row as it was read.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its cells.
    pub tokens: Vec<Token>,
    /// True when the tokens stand one in each column; else only their order is known.
    pub placed: bool,
    /// How many tokens in front may belong to the row's name, and what that costs.
    pub name_takes: Vec<(usize, u32)>,
}

/// One way to read a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reading {
    /// What it costs.
    pub cost: u32,
    /// One value a column, in thousandths.
    pub values: Vec<Option<i64>>,
    /// The token that stands in each column.
    pub tokens: Vec<Option<usize>>,
    /// How many tokens belong to the row's name.
    pub taken: usize,
}

/// What the readings of a row rest on.
pub(super) struct Rows<'a> {
    /// Number of columns.
    pub columns: usize,
    /// Which columns sum to which.
    pub sums: &'a [Sum],
    /// What readings cost.
    pub costs: &'a Costs,
    /// True when figures may have been misread.
    pub doubted: bool,
    /// For each column, what the total row has more than the rows as read: a lost cell may hold it.
    pub gaps: Vec<Option<i64>>,
}

/// Tokens put into columns.
struct Placement {
    places: Vec<Option<usize>>,
    taken: usize,
    cost: u32,
}

/// What a token may be, and what that costs.
#[derive(Default)]
struct Options {
    all: Vec<(Option<i64>, u32)>,
    price: HashMap<i64, u32>,
}

/// One row, its tokens in their places, and what is asked of it.
struct Row<'a> {
    rows: &'a Rows<'a>,
    sums: &'a [&'a Sum],
    part: &'a [usize],
    /// What each cell may be; nothing for a blank one.
    cells: Vec<Option<&'a Options>>,
    values: Vec<Option<i64>>,
    /// Cells of `part` that are no figures, and must be read as something.
    unread: Vec<usize>,
    cap: u32,
}

impl Rows<'_> {
    /// Every reading of `line` that costs `cap` at most and in which the sums within the columns `part` hold, cheapest first. `work` is
    /// counted up to `most`; past it readings are missing.
    pub fn readings(&self, line: &Line, part: &[usize], cap: u32, work: &mut u64, most: u64) -> Vec<Reading> {
        let mut found: BTreeMap<(Vec<Option<i64>>, usize), Reading> = BTreeMap::new();
        let options: Vec<Options> = line.tokens.iter().map(|t| self.options(t, cap)).collect();
        let sums: Vec<&Sum> = self.sums.iter().filter(|s| part.contains(&s.target)).collect();
        for (taken, cost) in line.name_takes.iter().filter(|(_, c)| *c <= cap) {
            for placement in self.placements(line, *taken, *cost, work, most) {
                let cell = |p: &Option<usize>| p.filter(|t| !line.tokens[*t].blank).map(|t| &options[t]);
                let values: Vec<Option<i64>> = placement.places.iter().map(|p| p.and_then(|t| line.tokens[t].value)).collect();
                let cells: Vec<Option<&Options>> = placement.places.iter().map(cell).collect();
                let unread = part.iter().copied().filter(|c| cells[*c].is_some() && values[*c].is_none()).collect();
                let row = Row { rows: self, sums: &sums, part, cells, values, unread, cap };
                row.vary(placement.cost, work, most, &mut |values, cost| {
                    let reading = Reading { cost, values: values.to_vec(), tokens: placement.places.clone(), taken: placement.taken };
                    let known = found.entry((reading.values.clone(), reading.taken)).or_insert_with(|| reading.clone());
                    if cost < known.cost {
                        *known = reading;
                    }
                });
            }
        }
        let mut readings: Vec<Reading> = found.into_values().collect();
        readings.sort();
        readings
    }

    fn options(&self, token: &Token, cap: u32) -> Options {
        if !self.doubted || cap == 0 {
            return Options::default();
        }
        let all = self.costs.readings(token, cap);
        let price = all.iter().filter_map(|(v, p)| Some(((*v)?, *p))).collect();
        Options { all, price }
    }

    /// Every way to put the tokens after the first `taken` into columns, in order.
    fn placements(&self, line: &Line, taken: usize, cost: u32, work: &mut u64, most: u64) -> Vec<Placement> {
        let count = line.tokens.len().saturating_sub(taken);
        if line.placed {
            let places = (0..self.columns).map(|c| (c < count).then_some(c + taken)).collect();
            return vec![Placement { places, taken, cost }];
        }
        if count > self.columns {
            return Vec::new();
        }
        let mut chosen: Vec<usize> = (0..count).collect();
        let mut out = Vec::new();
        loop {
            *work += 1;
            let mut places = vec![None; self.columns];
            chosen.iter().enumerate().for_each(|(i, c)| places[*c] = Some(i + taken));
            out.push(Placement { places, taken, cost });
            // The next choice of columns, the last token moving first.
            let Some(i) = (0..count).rev().find(|i| chosen[*i] < self.columns - count + i).filter(|_| *work < most) else { return out };
            chosen[i] += 1;
            (i + 1..count).for_each(|j| chosen[j] = chosen[j - 1] + 1);
        }
    }

    /// The row as it was read, its tokens from the left; the name takes what it takes most cheaply.
    pub fn as_it_stands(&self, line: &Line) -> Reading {
        let room = |taken: &usize| line.tokens.len().saturating_sub(*taken) <= self.columns;
        let (taken, cost) = line.name_takes.iter().filter(|(t, _)| room(t)).min_by_key(|(_, c)| *c).copied().unwrap_or((0, 0));
        let tokens: Vec<Option<usize>> = (0..self.columns).map(|c| Some(c + taken).filter(|t| *t < line.tokens.len())).collect();
        let values = tokens.iter().map(|t| t.and_then(|t| line.tokens[t].value)).collect();
        Reading { cost, values, tokens, taken }
    }
}

impl Row<'_> {
    /// The row as it is, then with one cell changed, then with two, wherever the sums hold.
    fn vary(&self, cost: u32, work: &mut u64, most: u64, found: &mut dyn FnMut(&[Option<i64>], u32)) {
        *work += 1;
        if self.unread.is_empty() || !self.rows.doubted {
            self.keep(&self.values, cost, found);
        }
        if !self.rows.doubted || self.unread.len() > 2 {
            return;
        }
        let mut values = self.values.clone();
        for (i, a) in self.part.iter().enumerate() {
            for (value, price) in self.first_changes(*a, self.cap - cost) {
                *work += 1;
                if *work >= most {
                    return;
                }
                values[*a] = value;
                if self.unread.iter().all(|u| u == a) {
                    self.keep(&values, cost + price, found);
                }
                self.second(i, &mut values, cost + price, work, found);
            }
            values[*a] = self.values[*a];
        }
    }

    fn keep(&self, values: &[Option<i64>], cost: u32, found: &mut dyn FnMut(&[Option<i64>], u32)) {
        if cost <= self.cap && self.sums.iter().all(|s| s.holds(values)) {
            found(values, cost);
        }
    }

    /// What else cell `c` may be, at a price of `left` at most.
    fn first_changes(&self, c: usize, left: u32) -> Vec<(Option<i64>, u32)> {
        let unread = self.unread.contains(&c);
        let other = |o: &&(Option<i64>, u32)| o.1 <= left && (o.0 != self.values[c] || unread);
        let Some(options) = self.cells[c] else {
            let price = self.rows.costs.cell_lost;
            let wanted = self.sums.iter().filter_map(|s| wanted(s, &self.values, c)).chain(self.rows.gaps[c]);
            let mut wanted: Vec<i64> = wanted.filter(|v| *v > 0 && price <= left).collect();
            wanted.dedup();
            return wanted.into_iter().map(|v| (Some(v), price)).collect();
        };
        options.all.iter().filter(other).copied().collect()
    }

    /// Changes a second cell, after the first in `part`, to what the sums ask for.
    fn second(&self, first: usize, values: &mut [Option<i64>], cost: u32, work: &mut u64, found: &mut dyn FnMut(&[Option<i64>], u32)) {
        let left = self.cap.saturating_sub(cost);
        if left == 0 || self.sums.is_empty() {
            return;
        }
        for b in self.part[first + 1..].iter().copied() {
            if !self.unread.iter().all(|u| *u == self.part[first] || *u == b) {
                continue;
            }
            *work += 1;
            let mut asked = self.sums.iter().filter_map(|s| wanted(s, values, b));
            let Some(value) = asked.next().filter(|v| *v >= 0) else { continue };
            if values[b] == Some(value) || asked.any(|v| v != value) {
                continue;
            }
            if let Some((value, price)) = self.price(b, value, left) {
                let before = std::mem::replace(&mut values[b], value);
                self.keep(values, cost + price, found);
                values[b] = before;
            }
        }
    }

    /// How cell `c` comes to count `value`, and what that costs, if it costs `left` at most: what counts nothing may be empty.
    fn price(&self, c: usize, value: i64, left: u32) -> Option<(Option<i64>, u32)> {
        let Some(options) = self.cells[c] else {
            return Some((Some(value), self.rows.costs.cell_lost)).filter(|(_, p)| value > 0 && *p <= left);
        };
        let figure = options.price.get(&value).map(|p| (Some(value), *p));
        let empty = options.all.iter().find(|(v, _)| v.is_none() && value == 0).copied();
        figure.into_iter().chain(empty).min_by_key(|(_, p)| *p).filter(|(_, p)| *p <= left)
    }
}

/// What cell `c` must hold for `sum` to hold; `None` where it is no part of it.
fn wanted(sum: &Sum, row: &[Option<i64>], c: usize) -> Option<i64> {
    let gap = sum.gap(row);
    let here = row[c].unwrap_or(0);
    if sum.target == c { Some(here - gap) } else { sum.parts.contains(&c).then_some(here + gap) }
}
