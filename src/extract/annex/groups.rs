//! Subtotals as evidence: where groups of rows each have a row of their own sums, these add up to the total row first, and each group
//! is then read under the subtotal that this proved.

use std::ops::Range;

use super::reading::Token;
use super::rows::Line;
use super::rules::Rules;
use super::solve::{Settled, Sheet, Solved, solve};

/// Rows with a row above them that holds their sums.
pub(super) struct Group<L> {
    /// The row of sums.
    pub row: L,
    /// Its rows among those of the table.
    pub members: Range<usize>,
}

/// The groups of a table of `rows` rows, when they take up all of it and each has rows; else none.
pub(super) fn whole<L>(groups: Vec<Group<L>>, rows: usize) -> Vec<Group<L>> {
    let mut next = 0;
    let follow = groups.iter().all(|g| {
        let fits = g.members.start == next && !g.members.is_empty();
        next = g.members.end;
        fits
    });
    if follow && next == rows && groups.len() > 1 { groups } else { Vec::new() }
}

/// Reads `sheet`, whose rows are those of `groups` in order.
pub(super) fn solve_groups(rules: &Rules, sheet: &Sheet<'_>, groups: &[Group<Line>]) -> Solved {
    let subtotals: Vec<Line> = groups.iter().map(|g| g.row.clone()).collect();
    let mut whole = solve(&Sheet { rows: &subtotals, ..*sheet }, &rules.costs, rules.limits);
    let last = whole.rows.split_off(groups.len());
    let mut rows: Vec<Settled> = Vec::with_capacity(sheet.rows.len() + last.len());
    for (group, proved) in groups.iter().zip(&whole.rows) {
        let total = as_proved(&group.row, proved);
        let added: Vec<usize> = sheet.added.iter().copied().filter(|c| total.tokens.get(*c).is_some_and(|t| t.value.is_some())).collect();
        let part = Sheet { rows: &sheet.rows[group.members.clone()], total: Some(&total), added: &added, ..*sheet };
        let mut read = solve(&part, &rules.costs, rules.limits);
        read.rows.truncate(group.members.len());
        rows.append(&mut read.rows);
        whole.added.retain(|c| !added.contains(c) || read.added.contains(c));
        whole.cost = whole.cost.zip(read.cost).map(|(a, b)| a + b);
        whole.finished &= read.finished;
    }
    rows.extend(last);
    Solved { rows, ..whole }
}

/// `row` with the figures that its own sums settled.
fn as_proved(row: &Line, proved: &Settled) -> Line {
    let mut line = row.clone();
    for (token, cell) in line.tokens.iter_mut().zip(&proved.cells) {
        if let [(Some(value), _)] = cell.as_slice()
            && token.value != Some(*value)
        {
            *token = Token { text: token.text.clone(), value: Some(*value), blank: false };
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::annex::sums::Sum;
    use crate::rules::RuleBook;

    fn line(cells: &[&str]) -> Line {
        Line { tokens: cells.iter().map(|c| Token::new(c)).collect(), placed: true, name_takes: vec![(0, 0)] }
    }

    fn read(rows: &[Line], groups: &[Group<Line>], total: &Line) -> Solved {
        let rules = Rules::new(&RuleBook::embedded()).expect("the embedded rules");
        let sums: Vec<Sum> = Vec::new();
        solve_groups(&rules, &Sheet { columns: 2, rows, total: Some(total), added: &[0, 1], sums: &sums, doubted: true }, groups)
    }

    fn values(solved: &Solved) -> Vec<Vec<i64>> {
        let one = |c: &Vec<(Option<i64>, Option<usize>)>| if let [(v, _)] = c.as_slice() { v.unwrap_or(0) / 1000 } else { -1 };
        solved.rows.iter().map(|r| r.cells.iter().map(one).collect()).collect()
    }

    #[test]
    fn the_total_mends_a_subtotal_and_the_subtotal_a_row() {
        let rows = [line(&["5", "3"]), line(&["7", "4"]), line(&["9", "S"]), line(&["2", "1"])];
        let groups = [Group { row: line(&["l2", "7"]), members: 0..2 }, Group { row: line(&["11", "6"]), members: 2..4 }];
        let solved = read(&rows, &groups, &line(&["23", "13"]));
        assert_eq!(values(&solved), [[5, 3], [7, 4], [9, 5], [2, 1], [23, 13]]);
        assert_eq!((solved.added.as_slice(), solved.finished), (&[0, 1][..], true));
    }

    #[test]
    fn groups_that_leave_rows_out_are_none() {
        let group = |members: Range<usize>| Group { row: (), members };
        assert_eq!(whole(vec![group(0..2), group(2..4)], 4).len(), 2);
        assert!(whole(vec![group(1..2), group(2..4)], 4).is_empty());
        assert!(whole(vec![group(0..2), group(2..2)], 2).is_empty());
    }
}
