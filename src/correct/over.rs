//! Corrections laid over a plan, wherever it is kept: as it was extracted, or as it was written down.

use super::{About, ActorName, Corrections, Entry, Fields, Misfit, Seen, Verdict};
use crate::extract::Figure;
use crate::text::Sure;

/// The rule of what a person said.
pub const PERSON: &str = "person";

/// A duty or a quota.
pub trait Correctable {
    /// Puts into it what a person said of it.
    fn set(&mut self, said: &Fields);
    /// How sure it is, and the rule that found it.
    fn marks(&mut self) -> (&mut Sure, &mut String);
}

/// A plan over which corrections are laid.
pub trait Layered {
    /// Its duties.
    type Task: Correctable;
    /// Its quotas.
    type Quota: Correctable;
    /// Every duty, and then every quota, in their order.
    fn seen(&self) -> Vec<Seen<'_>>;
    /// The duties.
    fn tasks(&mut self) -> &mut Vec<Self::Task>;
    /// The quotas.
    fn quotas(&mut self) -> &mut Vec<Self::Quota>;
    /// Every cell of its annexes.
    fn cells(&self) -> Vec<Cell>;
    /// Puts what a person said into the cell at `place`.
    fn set_cell(&mut self, place: [usize; 3], value: &Figure);
    /// Every actor: its id and all its names.
    fn actors(&self) -> Vec<(String, Vec<String>)>;
    /// Takes in an actor that only the person names.
    fn add_actor(&mut self, actor: ActorName);
    /// Takes in a duty or a quota that only the person knows.
    fn add(&mut self, entry: Entry);
}

/// A cell of figures.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Annex, row and column, all from 0.
    pub place: [usize; 3],
    /// What it holds.
    pub value: Figure,
    id: String,
    quote: String,
}

impl Cell {
    /// The cell at `place` of the annex `title`, in the row and the column of these names.
    pub fn new(place: [usize; 3], title: &str, row: &str, column: &str, value: &Figure) -> Self {
        let [a, r, c] = place;
        Self { place, value: value.clone(), id: cell_id(a, r, c), quote: cell_quote(title, row, column) }
    }

    fn seen(&self) -> Seen<'_> {
        Seen { about: About::Cell, id: &self.id, quote: self.quote.clone(), fields: Fields::of_cell(&self.value) }
    }
}

/// The id of a cell, given all from 0: `1.2.3` is the third figure of the second row of the first annex.
pub fn cell_id(annex: usize, row: usize, column: usize) -> String {
    format!("{}.{}.{}", annex + 1, row + 1, column + 1)
}

/// The words by which a cell is known again when rows have moved.
pub fn cell_quote(title: &str, row: &str, column: &str) -> String {
    format!("{title} | {row} | {column}")
}

impl Corrections {
    /// Lays these corrections over `plan`; what a person should look at again comes back.
    pub fn over(&self, plan: &mut impl Layered) -> Vec<Misfit> {
        let cells = plan.cells();
        let mut seen = plan.seen();
        seen.extend(cells.iter().map(Cell::seen));
        let laid = self.lay(&seen, &plan.actors());
        drop(seen);
        let (of_tasks, rest) = laid.verdicts.split_at(plan.tasks().len());
        let (of_quotas, of_cells) = rest.split_at(plan.quotas().len());
        keep(plan.tasks(), of_tasks);
        keep(plan.quotas(), of_quotas);
        for (cell, verdict) in cells.iter().zip(of_cells) {
            if let Verdict::Accepted(Fields { value: Some(v), .. }) | Verdict::Changed(Fields { value: Some(v), .. }) = verdict
                && *v != cell.value
            {
                plan.set_cell(cell.place, v);
            }
        }
        laid.actors.into_iter().for_each(|a| plan.add_actor(a));
        laid.added.into_iter().for_each(|e| plan.add(e));
        laid.misfits
    }
}

fn keep<T: Correctable>(facts: &mut Vec<T>, verdicts: &[Verdict]) {
    let mut verdicts = verdicts.iter();
    facts.retain_mut(|fact| {
        let (said, rule) = match verdicts.next() {
            Some(Verdict::Removed) => return false,
            Some(Verdict::Accepted(said)) => (said, None),
            Some(Verdict::Changed(said)) => (said, Some(PERSON)),
            Some(Verdict::Open) | None => return true,
        };
        fact.set(said);
        let (sure, name) = fact.marks();
        *sure = Sure::Certain;
        if let Some(rule) = rule {
            rule.clone_into(name);
        }
        true
    });
}
