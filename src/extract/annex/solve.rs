//! Arithmetic as evidence: the cheapest reading of a table of figures under which its sums hold, whether that reading is the only one,
//! and, where it is not, which cells the cheapest readings disagree on. An exact search with a bound on its work.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::reading::Costs;
use super::rows::{Line, Reading, Rows};
use super::sums::Sum;

/// How far the search goes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    /// No reading of a row costs more.
    pub row: u32,
    /// Nor all rows together more than their own cheapest readings and this.
    pub table: u32,
    /// Readings tried.
    pub work: u64,
}

/// The rows may cost more by steps of this.
const STEP: u32 = 4;

/// A table of figures to be read.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    /// Number of columns.
    pub columns: usize,
    /// The rows.
    pub rows: &'a [Line],
    /// The total row.
    pub total: Option<&'a Line>,
    /// Columns whose rows should add up to the total row.
    pub added: &'a [usize],
    /// Which columns sum to which.
    pub sums: &'a [Sum],
    /// True when figures may have been misread; false for text that never was an image.
    pub doubted: bool,
}

/// A row after the search.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    /// How many tokens belong to its name.
    pub taken: usize,
    /// For each column what it may hold, and the token it was read from; one where it is settled, and the first is the row as read
    /// where it is not.
    pub cells: Vec<Vec<(Option<i64>, Option<usize>)>>,
    /// True when no reading was found in which its sums hold.
    pub broken: bool,
}

/// What the search came to.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    /// The rows, then the total row if there is one.
    pub rows: Vec<Settled>,
    /// The columns whose rows add up to the total row.
    pub added: Vec<usize>,
    /// What the cheapest reading costs; `None` where none was found in which all sums hold.
    pub cost: Option<u32>,
    /// False when the bound was reached.
    pub finished: bool,
}

/// Reads `sheet`.
pub(super) fn solve(sheet: &Sheet<'_>, costs: &Costs, limits: Limits) -> Solved {
    let lines: Vec<&Line> = sheet.rows.iter().chain(sheet.total).collect();
    let rows = Rows { columns: sheet.columns, sums: sheet.sums, costs, doubted: sheet.doubted, gaps: gaps(sheet) };
    let mut search = Search { sheet, rows, limits, lines, work: 0 };
    let mut solved = Solved { rows: Vec::new(), added: Vec::new(), cost: Some(0), finished: true };
    solved.rows = search.lines.iter().map(|l| settled(&[search.rows.as_it_stands(l)], sheet.columns)).collect();
    for part in parts(sheet) {
        search.settle(&part, &mut solved);
    }
    solved.added.sort_unstable();
    solved.finished = search.work < limits.work;
    solved
}

/// Groups of columns that can be read apart from each other: by their sums where every cell has its place, else all together.
fn parts(sheet: &Sheet<'_>) -> Vec<Vec<usize>> {
    if !sheet.rows.iter().chain(sheet.total).all(|l| l.placed) {
        return vec![(0..sheet.columns).collect()];
    }
    let mut group: Vec<usize> = (0..sheet.columns).collect();
    for sum in sheet.sums {
        for part in &sum.parts {
            let (from, to) = (group[*part], group[sum.target]);
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
        }
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    group.iter().enumerate().for_each(|(column, g)| parts.entry(*g).or_default().push(column));
    parts.into_values().collect()
}

/// For each column, what the total has more than the rows as read.
fn gaps(sheet: &Sheet<'_>) -> Vec<Option<i64>> {
    let placed = sheet.rows.iter().chain(sheet.total).all(|l| l.placed);
    let value = |line: &Line, c: usize| line.tokens.get(c).and_then(|t| t.value);
    let gap = |c: usize| {
        let total = sheet.total.filter(|_| placed && sheet.added.contains(&c)).and_then(|t| value(t, c))?;
        Some(total - sheet.rows.iter().filter_map(|r| value(r, c)).sum::<i64>()).filter(|g| *g > 0)
    };
    (0..sheet.columns).map(gap).collect()
}

fn settled(readings: &[Reading], columns: usize) -> Settled {
    let mut cells = vec![Vec::new(); columns];
    for reading in readings {
        for (c, cell) in cells.iter_mut().enumerate() {
            let here = (reading.values[c], reading.tokens[c]);
            if !cell.contains(&here) {
                cell.push(here);
            }
        }
    }
    Settled { taken: readings.first().map_or(0, |r| r.taken), cells, broken: false }
}

struct Search<'a> {
    sheet: &'a Sheet<'a>,
    rows: Rows<'a>,
    limits: Limits,
    lines: Vec<&'a Line>,
    work: u64,
}

impl Search<'_> {
    /// Finds the cheapest reading of the columns `part` under which the rows add up, and writes it into `solved`. A column whose total
    /// can't be met is let go; where no reading is found at all the rows keep their own cheapest.
    fn settle(&mut self, part: &[usize], solved: &mut Solved) {
        let lowest: Vec<Vec<Reading>> = self.lines.clone().into_iter().map(|l| self.cheapest(l, part)).collect();
        let mut added: Vec<usize> = self.sheet.added.iter().copied().filter(|c| part.contains(c)).collect();
        let wanted = added.len();
        let mut found = self.deepen(part, &added, &lowest);
        if found.is_none() && added.len() > 1 {
            added.retain(|c| self.deepen(part, &[*c], &lowest).is_some());
            found = self.deepen(part, &added, &lowest);
        }
        let least: u32 = lowest.iter().filter_map(|r| r.first()).map(|r| r.cost).sum();
        let whole = found.is_some() && added.len() == wanted && lowest.iter().all(|r| !r.is_empty());
        solved.cost = solved.cost.zip(found.as_ref().filter(|_| whole)).map(|(cost, (_, extra))| cost + least + extra);
        if found.is_none() {
            added.clear();
        }
        solved.added.extend(&added);
        for (i, readings) in found.map_or(lowest, |(rows, _)| rows).into_iter().enumerate() {
            let row = &mut solved.rows[i];
            if readings.is_empty() {
                row.broken = true;
                continue;
            }
            let new = settled(&readings, self.sheet.columns);
            row.taken = new.taken;
            part.iter().for_each(|c| row.cells[*c].clone_from(&new.cells[*c]));
        }
    }

    /// The readings of a row that cost least, by the sums alone; none where no sum can be made to hold.
    fn cheapest(&mut self, line: &Line, part: &[usize]) -> Vec<Reading> {
        let mut cap = 0;
        while cap <= self.limits.row && self.work < self.limits.work {
            let readings = self.rows.readings(line, part, cap, &mut self.work, self.limits.work);
            if let Some(least) = readings.first().map(|r| r.cost) {
                return readings.into_iter().filter(|r| r.cost == least).collect();
            }
            cap += STEP;
        }
        Vec::new()
    }

    /// Lets the rows cost more, step by step, until they add up in the columns `added`.
    fn deepen(&mut self, part: &[usize], added: &[usize], lowest: &[Vec<Reading>]) -> Option<(Vec<Vec<Reading>>, u32)> {
        let mut slack = 0;
        while slack <= self.limits.table && self.work < self.limits.work {
            let mut readings = Vec::with_capacity(lowest.len());
            for (line, low) in self.lines.clone().into_iter().zip(lowest) {
                readings.push(match low.first().filter(|_| slack > 0) {
                    Some(r) => {
                        self.rows.readings(line, part, (r.cost + slack).min(self.limits.row.max(r.cost)), &mut self.work, self.limits.work)
                    }
                    None => low.clone(),
                });
            }
            if let Some(found) = self.add_up(&readings, added, slack) {
                return Some(found);
            }
            slack += STEP;
        }
        None
    }

    /// The cheapest choice of one reading a row whose columns `added` add up to the last row, all extra costs at most `slack`: for each
    /// row the readings that stand in some cheapest choice, and the extra cost. A row that no sum fits counts as it stands.
    fn add_up(&mut self, readings: &[Vec<Reading>], added: &[usize], slack: u32) -> Option<(Vec<Vec<Reading>>, u32)> {
        let last = readings.len().checked_sub(1)?;
        let totalled = self.sheet.total.is_some();
        let vector = |row: usize, r: &Reading| {
            let sign = if totalled && row == last { -1 } else { 1 };
            added.iter().map(|c| sign * r.values[*c].unwrap_or(0)).collect::<Vec<i64>>()
        };
        let mut moves: Vec<Vec<(Vec<i64>, u32)>> = Vec::with_capacity(readings.len());
        for (i, row) in readings.iter().enumerate() {
            let least = row.first().map_or(0, |r| r.cost);
            moves.push(match row.is_empty() {
                true => vec![(vector(i, &self.rows.as_it_stands(self.lines[i])), 0)],
                false => row.iter().map(|r| (vector(i, r), r.cost - least)).collect(),
            });
        }
        let layers = self.layers(&moves, added.len(), slack)?;
        let cost = *layers.last()?.get(&vec![0; added.len()])?;
        let kept = trace(&moves, &layers, cost);
        let rows = kept.iter().zip(readings).map(|(kept, row)| kept.iter().filter_map(|i| row.get(*i).cloned()).collect());
        Some((rows.collect(), cost))
    }

    /// Layer by layer, what the first rows can add up to, and the least it costs.
    fn layers(&mut self, moves: &[Vec<(Vec<i64>, u32)>], width: usize, slack: u32) -> Option<Vec<HashMap<Vec<i64>, u32>>> {
        let reach = reach(moves, width);
        let mut layers: Vec<HashMap<Vec<i64>, u32>> = vec![HashMap::from([(vec![0; width], 0)])];
        for (i, row) in moves.iter().enumerate() {
            let mut next: HashMap<Vec<i64>, u32> = HashMap::new();
            for (state, cost) in &layers[i] {
                // Readings are sorted by cost: the first too dear ends the row.
                for (step, extra) in row.iter().take_while(|(_, extra)| cost + extra <= slack) {
                    self.work += 1;
                    let state: Vec<i64> = state.iter().zip(step).map(|(a, b)| a + b).collect();
                    if state.iter().zip(&reach[i + 1]).all(|(s, (low, high))| *low <= -s && -s <= *high) {
                        let known = next.entry(state).or_insert(cost + extra);
                        *known = (*known).min(cost + extra);
                    }
                }
                if self.work >= self.limits.work {
                    return None;
                }
            }
            layers.push(next);
        }
        Some(layers)
    }
}

/// Walks back from the end: for each row, the readings that lie on a cheapest way.
fn trace(moves: &[Vec<(Vec<i64>, u32)>], layers: &[HashMap<Vec<i64>, u32>], cost: u32) -> Vec<Vec<usize>> {
    let width = layers.first().and_then(|l| l.keys().next()).map_or(0, Vec::len);
    let mut after: HashMap<Vec<i64>, u32> = HashMap::from([(vec![0; width], 0)]);
    let mut kept: Vec<Vec<usize>> = vec![Vec::new(); moves.len()];
    for i in (0..moves.len()).rev() {
        let mut before: HashMap<Vec<i64>, u32> = HashMap::new();
        for (r, (step, extra)) in moves[i].iter().enumerate() {
            for (end, rest) in &after {
                let start: Vec<i64> = end.iter().zip(step).map(|(e, s)| e - s).collect();
                if layers[i].get(&start).is_some_and(|c| c + extra + rest == cost) {
                    before.insert(start, extra + rest);
                    if kept[i].last() != Some(&r) {
                        kept[i].push(r);
                    }
                }
            }
        }
        after = before;
    }
    kept
}

/// For each row, how little and how much the rows from it on can add, column by column.
fn reach(moves: &[Vec<(Vec<i64>, u32)>], width: usize) -> Vec<Vec<(i64, i64)>> {
    let mut reach = vec![vec![(0, 0); width]; moves.len() + 1];
    for i in (0..moves.len()).rev() {
        for c in 0..width {
            let low = moves[i].iter().map(|(v, _)| v[c]).min().unwrap_or(0);
            let high = moves[i].iter().map(|(v, _)| v[c]).max().unwrap_or(0);
            reach[i][c] = (reach[i + 1][c].0 + low, reach[i + 1][c].1 + high);
        }
    }
    reach
}

#[cfg(test)]
#[path = "solve_tests.rs"]
mod tests;
