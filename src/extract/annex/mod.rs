//! Annexes of figures: what each cell holds once the sums have spoken, and the quotas that its columns set.

mod grid;
mod groups;
mod merge;
mod quotas;
mod reading;
mod rows;
mod rules;
mod solve;
mod sums;

use super::{Annex, AnnexColumn, AnnexRow, ColumnQuota, DoubtfulCell, Fact, Figure, Mended, Quota};
use crate::calendar::Period;
use crate::error::Result;
use crate::parse::{Document, Table};
use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};
use crate::text::{Condition, Span, Sure, Words};
use grid::{Grid, GridRow};
use groups::Group;
use reading::Token;
use rules::Rules;
use solve::{Settled, Sheet, Solved};

pub use sums::Sum;

/// More cells that sums leave open than this tell that the sums themselves are wrong.
const MOST_OPEN: usize = 6;
/// Above this share of damaged words, figures may be misread too.
const DAMAGED: f64 = 0.03;
/// How many lines above a table the words that attach it may stand.
const ATTACHED_REACH: usize = 14;

/// Reads annexes.
#[derive(Debug)]
pub struct Annexes {
    rules: Rules,
}

/// A quota, and the number of the actor who must reach it.
type Counted = (Fact<Quota>, Option<usize>);

/// The annexes of a plan and the quotas of their cells.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of the plan; one that stands in two files once.
    pub annexes: Vec<Annex>,
    /// One for each filled cell of the columns that set quotas, and the number of the actor who must reach it.
    counted: Vec<Counted>,
}

impl Found {
    /// The quotas, `ids` in the place of the actors' numbers.
    pub fn quotas(&self, ids: &[String]) -> Vec<Fact<Quota>> {
        let named = |(fact, who): &Counted| {
            let mut fact = fact.clone();
            fact.what.who = who.and_then(|w| ids.get(w)).cloned().into_iter().collect();
            fact
        };
        self.counted.iter().map(named).collect()
    }
}

/// What the rest of the plan tells an annex.
pub struct Context<'a> {
    /// The time the plan is for.
    pub period: Option<&'a Period>,
    /// The number of the actor that a row names, made known if need be.
    pub actor: &'a mut dyn FnMut(&str, Span) -> Option<usize>,
}

impl Annexes {
    /// A reader of annexes by the words and costs of `rules/extract/annex.yaml`.
    ///
    /// # Errors
    /// When the rules can't be read.
    pub fn new(book: &RuleBook) -> Result<Self> {
        Ok(Self { rules: Rules::new(book)? })
    }

    /// The annexes among the tables of `document`, and the quotas they set.
    pub fn find(&self, repaired: &Repaired, document: &Document, mut context: Context<'_>) -> Found {
        let mut read: Vec<Read> = document.tables.iter().filter_map(|t| self.read(repaired, t)).collect();
        merge::same_annexes(repaired, &mut read);
        let mut found = Found::default();
        for (i, read) in read.into_iter().enumerate() {
            let source = quotas::Source { rules: &self.rules, repaired, document, read: &read, number: i + 1 };
            let (columns, counted) = source.quotas(&mut context);
            let mut annex = read.annex;
            annex.columns = columns;
            found.counted.extend(counted);
            found.annexes.push(annex);
        }
        found
    }

    fn read(&self, repaired: &Repaired, table: &Table) -> Option<Read> {
        let grid = grid::grid(&self.rules, repaired, table)?;
        let doubted = is_doubted(repaired, table.at);
        let (solved, sums) = self.solve(&grid, doubted);
        Some(Writer { rules: &self.rules, repaired, table, grid: &grid, solved: &solved, sums: &sums, doubted }.read())
    }

    /// The sums of `grid`, and its reading by them. Columns count the live ones.
    fn solve(&self, grid: &Grid, doubted: bool) -> (Solved, Vec<Sum>) {
        let columns = grid.live.len();
        let line = |r: &GridRow| {
            let mut line = r.line.clone();
            if line.placed {
                line.tokens = grid.live.iter().map(|c| line.tokens[*c].clone()).collect();
            }
            line
        };
        let rows: Vec<rows::Line> = grid.rows.iter().map(line).collect();
        let total = grid.total.as_ref().map(line);
        // A row whose every column is known: by its walls, or because it has as many figures as there are columns.
        let full = |l: &rows::Line| -> Option<Vec<Option<i64>>> {
            let taken = l.name_takes.iter().filter(|(t, _)| l.tokens.len() == t + columns).min_by_key(|(_, c)| *c)?.0;
            Some(l.tokens[taken..].iter().map(|t| t.value).collect())
        };
        let full_rows: Vec<Vec<Option<i64>>> = rows.iter().filter_map(full).collect();
        let full_total = total.as_ref().and_then(full);
        let sums = sums::find(columns, &full_rows, full_total.as_deref());
        let added: Vec<usize> = match &full_total {
            Some(t) => (0..columns).filter(|c| t[*c].is_some() && self.rules.is_added(&grid.columns[grid.live[*c]].0)).collect(),
            None => Vec::new(),
        };
        let sheet = Sheet { columns, rows: &rows, total: total.as_ref(), added: &added, sums: &sums, doubted };
        if grid.groups.is_empty() || total.is_none() {
            return (solve::solve(&sheet, &self.rules.costs, self.rules.limits), sums);
        }
        let groups: Vec<Group<rows::Line>> = grid.groups.iter().map(|g| Group { row: line(&g.row), members: g.members.clone() }).collect();
        (groups::solve_groups(&self.rules, &sheet, &groups), sums)
    }
}

impl Proof for Annexes {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        Ok(self.rules.prove(book))
    }
}

/// True when the figures of `at` may have been misread: its page came from an image, or its words were repaired.
fn is_doubted(repaired: &Repaired, at: Span) -> bool {
    let source = repaired.source();
    let Some(page) = source.page_at(repaired.raw(at).start) else { return false };
    match page.condition {
        Condition::Clean => false,
        _ if source.files().get(page.file).is_some_and(|f| f.words == Words::Sheet) => false,
        Condition::ForeignOcr | Condition::VietnameseOcr => true,
        Condition::Unknown | Condition::Stripped => {
            let page = repaired.log().to_fixed(page.span);
            let words = repaired.words(page).split_whitespace().count().max(1);
            repaired.log().under(page).len() as f64 / words as f64 > DAMAGED
        }
    }
}

/// An annex, and where each of its cells stands.
struct Read {
    annex: Annex,
    /// For each row, for each column: where it was read, whether it may be relied on.
    cells: Vec<Vec<(Option<Span>, Sure)>>,
    /// The unit that a row's own column of units gives.
    units: Vec<Option<String>>,
}

/// Writes down what the search came to.
struct Writer<'a> {
    rules: &'a Rules,
    repaired: &'a Repaired,
    table: &'a Table,
    grid: &'a Grid,
    solved: &'a Solved,
    sums: &'a [Sum],
    /// True when figures may have been misread.
    doubted: bool,
}

/// A cell written down.
struct Cell {
    figure: Figure,
    at: Option<Span>,
    sure: Sure,
    mended: Option<Option<String>>,
    others: Option<Vec<Figure>>,
}

impl Writer<'_> {
    fn read(&self) -> Read {
        let live = |c: &usize| self.grid.live[*c];
        let of_all = |s: &Sum| Sum { target: live(&s.target), parts: s.parts.iter().map(live).collect() };
        let mut read = Read {
            annex: Annex {
                title: self.table.title.map(|t| one_line(self.repaired.words(t))).unwrap_or_default(),
                columns: Vec::new(),
                rows: Vec::new(),
                totals: None,
                mended: Vec::new(),
                at: self.table.at,
                attached: self.attached(),
                flattened: self.grid.flattened,
                columns_are_sure: self.grid.live_is_sure,
                sums: self.sums.iter().map(of_all).collect(),
                added: self.solved.added.iter().map(live).collect(),
                not_added: self.not_added(),
                broken: (0..self.grid.rows.len()).filter(|r| self.solved.rows[*r].broken).collect(),
                doubtful: Vec::new(),
                differs: Vec::new(),
            },
            cells: Vec::new(),
            units: self.grid.rows.iter().map(|r| r.unit.clone()).collect(),
        };
        let named = |(name, _): &(String, Span)| AnnexColumn { id: String::new(), name: name.clone(), quota: None };
        read.annex.columns = self.grid.columns.iter().map(named).collect();
        let open = self.open_cells() > MOST_OPEN;
        for (i, row) in self.grid.rows.iter().chain(&self.grid.total).enumerate() {
            let settled = &self.solved.rows[i];
            let mut cells: Vec<Cell> = (0..self.grid.columns.len()).map(|c| self.cell(row, settled, c, open)).collect();
            self.keep_unproven(&mut cells);
            self.note(&mut read.annex, i, row, &cells);
            let figures: Vec<Figure> = cells.iter().map(|c| c.figure.clone()).collect();
            if i < self.grid.rows.len() {
                read.cells.push(cells.iter().map(|c| (c.at, c.sure)).collect());
                read.annex.rows.push(AnnexRow { label: self.label(row, settled), cells: figures, at: row.at });
            } else {
                read.annex.totals = Some(figures);
            }
        }
        read
    }

    /// The columns that have a total and should add up to it, and do not. Without walls nothing is known of them.
    fn not_added(&self) -> Vec<usize> {
        let Some(total) = self.grid.total.as_ref().filter(|_| self.grid.rows.iter().all(|r| r.line.placed)) else { return Vec::new() };
        let added: Vec<usize> = self.solved.added.iter().map(|c| self.grid.live[*c]).collect();
        let asked =
            |c: &usize| total.line.tokens.get(*c).is_some_and(|t| t.value.is_some()) && self.rules.is_added(&self.grid.columns[*c].0);
        self.grid.live.iter().copied().filter(|c| asked(c) && !added.contains(c)).collect()
    }

    /// Cells that the search left open in tables whose walls stand.
    fn open_cells(&self) -> usize {
        self.solved.rows.iter().flat_map(|r| &r.cells).filter(|c| c.len() > 1).count()
    }

    fn note(&self, annex: &mut Annex, i: usize, row: &GridRow, cells: &[Cell]) {
        for (c, cell) in cells.iter().enumerate() {
            if let Some(as_read) = &cell.mended {
                let why = self.why(c);
                annex.mended.push(Mended { row: i + 1, column: c + 1, as_read: as_read.clone(), value: cell.figure.clone(), why });
            }
            if let Some(others) = &cell.others {
                let at = cell.at.unwrap_or(row.at);
                let as_read = cell.at.map(|a| self.repaired.words(a).to_owned());
                annex.doubtful.push(DoubtfulCell { row: i + 1, column: c + 1, as_read, others: others.clone(), at });
            }
        }
    }

    /// The name of a row, with the numeral that belongs to it.
    fn label(&self, row: &GridRow, settled: &Settled) -> String {
        let own: Vec<&str> = row.line.tokens[..settled.taken].iter().map(|t| t.text.as_str()).collect();
        std::iter::once(row.label.as_str()).chain(own).collect::<Vec<_>>().join(" ")
    }

    fn cell(&self, row: &GridRow, settled: &Settled, column: usize, keep: bool) -> Cell {
        let nothing = Cell { figure: Figure::Empty(()), at: None, sure: Sure::Certain, mended: None, others: None };
        let Some(live) = self.grid.live.iter().position(|c| *c == column) else { return nothing };
        let readings = &settled.cells[live];
        let Some((value, token)) = readings.first().copied() else { return nothing };
        // The search counts the live columns, a placed row all of them.
        let token = token.map(|t| if row.line.placed { column } else { t });
        let text = token.map(|t| &row.line.tokens[t]).filter(|t| !t.blank);
        let at = text.and(token).map(|t| row.spans[t]).filter(|s| !s.is_empty());
        let as_read = text.map_or(Figure::Empty(()), |t| t.value.map_or_else(|| Figure::Words(t.text.clone()), number));
        let known = if self.grid.live_is_sure { Sure::Certain } else { Sure::Doubtful };
        let letters = at.map_or(Sure::Certain, |a| self.repaired.sure(a)).min(known);
        if readings.len() > 1 && keep {
            return Cell { figure: as_read, at, sure: Sure::Doubtful, mended: None, others: None };
        }
        if readings.len() > 1 {
            let others = readings.iter().map(|(v, _)| v.map_or(Figure::Empty(()), number)).filter(|f| *f != as_read).collect();
            return Cell { figure: as_read, at, sure: Sure::Doubtful, mended: None, others: Some(others) };
        }
        let read = text.and_then(|t| t.value);
        if value == read {
            let unread = text.is_some() && value.is_none();
            let short = text.is_some_and(|t| t.text.chars().count() <= 2);
            let others = (unread && short && self.doubted).then(Vec::new);
            let sure = if unread { Sure::Doubtful } else { letters };
            return Cell { figure: as_read, at, sure, mended: None, others };
        }
        let figure = value.map_or(Figure::Empty(()), number);
        let both = self.is_summed(live) && self.solved.added.contains(&live);
        let sure = if both { Sure::Likely } else { Sure::Doubtful };
        Cell { figure, at, sure: sure.min(letters), mended: Some(text.map(|t| t.text.clone())), others: None }
    }

    /// One sum proves one cell: where more were changed in a row, and their columns do not add up, what they were changed to is the
    /// likeliest and no more. They are kept as read.
    fn keep_unproven(&self, cells: &mut [Cell]) {
        let live = |c: usize| self.grid.live.iter().position(|l| *l == c).unwrap_or(usize::MAX);
        // A sign that no one can read, taken for nothing, is a change too.
        let unread = |c: &Cell| c.others.as_ref().is_some_and(Vec::is_empty);
        let changed: Vec<usize> = (0..cells.len()).filter(|c| cells[*c].mended.is_some() || unread(&cells[*c])).collect();
        let sums = self.sums.iter().filter(|s| changed.iter().any(|c| s.target == live(*c) || s.parts.contains(&live(*c)))).count();
        let unproven: Vec<usize> = changed.iter().copied().filter(|c| !self.solved.added.contains(&live(*c))).collect();
        if unproven.len() <= sums {
            return;
        }
        for c in unproven {
            let cell = &mut cells[c];
            let Some(read) = cell.mended.take() else { continue };
            let as_read = read.map_or(Figure::Empty(()), |text| Token::new(&text).value.map_or(Figure::Words(text), number));
            cell.others = Some(vec![std::mem::replace(&mut cell.figure, as_read)]);
            cell.sure = Sure::Doubtful;
        }
    }

    fn is_summed(&self, live: usize) -> bool {
        self.sums.iter().any(|s| s.target == live || s.parts.contains(&live))
    }

    fn why(&self, column: usize) -> String {
        let live = self.grid.live.iter().position(|c| *c == column).unwrap_or(0);
        let why = &self.rules.why;
        let says = match (self.is_summed(live), self.solved.added.contains(&live)) {
            (true, true) => &why.both,
            (true, false) => &why.row,
            (false, _) => &why.column,
        };
        let sum = self.sums.iter().find(|s| s.target == live || s.parts.contains(&live));
        says.replace("{sum}", &sum.map(|s| self.sum_in_words(s)).unwrap_or_default())
    }

    /// `cột 1 = cột 2 + cột 4`
    fn sum_in_words(&self, sum: &Sum) -> String {
        let name = |c: &usize| format!("cột {}", self.grid.live[*c] + 1);
        format!("{} = {}", name(&sum.target), sum.parts.iter().map(name).collect::<Vec<_>>().join(" + "))
    }

    /// The line above the table, or between its heading and its head, that tells the document it hangs on; one with a date before others.
    fn attached(&self) -> Option<Span> {
        let first = self.table.rows.first()?.at.start;
        let lines: Vec<Span> = self.repaired.lines().take_while(|l| l.start < first).collect();
        let near = lines[lines.len().saturating_sub(ATTACHED_REACH)..].iter().filter(|l| self.rules.is_attached(self.repaired.words(**l)));
        let near: Vec<&Span> = near.collect();
        let dated = |l: &&&Span| self.repaired.words(***l).matches('/').count() >= 2 || self.repaired.words(***l).contains("tháng");
        near.iter().rev().find(dated).or(near.last()).map(|l| trimmed(self.repaired, **l))
    }
}

fn trimmed(repaired: &Repaired, at: Span) -> Span {
    let words = repaired.words(at);
    let start = at.start + (words.len() - words.trim_start().len());
    Span::new(start, start + words.trim().len())
}

/// A figure from thousandths.
fn number(thousandths: i64) -> Figure {
    if thousandths % 1000 == 0 { Figure::Whole(thousandths / 1000) } else { Figure::Number(thousandths as f64 / 1000.0) }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
