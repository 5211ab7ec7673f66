//! Walls between columns where no line is drawn: the two-column head and foot of a letter, and gaps too wide for a blank.

use super::line::{Row, join};
use super::{Layout, Line, Text, bare};

/// A gap between two words of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    /// Index of the word after it.
    pub before: usize,
    pub x0: f64,
    pub x1: f64,
}

/// Rows that stand in two columns, and the strip of paper between them.
#[derive(Debug)]
struct Block {
    first: usize,
    last: usize,
    x0: f64,
    x1: f64,
}

/// Rows to lines, with their cells.
pub(super) fn walls(rows: Vec<Row>, width: f64, layout: &Layout) -> Vec<Line> {
    let gaps: Vec<Vec<Gap>> = rows.iter().map(|r| gaps(r, layout)).collect();
    let tables = bare::tables(&rows, &gaps, layout);
    let within = |i: usize| tables.iter().position(|t| t.rows.contains(&i));
    let blocks = blocks(&rows, &gaps, width, layout);
    let mut lines = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        if let Some(table) = within(i) {
            if tables[table].rows.start == i {
                lines.extend(tables[table].lines(&rows, layout));
            }
            continue;
        }
        let block = blocks.iter().find(|b| (b.first..=b.last).contains(&i));
        let mut cuts: Vec<usize> = gaps[i].iter().filter(|g| g.x1 - g.x0 >= layout.wall_em * row.em()).map(|g| g.before).collect();
        let mut cells = Vec::new();
        if let Some(block) = block {
            cuts.extend(gaps[i].iter().filter(|g| g.x0 <= block.x0 && block.x1 <= g.x1).map(|g| g.before));
            if row.words[0].x0 >= block.x1 - 1.0 {
                // Nothing on the left: the cell is there, and blank.
                cells.push(Text::default());
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts.push(row.words.len());
        let mut from = 0;
        for cut in cuts {
            cells.push(join(&row.words[from..cut], layout));
            from = cut;
        }
        lines.push(Line { top: row.top(), bottom: row.bottom(), cells });
    }
    lines
}

/// The gaps wide enough for a wall, those after the mark of an item left out.
fn gaps(row: &Row, layout: &Layout) -> Vec<Gap> {
    let least = layout.gutter_gap_em * row.em();
    let pairs = row.words.windows(2).enumerate();
    let wide = pairs.filter(|(_, w)| w[1].x0 - w[0].x1 >= least);
    let walls = wide.filter(|(i, w)| *i > 0 || !layout.marker.says.is_match(&w[0].text));
    walls.map(|(i, w)| Gap { before: i + 1, x0: w[0].x1, x1: w[1].x0 }).collect()
}

fn blocks(rows: &[Row], gaps: &[Vec<Gap>], width: f64, layout: &Layout) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        match gaps[at].iter().filter_map(|g| grow(rows, gaps, at, *g, width, layout)).max_by_key(|b| b.last) {
            Some(block) => {
                at = block.last + 1;
                blocks.push(block);
            }
            None => at += 1,
        }
    }
    blocks
}

/// The block that begins at row `first` with this gap, as long as no row crosses what is left of it.
fn grow(rows: &[Row], gaps: &[Vec<Gap>], first: usize, gap: Gap, width: f64, layout: &Layout) -> Option<Block> {
    let (mut x0, mut x1) = (gap.x0, gap.x1);
    let (mut split, mut last_split, mut narrowest) = (1, first, (gap.x1 - gap.x0) / rows[first].em());
    let mut right_centres = vec![right_centre(&rows[first], gap)];
    let mut last = first;
    for (i, row) in rows.iter().enumerate().skip(first + 1) {
        let least = layout.gutter_em * row.em();
        // Columns that stand far below belong to another part of the page.
        if row.top() - rows[i - 1].bottom() > 4.0 * row.em() {
            break;
        }
        let (left, right) = (row.words[0].x0, row.words[row.words.len() - 1].x1);
        if right <= x1 - least {
            x0 = x0.max(right);
        } else if left >= x0 + least {
            x1 = x1.min(left);
        } else if let Some(g) = gaps[i].iter().find(|g| g.x1.min(x1) - g.x0.max(x0) >= least) {
            (x0, x1) = (x0.max(g.x0), x1.min(g.x1));
            narrowest = narrowest.min((g.x1 - g.x0) / row.em());
            right_centres.push(right_centre(row, *g));
            (split, last_split) = (split + 1, i);
        } else {
            break;
        }
        last = i;
    }
    let sure = split >= 3 || (split == 2 && narrowest >= layout.pair_gap_em);
    let column = right_centres.iter().sum::<f64>() / right_centres.len() as f64;
    // What follows the last row of two columns belongs to them only when it stands under the right one; a centred title does not.
    while last > last_split {
        let row = &rows[last];
        let centre = (row.words[0].x0 + row.words[row.words.len() - 1].x1) / 2.0;
        if centre > x0 && (centre - column).abs() < (centre - width / 2.0).abs() {
            break;
        }
        last -= 1;
    }
    sure.then_some(Block { first, last, x0, x1 })
}

fn right_centre(row: &Row, gap: Gap) -> f64 {
    (row.words[gap.before].x0 + row.words[row.words.len() - 1].x1) / 2.0
}
