//! A table seen as figures: which column names the rows, which hold figures, which row is the total.

use super::groups::{self, Group};
use super::reading::Token;
use super::rows::Line;
use super::rules::Rules;
use crate::parse::table::{figure, is_blank_mark, is_unreadable, plain};
use crate::parse::{Role, Row, Table};
use crate::repair::Repaired;
use crate::text::Span;

/// A table of figures before its sums are looked at.
pub(super) struct Grid {
    /// The columns of figures: name, and place of the head.
    pub columns: Vec<(String, Span)>,
    /// Those of them that hold anything.
    pub live: Vec<usize>,
    /// False when heads do not tell which columns are the empty ones.
    pub live_is_sure: bool,
    /// True when empty cells were lost before we read the table: that a cell is missing tells nothing of the paper.
    pub flattened: bool,
    /// The rows, groups left out.
    pub rows: Vec<GridRow>,
    /// The total row.
    pub total: Option<GridRow>,
    /// The rows that hold the sums of groups of rows, where every row is in a group.
    pub groups: Vec<Group<GridRow>>,
}

/// A row of figures.
pub(super) struct GridRow {
    /// Its name, without the figures that may belong to it.
    pub label: String,
    /// The unit that a column of units gives.
    pub unit: Option<String>,
    /// Where the row stands.
    pub at: Span,
    /// Its cells.
    pub line: Line,
    /// Where each token stands.
    pub spans: Vec<Span>,
}

/// The more rows, the longer the search: a longer table is no annex of a plan.
const MOST_ROWS: usize = 400;

/// `table` as figures; `None` when it is none.
pub(super) fn grid(rules: &Rules, repaired: &Repaired, table: &Table) -> Option<Grid> {
    let roles = |role: Role| table.columns.iter().any(|c| c.role == role);
    if roles(Role::Lead) || (roles(Role::Task) && roles(Role::Time)) || table.rows.len() > MOST_ROWS {
        return None;
    }
    let shape = Shape::new(repaired, table)?;
    let grouped = table.rows.iter().any(|r| shape.is_group(repaired, r) && shape.figures(repaired, r) > 0);
    let totals = table.rows.iter().filter(|r| r.total && shape.figures(repaired, r) > 0).count();
    let kept = |r: &&Row| !shape.is_group(repaired, r) && (shape.figures(repaired, r) > 0 || shape.is_named(repaired, r));
    let (mut rows, mut groups): (Vec<GridRow>, Vec<Group<GridRow>>) = (Vec::new(), Vec::new());
    for row in table.rows.iter().filter(|r| !r.total) {
        if shape.is_group(repaired, row) && shape.figures(repaired, row) > 0 {
            groups.push(Group { row: shape.row(repaired, row), members: rows.len()..rows.len() });
        }
        if kept(&row) {
            rows.push(shape.row(repaired, row));
            groups.iter_mut().last().into_iter().for_each(|g| g.members.end = rows.len());
        }
    }
    let placed = rows.iter().chain(groups.iter().map(|g| &g.row)).all(|r| r.line.placed);
    let groups = if placed { groups::whole(groups, rows.len()) } else { Vec::new() };
    // Hectares and tons do not add up.
    let mut units: Vec<&str> = rows.iter().filter_map(|r| r.unit.as_deref()).collect();
    units.sort_unstable();
    units.dedup();
    let one_total = totals == 1 && (!grouped || !groups.is_empty()) && units.len() < 2;
    let mut total = table.rows.iter().find(|r| r.total && one_total).map(|r| shape.row(repaired, r));
    if rows.iter().filter(|r| r.line.tokens.iter().any(|t| t.value.is_some())).count() < 2 {
        return None;
    }
    names_and_figures(rules, &mut rows);
    let columns = shape.columns(table);
    let mut grid = Grid { columns, live: Vec::new(), live_is_sure: true, flattened: table.flattened, rows, total: total.take(), groups };
    grid.find_live(rules);
    Some(grid)
}

/// Where names, units and figures stand in a table.
struct Shape {
    label: usize,
    unit: Option<usize>,
    figures: Vec<usize>,
}

impl Shape {
    fn new(repaired: &Repaired, table: &Table) -> Option<Self> {
        let cells = |c: usize| table.rows.iter().flat_map(move |r| r.cells.iter().filter(move |x| x.column == Some(c)));
        let words = |at: Span| repaired.words(at);
        let texts = |c: usize| cells(c).filter(|x| !is_blank_mark(words(x.at)) && figure(words(x.at)).is_none()).count();
        let numbers = |c: usize| cells(c).filter(|x| figure(words(x.at)).is_some()).count();
        let width = table.columns.len().max(table.rows.iter().flat_map(|r| &r.cells).filter_map(|x| x.column).max().map_or(0, |c| c + 1));
        let open = |r: &Row| r.cells.iter().any(|x| x.column.is_none());
        let role = |c: usize| table.columns.get(c).map_or(Role::Other, |c| c.role);
        let label = (0..width).find(|c| !matches!(role(*c), Role::Number | Role::Unit | Role::Note) && texts(*c) > numbers(*c))?;
        let unit = (0..width).find(|c| role(*c) == Role::Unit);
        let named = |c: usize| table.columns.get(c).is_some_and(|c| !c.name.is_empty());
        let any_open = table.rows.iter().any(open);
        let figures: Vec<usize> = (label + 1..width)
            .filter(|c| role(*c) == Role::Other)
            .filter(|c| numbers(*c) > 0 && numbers(*c) >= texts(*c) || (texts(*c) == 0 && named(*c)))
            .collect();
        let some = figures.iter().any(|c| numbers(*c) > 0) || any_open;
        some.then_some(Self { label, unit, figures })
    }

    fn columns(&self, table: &Table) -> Vec<(String, Span)> {
        self.figures.iter().map(|c| table.columns.get(*c).map_or_else(Default::default, |c| (c.name.clone(), c.at))).collect()
    }

    fn cell<'a>(&self, repaired: &'a Repaired, row: &Row, column: usize) -> &'a str {
        row.cells.iter().find(|c| c.column == Some(column)).map_or("", |c| repaired.words(c.at))
    }

    /// True for a row that heads others: numbered by a letter or a Roman numeral, or a name alone.
    fn is_group(&self, repaired: &Repaired, row: &Row) -> bool {
        let number = row.cells.first().map_or("", |c| repaired.words(c.at)).trim_matches(['.', ')', ' ']);
        let roman = !number.is_empty() && number.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'));
        let letter = number.len() == 1 && number.bytes().all(|b| b.is_ascii_uppercase());
        !row.total && (roman || letter)
    }

    fn is_named(&self, repaired: &Repaired, row: &Row) -> bool {
        row.cells.len() > self.label + 1 && !self.cell(repaired, row, self.label).is_empty()
    }

    fn figures(&self, repaired: &Repaired, row: &Row) -> usize {
        row.cells.iter().filter(|c| self.is_figure_place(c.column)).filter(|c| figure(repaired.words(c.at)).is_some()).count()
    }

    fn is_figure_place(&self, column: Option<usize>) -> bool {
        column.is_none_or(|c| self.figures.contains(&c))
    }

    fn row(&self, repaired: &Repaired, row: &Row) -> GridRow {
        let open = row.cells.iter().any(|c| c.column.is_none());
        let cells: Vec<Span> = if open {
            let mut open: Vec<Span> = row.cells.iter().filter(|c| c.column.is_none()).map(|c| c.at).collect();
            // A unit, or other words between the name and the figures, is no figure.
            while open.first().is_some_and(|c| repaired.words(*c).chars().filter(|c| c.is_alphabetic()).count() > 1) {
                open.remove(0);
            }
            open
        } else {
            let at = |c: &usize| row.cells.iter().find(|x| x.column == Some(*c)).map_or_else(Span::default, |x| x.at);
            self.figures.iter().map(at).collect()
        };
        let tokens: Vec<Token> = cells.iter().map(|c| Token::new(repaired.words(*c))).collect();
        let mut label = self.cell(repaired, row, self.label);
        if label.is_empty() {
            label = row.cells.iter().map(|c| repaired.words(c.at)).find(|w| w.chars().any(char::is_alphabetic)).unwrap_or("");
        }
        GridRow {
            label: label.split_whitespace().collect::<Vec<_>>().join(" "),
            unit: self.unit.map(|u| self.cell(repaired, row, u).to_owned()).filter(|u| !is_blank_mark(u)),
            at: row.at,
            line: Line { tokens, placed: !open, name_takes: vec![(0, 0)] },
            spans: cells,
        }
    }
}

/// Rows that share a name are told apart by the numeral after it: it belongs to the name, and not to the figures.
fn names_and_figures(rules: &Rules, rows: &mut [GridRow]) {
    let labels: Vec<String> = rows.iter().map(|r| plain(&r.label)).collect();
    for (row, label) in rows.iter_mut().zip(&labels).filter(|(r, _)| !r.line.placed) {
        let first = row.line.tokens.first();
        let numeral = first.is_some_and(|t| t.value.is_some_and(|v| v > 0 && v < 100_000 && v % 1000 == 0) && t.text.len() <= 2);
        if numeral && row.line.tokens.len() > 1 {
            let shared = labels.iter().filter(|l| *l == label).count() > 1;
            let (leaves, takes) = if shared { (rules.costs.label_leaves, 0) } else { (0, rules.costs.label_takes) };
            row.line.name_takes = vec![(0, leaves), (1, takes)];
        }
    }
}

impl Grid {
    /// Which columns hold anything: where walls were lost, as many as the total row has figures, the rest being those that are most
    /// easily empty by their heads.
    fn find_live(&mut self, rules: &Rules) {
        let open = self.rows.iter().chain(&self.total).any(|r| !r.line.placed);
        let placed =
            |c: usize| self.rows.iter().chain(&self.total).any(|r| r.line.placed && r.line.tokens.get(c).is_some_and(|t| !t.blank));
        if !open || self.rows.iter().any(|r| r.line.placed) {
            self.live = if open { (0..self.columns.len()).collect() } else { (0..self.columns.len()).filter(|c| placed(*c)).collect() };
            return;
        }
        let least = |r: &GridRow| {
            let takes = r.line.name_takes.iter().min_by_key(|(_, c)| *c).map_or(0, |(t, _)| *t);
            r.line.tokens.len() - takes
        };
        let count = self.total.as_ref().map(|t| t.line.tokens.len()).or_else(|| self.rows.iter().map(least).max()).unwrap_or(0);
        self.columns.resize(self.columns.len().max(count), Default::default());
        let mut cost: Vec<(u32, usize)> = (0..self.columns.len()).map(|c| (rules.cost_of_empty(&self.columns[c].0), c)).collect();
        cost.sort_unstable();
        let empty = self.columns.len() - count;
        self.live_is_sure = empty == 0 || cost.get(empty).is_none_or(|(next, _)| *next > cost[empty - 1].0);
        self.live = cost[empty..].iter().map(|(_, c)| *c).collect();
        self.live.sort_unstable();
    }
}

impl Rules {
    fn cost_of_empty(&self, head: &str) -> u32 {
        let costs = &self.empty_column;
        match self.column(head) {
            _ if head.is_empty() || head.split(' ').any(is_unreadable) => costs.unreadable,
            Some(_) => costs.quota,
            None => costs.readable,
        }
    }
}
