//! Which columns are the sum of others: found from the total row and from the rows, never from heads.

/// A column that is the sum of others; columns count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The column that holds the sum.
    pub target: usize,
    /// The columns it is the sum of, ascending, two at least.
    pub parts: Vec<usize>,
}

impl Sum {
    /// Whether it holds in a row; empty cells count nothing.
    pub fn holds(&self, row: &[Option<i64>]) -> bool {
        self.gap(row) == 0
    }

    /// What the sum has more than its parts.
    pub(super) fn gap(&self, row: &[Option<i64>]) -> i64 {
        row[self.target].unwrap_or(0) - self.parts.iter().map(|p| row[*p].unwrap_or(0)).sum::<i64>()
    }

    fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().copied().chain([self.target])
    }
}

/// Up to so many columns every choice of parts is tried; beyond, only parts that stand side by side.
const EVERY_CHOICE: usize = 12;
/// A sum is believed when it holds in this many rows at least, …
const FEWEST_ROWS: usize = 3;

/// The sums that hold in `total` and in most of `rows`, one for each target at most. A sum no part of which is ever filled is none.
pub(super) fn find(columns: usize, rows: &[Vec<Option<i64>>], total: Option<&[Option<i64>]>) -> Vec<Sum> {
    let mut known: Vec<(usize, Sum)> = Vec::new();
    for target in 0..columns {
        let best = candidates(columns, target)
            .filter(|s| total.is_none_or(|t| t[target].is_some_and(|v| v > 0) && s.holds(t)))
            .filter_map(|s| Some((support(&s, rows, total)?, s)))
            .max_by_key(|(support, s)| (*support, std::cmp::Reverse(s.parts.len()), std::cmp::Reverse(s.parts.clone())));
        known.extend(best);
    }
    known.sort_by_key(|(support, s)| (std::cmp::Reverse(*support), s.target));
    let mut sums: Vec<Sum> = Vec::new();
    for (_, sum) in known {
        // a = b + c and b = a - c are one sum.
        let same = |s: &Sum| {
            let mut a: Vec<usize> = s.columns().collect();
            let mut b: Vec<usize> = sum.columns().collect();
            a.sort_unstable();
            b.sort_unstable();
            a == b
        };
        if !sums.iter().any(same) {
            sums.push(sum);
        }
    }
    sums.sort_by_key(|s| s.target);
    sums
}

/// In how many rows `sum` holds, if in enough of them and with every part filled somewhere.
fn support(sum: &Sum, rows: &[Vec<Option<i64>>], total: Option<&[Option<i64>]>) -> Option<usize> {
    let counted: Vec<&Vec<Option<i64>>> = rows.iter().filter(|r| sum.columns().any(|c| r[c].is_some_and(|v| v != 0))).collect();
    let held: Vec<&&Vec<Option<i64>>> = counted.iter().filter(|r| sum.holds(r)).collect();
    let filled = |c: usize| held.iter().any(|r| r[c].is_some_and(|v| v != 0));
    let enough = held.len() >= FEWEST_ROWS || (total.is_some() && held.len() == 2 && counted.len() == 2);
    (enough && held.len() * 2 > counted.len() && sum.columns().all(filled)).then_some(held.len())
}

/// Choices of parts for `target`.
fn candidates(columns: usize, target: usize) -> Box<dyn Iterator<Item = Sum>> {
    let others: Vec<usize> = (0..columns).filter(|c| *c != target).collect();
    let sum = move |parts: Vec<usize>| Sum { target, parts };
    if columns <= EVERY_CHOICE {
        let choices = (0u32..1 << others.len()).filter(|m| m.count_ones() >= 2);
        return Box::new(choices.map(move |m| sum(others.iter().enumerate().filter(|(i, _)| m >> i & 1 == 1).map(|(_, c)| *c).collect())));
    }
    let runs = (0..others.len()).flat_map(move |from| (from + 2..=others.len()).map(move |to| (from, to)));
    let others_of = (0..columns).filter(move |c| *c != target).collect::<Vec<_>>();
    Box::new(runs.map(move |(from, to)| sum(others_of[from..to].to_vec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[i64]) -> Vec<Option<i64>> {
        cells.iter().map(|c| (*c >= 0).then_some(*c)).collect()
    }

    #[test]
    fn a_sum_is_found_though_some_rows_are_misread() {
        let rows = [row(&[5, 1, 5]), row(&[8, 3, 5]), row(&[9, 4, 5]), row(&[7, 4, -1]), row(&[6, 4, 2])];
        let total = row(&[33, 15, 18]);
        assert_eq!(find(3, &rows, Some(&total)), [Sum { target: 0, parts: vec![1, 2] }]);
    }

    #[test]
    fn columns_that_only_happen_to_add_up_once_are_no_sum() {
        let rows = [row(&[5, 1, 4]), row(&[8, 3, 1]), row(&[9, 2, 2]), row(&[7, 7, 1])];
        assert!(find(3, &rows, None).is_empty());
        assert!(find(3, &[row(&[5, 5, -1]), row(&[8, 8, -1]), row(&[9, 9, -1])], None).is_empty(), "a copy is no sum");
    }
}
