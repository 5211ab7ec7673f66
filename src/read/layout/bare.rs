//! Tables without drawn lines: two or more strips of white that run down the page part the columns, and the lines of a wrapped cell are
//! put together again.

use std::ops::Range;

use super::columns::Gap;
use super::line::{Row, join};
use super::{Layout, Line, Text, Word};

/// Rows of print that make up one table.
#[derive(Debug)]
pub(super) struct Table {
    pub rows: Range<usize>,
    /// The strips of white between its columns, left and right.
    gutters: Vec<(f64, f64)>,
}

/// The tables among the rows of a page; `gaps` are those of each row.
pub(super) fn tables(rows: &[Row], gaps: &[Vec<Gap>], layout: &Layout) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        match grow(rows, gaps, at, layout) {
            Some(table) => {
                at = table.rows.end;
                tables.push(table);
            }
            None => at += 1,
        }
    }
    tables
}

/// The table that begins at row `first`, whose gaps are its gutters as far as the rows below leave them white.
fn grow(rows: &[Row], gaps: &[Vec<Gap>], first: usize, layout: &Layout) -> Option<Table> {
    let mut gutters: Vec<(f64, f64)> = gaps[first].iter().map(|g| (g.x0, g.x1)).collect();
    if gutters.len() < 2 {
        return None;
    }
    let (mut end, mut full) = (first + 1, 1);
    for i in first + 1..rows.len() {
        let row = &rows[i];
        if row.top() - rows[i - 1].bottom() > 2.0 * row.em() {
            break;
        }
        let Some(narrowed) = narrowed(row, &gutters, layout) else { break };
        // A wide gap where no gutter is: more columns begin here.
        let strange = |g: &Gap| g.x1 - g.x0 >= layout.wall_em * row.em() && !narrowed.iter().any(|(x0, x1)| g.x0 < *x1 && *x0 < g.x1);
        if gaps[i].iter().any(strange) {
            break;
        }
        gutters = narrowed;
        full += usize::from(cells(row, &gutters).iter().all(|c| !c.is_empty()));
        end = i + 1;
    }
    // Lines below the last full row may be its cells going on; a single full row is no table.
    (full >= 2 && end - first >= 3).then_some(Table { rows: first..end, gutters })
}

/// What `row` leaves white of the gutters; `None` where it crosses one.
fn narrowed(row: &Row, gutters: &[(f64, f64)], layout: &Layout) -> Option<Vec<(f64, f64)>> {
    let least = layout.gutter_em * row.em();
    let one = |&(x0, x1): &(f64, f64)| {
        let middle = (x0 + x1) / 2.0;
        let left = row.words.iter().filter(|w| (w.x0 + w.x1) / 2.0 < middle).map(|w| w.x1).fold(x0, f64::max);
        let right = row.words.iter().filter(|w| (w.x0 + w.x1) / 2.0 >= middle).map(|w| w.x0).fold(x1, f64::min);
        (right - left >= least).then_some((left, right))
    };
    gutters.iter().map(one).collect()
}

/// The words of each column.
fn cells(row: &Row, gutters: &[(f64, f64)]) -> Vec<Vec<Word>> {
    let mut cells = vec![Vec::new(); gutters.len() + 1];
    for word in &row.words {
        let column = gutters.iter().filter(|(x0, x1)| (word.x0 + word.x1) / 2.0 > (x0 + x1) / 2.0).count();
        cells[column].push(word.clone());
    }
    cells
}

impl Table {
    /// One line for each row of the table.
    pub fn lines(&self, rows: &[Row], layout: &Layout) -> Vec<Line> {
        let rows = &rows[self.rows.clone()];
        let starts = self.starts(rows, layout);
        let ends = starts.iter().skip(1).copied().chain([rows.len()]);
        let line = |(from, to): (usize, usize)| {
            let printed: Vec<Vec<Vec<Word>>> = rows[from..to].iter().map(|r| cells(r, &self.gutters)).collect();
            let cell = |column: usize| {
                let parts = printed.iter().map(|cells| join(&cells[column], layout)).filter(|t| !t.text.is_empty());
                Text::joined(parts, " ")
            };
            Line { top: rows[from].top(), bottom: rows[to - 1].bottom(), cells: (0..=self.gutters.len()).map(cell).collect() }
        };
        starts.iter().copied().zip(ends).map(line).collect()
    }

    /// The rows of print at which a row of the table begins: those that stand apart from the ones above, or, where all stand equally
    /// close, those with something in the first column.
    fn starts(&self, rows: &[Row], layout: &Layout) -> Vec<usize> {
        let pitch: Vec<f64> = rows.windows(2).map(|r| r[1].base() - r[0].base()).collect();
        let least = pitch.iter().copied().filter(|p| *p > 0.3 * rows[0].em()).fold(f64::INFINITY, f64::min);
        let apart = |i: usize| i == 0 || pitch[i - 1] > layout.record_pitch * least;
        let first = |i: usize| i == 0 || !cells(&rows[i], &self.gutters)[0].is_empty();
        let by_space: Vec<usize> = (0..rows.len()).filter(|&i| apart(i)).collect();
        let wrapped = by_space.len() < rows.len() && by_space.len() >= 2;
        if wrapped { by_space } else { (0..rows.len()).filter(|&i| first(i)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Leaf;
    use super::*;
    use crate::rules::RuleBook;

    /// Words on lines at the given heights, each `(x, text)` a word of 6 points a letter.
    fn page(lines: &[(f64, &[(f64, &str)])]) -> Vec<String> {
        let layout: Layout = RuleBook::embedded().load("read/layout.yaml").expect("our own rules");
        let mut words = Vec::new();
        for (base, line) in lines {
            for (x, text) in *line {
                let mut x0 = *x;
                for part in text.split(' ') {
                    let x1 = x0 + 6.0 * part.chars().count() as f64;
                    let (base, text) = (*base, part.to_owned());
                    words.push(Word { text, x0, x1, base, base_end: base, size: 12.0, blank_after: true, confidence: 100 });
                    x0 = x1 + 3.0;
                }
            }
        }
        let leaf = Leaf::new(0, (595.0, 842.0), words, Vec::new(), &layout);
        super::super::pages(&[leaf], &layout)[0].text.split('\n').map(str::to_owned).collect()
    }

    #[test]
    fn wrapped_cells_of_a_table_without_lines_are_put_together() {
        let lines: &[(f64, &[(f64, &str)])] = &[
            (100.0, &[(80.0, "Đợt"), (160.0, "Nội dung"), (400.0, "Thời gian")]),
            (122.0, &[(80.0, "Đợt một"), (160.0, "Rà soát các tuyến đường"), (400.0, "Trước ngày")]),
            (136.0, &[(160.0, "còn thiếu cây"), (400.0, "15/02/2025")]),
            (150.0, &[(160.0, "bóng mát")]),
            (172.0, &[(80.0, "Đợt hai"), (160.0, "Nhận cây"), (400.0, "Tháng 3")]),
        ];
        let told = [
            "Đợt\tNội dung\tThời gian",
            "Đợt một\tRà soát các tuyến đường còn thiếu cây bóng mát\tTrước ngày 15/02/2025",
            "Đợt hai\tNhận cây\tTháng 3",
        ];
        assert_eq!(page(lines), told);
    }

    #[test]
    fn two_columns_and_running_text_are_no_table() {
        let lines: &[(f64, &[(f64, &str)])] = &[
            (100.0, &[(80.0, "UBND XÃ"), (300.0, "CỘNG HÒA")]),
            (116.0, &[(80.0, "Số: 05"), (300.0, "Độc lập")]),
            (150.0, &[(80.0, "Các thôn đăng ký số hộ tham gia và gửi về xã")]),
            (166.0, &[(80.0, "trước ngày 15 tháng 02 năm nay")]),
        ];
        assert_eq!(page(lines).len(), 4);
    }
}
