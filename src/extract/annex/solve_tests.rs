use proptest::prelude::*;

use super::*;
use crate::extract::annex::reading::Token;
use crate::extract::annex::rules::Rules;
use crate::rules::RuleBook;

fn rules() -> Rules {
    Rules::new(&RuleBook::embedded()).expect("the embedded rules")
}

fn line(cells: &[&str], placed: bool) -> Line {
    let tokens = cells.iter().filter(|c| placed || !c.is_empty()).map(|c| Token::new(c)).collect();
    Line { tokens, placed, name_takes: vec![(0, 0)] }
}

fn read(rows: &[Line], total: Option<&Line>, columns: usize, sums: &[Sum]) -> Solved {
    let rules = rules();
    let added: Vec<usize> = if total.is_some() { (0..columns).collect() } else { Vec::new() };
    solve(&Sheet { columns, rows, total, added: &added, sums, doubted: true }, &rules.costs, rules.limits)
}

fn values(solved: &Solved) -> Vec<Vec<i64>> {
    let one = |c: &Vec<(Option<i64>, Option<usize>)>| match c.as_slice() {
        [(value, _)] => value.unwrap_or(0) / 1000,
        _ => -1,
    };
    solved.rows.iter().map(|r| r.cells.iter().map(one).collect()).collect()
}

fn sum(target: usize, parts: &[usize]) -> Sum {
    Sum { target, parts: parts.to_vec() }
}

#[test]
fn a_row_and_a_column_together_find_the_misread_figure() {
    let rows = [line(&["5", "3", "5"], true), line(&["7", "3", "4"], true), line(&["9", "8", "1"], true)];
    let solved = read(&rows, Some(&line(&["21", "14", "7"], true)), 3, &[sum(0, &[1, 2])]);
    assert_eq!(values(&solved), [[5, 3, 2], [7, 3, 4], [9, 8, 1], [21, 14, 7]]);
}

#[test]
fn figures_without_walls_find_their_columns() {
    let rows = [line(&["5", "3", "2"], false), line(&["7", "7"], false), line(&["9", "9"], false)];
    let solved = read(&rows, Some(&line(&["21", "10", "11"], false)), 3, &[sum(0, &[1, 2])]);
    assert_eq!(values(&solved), [[5, 3, 2], [7, 7, 0], [9, 0, 9], [21, 10, 11]]);
}

#[test]
fn two_readings_as_cheap_are_not_chosen_between() {
    // Either row may be the one with its seven in the first column.
    let rows = [line(&["7", "7"], false), line(&["7", "7"], false), line(&["9", "8", "1"], false)];
    let solved = read(&rows, Some(&line(&["23", "15", "8"], false)), 3, &[sum(0, &[1, 2])]);
    assert_eq!(values(&solved), [[7, -1, -1], [7, -1, -1], [9, 8, 1], [23, 15, 8]]);
    assert!(solved.finished && solved.cost.is_some());
}

#[test]
fn a_figure_that_was_not_read_at_all_is_found() {
    let rows = [line(&["5", "3", ""], true), line(&["7", "3", "4"], true), line(&["9", "8", "1"], true)];
    let solved = read(&rows, Some(&line(&["21", "14", "7"], true)), 3, &[sum(0, &[1, 2])]);
    assert_eq!(values(&solved)[0], [5, 3, 2]);
}

#[test]
fn a_total_that_nothing_meets_is_let_go() {
    let rows = [line(&["5", "3", "2"], true), line(&["7", "3", "4"], true)];
    let solved = read(&rows, Some(&line(&["12", "6", "77778"], true)), 3, &[]);
    assert_eq!(values(&solved)[..2], [[5, 3, 2], [7, 3, 4]]);
    assert_eq!((solved.added, solved.cost), (vec![0, 1], None));
}

#[test]
fn a_long_wide_table_ends_within_its_bound() {
    let cell = |r: usize, c: usize| 10 + (r * 7 + c * 13) % 80;
    let mut total = [0; 20];
    let mut rows = Vec::new();
    for r in 0..200 {
        let mut cells: Vec<usize> = (0..20).map(|c| cell(r, c)).collect();
        cells[0] = cells[1..].iter().sum();
        total.iter_mut().zip(&cells).for_each(|(t, c)| *t += c);
        let mut text: Vec<String> = cells.iter().map(ToString::to_string).collect();
        if r % 40 == 3 {
            text[r % 17 + 1] = text[r % 17 + 1].replace('0', "O").replace('1', "!").replace('2', "Z").replace('5', "S").replace('8', "B");
        }
        rows.push(line(&text.iter().map(String::as_str).collect::<Vec<_>>(), true));
    }
    let total: Vec<String> = total.iter().map(ToString::to_string).collect();
    let total = line(&total.iter().map(String::as_str).collect::<Vec<_>>(), true);
    let solved = read(&rows, Some(&total), 20, &[sum(0, &(1..20).collect::<Vec<_>>())]);
    assert!(solved.finished && solved.cost.is_some());
    for r in (3..200).step_by(40) {
        assert_eq!(values(&solved)[r][r % 17 + 1], cell(r, r % 17 + 1) as i64);
    }
}

/// A table whose first column is the sum of the others, its total row, and its cells as a bad scan shows them.
fn scanned() -> impl Strategy<Value = (Vec<Vec<i64>>, Vec<Vec<String>>, bool)> {
    let table = (2usize..5, 3usize..9).prop_flat_map(|(parts, rows)| prop::collection::vec(prop::collection::vec(0i64..40, parts), rows));
    (table, prop::collection::vec((0usize..9, 0usize..5, 0u8..10), 0..3), any::<bool>()).prop_map(|(table, slips, placed)| {
        let mut truth: Vec<Vec<i64>> = table.into_iter().map(|r| std::iter::once(r.iter().sum()).chain(r).collect()).collect();
        let total: Vec<i64> = (0..truth[0].len()).map(|c| truth.iter().map(|r| r[c]).sum()).collect();
        let width = total.len();
        let rows = truth.len();
        truth.push(total);
        let show = |v: &i64| if *v == 0 { String::new() } else { v.to_string() };
        let mut seen: Vec<Vec<String>> = truth.iter().map(|r| r.iter().map(show).collect()).collect();
        // Where walls are gone the total row is full: it tells how many columns there are.
        seen[rows] = truth[rows].iter().map(ToString::to_string).collect();
        for (row, column, digit) in slips {
            let cell = &mut seen[row % rows][column % width];
            if let Some(last) = cell.pop() {
                cell.push(if last == char::from(b'0' + digit) { '!' } else { char::from(b'0' + digit) });
            }
        }
        (truth, seen, placed)
    })
}

/// What the truth costs, if the search may find it.
fn cost_of(truth: &[Vec<i64>], seen: &[Vec<String>], rules: &Rules) -> Option<u32> {
    let mut all = 0;
    for (row, texts) in truth.iter().zip(seen) {
        let mut price = 0;
        let mut changed = 0;
        for (value, text) in row.iter().zip(texts) {
            let token = Token::new(text);
            let wanted = *value * 1000;
            let found = rules.costs.readings(&token, rules.limits.row).into_iter().find(|(v, _)| v.unwrap_or(0) == wanted)?;
            price += found.1;
            changed += usize::from(found.1 > 0);
        }
        all += (price <= rules.limits.row && changed <= 2).then_some(price)?;
    }
    (all <= rules.limits.table).then_some(all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// The search never ends dearer than the truth; where it is as cheap, the truth is among what each cell may hold; and where one
    /// reading remains for every cell, it is the truth.
    #[test]
    fn the_truth_is_found_or_named_among_the_cheapest((truth, seen, placed) in scanned()) {
        let rules = rules();
        let Some(cost) = cost_of(&truth, &seen, &rules) else { return Ok(()) };
        let columns = truth[0].len();
        let lines: Vec<Line> = seen.iter().map(|r| line(&r.iter().map(String::as_str).collect::<Vec<_>>(), placed)).collect();
        let (total, rows) = lines.split_last().expect("a total");
        let solved = read(rows, Some(total), columns, &[sum(0, &(1..columns).collect::<Vec<_>>())]);
        prop_assert!(solved.finished);
        let found = solved.cost.expect("the truth is a solution");
        prop_assert!(found <= cost, "{found} > {cost}");
        if found == cost {
            for (row, settled) in truth.iter().zip(&solved.rows) {
                for (value, cell) in row.iter().zip(&settled.cells) {
                    prop_assert!(cell.iter().any(|(v, _)| v.unwrap_or(0) == value * 1000), "{value} is not among {cell:?}");
                }
            }
        }
    }

    /// Whatever stands in the cells, the search ends and keeps its bound.
    #[test]
    fn no_table_hangs(cells in prop::collection::vec(prop::collection::vec("[0-9!).,|lOS-]{0,4}", 1..7), 1..12), placed: bool) {
        let columns = cells.iter().map(Vec::len).max().unwrap_or(0);
        let lines: Vec<Line> = cells.iter().map(|r| line(&r.iter().map(String::as_str).collect::<Vec<_>>(), placed)).collect();
        let (total, rows) = lines.split_last().expect("a row");
        let sums: Vec<Sum> = if columns > 2 { vec![sum(0, &(1..columns).collect::<Vec<_>>())] } else { Vec::new() };
        let solved = read(rows, Some(total), columns, &sums);
        prop_assert_eq!(solved.rows.len(), lines.len());
    }
}
