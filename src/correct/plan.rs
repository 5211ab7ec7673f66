//! Corrections laid over a [`Plan`], before it is checked.

use super::{About, Corrections, Entry, Fields, Misfit, QuotaParts, Seen, TaskParts, Verdict};
use crate::extract::{Actor, Annex, Fact, Figure, Plan, Quota, QuotaBound, Task, TaskKind};
use crate::text::{Span, Sure};

/// The rule of what a person said.
pub const PERSON: &str = "person";

impl Corrections {
    /// Lays these corrections over `plan`; what a person should look at again comes back. `quote` gives the words of a place as a citation
    /// has them, `find` the place of such words in the text, where they stand there.
    pub fn over(&self, plan: &mut Plan, quote: impl Fn(Span) -> String, find: impl Fn(&str) -> Option<Span>) -> Vec<Misfit> {
        let cells = cells(&plan.annexes);
        let mut seen: Vec<Seen<'_>> = Vec::new();
        let (mut tasks, mut quotas) = (plan.tasks.clone(), plan.quotas.clone());
        seen.extend(tasks.iter_mut().zip(&plan.tasks).map(|(t, kept)| Seen {
            about: About::Task,
            id: &kept.id,
            quote: quote(kept.at),
            fields: Fields::of_task(&task_parts(&mut t.what)),
        }));
        seen.extend(quotas.iter_mut().zip(&plan.quotas).map(|(q, kept)| {
            let amount = q.what.amount;
            let fields = Fields::of_quota(&quota_parts(&mut q.what), amount);
            Seen { about: About::Quota, id: &kept.id, quote: quote(kept.at), fields }
        }));
        seen.extend(cells.iter().map(|c| Seen {
            about: About::Cell,
            id: &c.id,
            quote: c.quote.clone(),
            fields: Fields::of_cell(&plan.annexes[c.annex].rows[c.row].cells[c.column]),
        }));
        let named = |a: &Actor| (a.id.clone(), std::iter::once(&a.name).chain(&a.also).cloned().collect());
        let laid = self.lay(&seen, &plan.actors.iter().map(named).collect::<Vec<_>>());
        drop(seen);
        let (of_tasks, rest) = laid.verdicts.split_at(plan.tasks.len());
        let (of_quotas, of_cells) = rest.split_at(plan.quotas.len());
        keep(&mut plan.tasks, of_tasks, |t, f| f.set_task(&mut task_parts(t)));
        keep(&mut plan.quotas, of_quotas, set_quota);
        for (cell, verdict) in cells.iter().zip(of_cells) {
            if let Verdict::Accepted(Fields { value: Some(v), .. }) | Verdict::Changed(Fields { value: Some(v), .. }) = verdict {
                set_cell(&mut plan.annexes[cell.annex], cell, v);
            }
        }
        // A fact whose words stand nowhere any more stands at the head of the text: it is a person's, and is not lost.
        let place = |quote: &str| find(quote).unwrap_or(Span::new(0, 0));
        plan.actors.extend(laid.actors.iter().map(|a| Actor {
            id: a.id.clone(),
            name: a.name.clone(),
            also: Vec::new(),
            at: Span::new(0, 0),
        }));
        for entry in laid.added {
            let at = place(&entry.quote);
            match entry.about {
                About::Task => plan.tasks.push(added_task(entry, at)),
                About::Quota => plan.quotas.push(added_quota(entry, at)),
                About::Cell | About::Finding => {}
            }
        }
        laid.misfits
    }
}

fn keep<T>(facts: &mut Vec<Fact<T>>, verdicts: &[Verdict], set: impl Fn(&mut T, &Fields)) {
    let mut verdicts = verdicts.iter();
    facts.retain_mut(|fact| match verdicts.next() {
        Some(Verdict::Removed) => false,
        Some(Verdict::Accepted(fields)) => {
            set(&mut fact.what, fields);
            fact.sure = Sure::Certain;
            true
        }
        Some(Verdict::Changed(fields)) => {
            set(&mut fact.what, fields);
            fact.sure = Sure::Certain;
            fact.rule = PERSON.to_owned();
            true
        }
        Some(Verdict::Open) | None => true,
    });
}

fn task_parts(t: &mut Task) -> TaskParts<'_> {
    TaskParts {
        kind: &mut t.kind,
        what: &mut t.what,
        who: &mut t.who,
        with: &mut t.with,
        to: &mut t.to,
        product: &mut t.product,
        due: &mut t.due,
    }
}

fn quota_parts(q: &mut Quota) -> QuotaParts<'_> {
    QuotaParts { what: &mut q.what, who: &mut q.who, due: &mut q.by, unit: &mut q.unit, bound: &mut q.bound }
}

fn set_quota(q: &mut Quota, fields: &Fields) {
    fields.set_quota(&mut quota_parts(q));
    q.amount = fields.amount.unwrap_or(q.amount);
}

fn added_task(entry: Entry, at: Span) -> Fact<Task> {
    let mut what = Task {
        kind: TaskKind::Task,
        who: Vec::new(),
        with: Vec::new(),
        product: None,
        what: String::new(),
        to: Vec::new(),
        via: None,
        due: None,
    };
    entry.now.set_task(&mut task_parts(&mut what));
    Fact { id: entry.id, what, at, rule: PERSON.to_owned(), sure: Sure::Certain }
}

fn added_quota(entry: Entry, at: Span) -> Fact<Quota> {
    let mut what = Quota {
        who: Vec::new(),
        what: String::new(),
        amount: 0.0,
        unit: String::new(),
        bound: QuotaBound::Exactly,
        by: None,
        per: None,
        change: None,
        against: None,
        about: false,
        same_as: None,
    };
    set_quota(&mut what, &entry.now);
    Fact { id: entry.id, what, at, rule: PERSON.to_owned(), sure: Sure::Certain }
}

/// A cell of figures, all counted from 0.
struct Cell {
    annex: usize,
    row: usize,
    column: usize,
    id: String,
    quote: String,
}

fn cells(annexes: &[Annex]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (annex, a) in annexes.iter().enumerate() {
        for (row, r) in a.rows.iter().enumerate() {
            for column in 0..r.cells.len() {
                let head = a.columns.get(column).map_or("", |c| c.name.as_str());
                cells.push(Cell { annex, row, column, id: cell_id(annex, row, column), quote: cell_quote(&a.title, &r.label, head) });
            }
        }
    }
    cells
}

/// The id of a cell, given all from 0: `1.2.3` is the third figure of the second row of the first annex.
pub fn cell_id(annex: usize, row: usize, column: usize) -> String {
    format!("{}.{}.{}", annex + 1, row + 1, column + 1)
}

/// The words by which a cell is known again when rows have moved.
pub fn cell_quote(title: &str, row: &str, column: &str) -> String {
    format!("{title} | {row} | {column}")
}

fn set_cell(annex: &mut Annex, cell: &Cell, value: &Figure) {
    let place = &mut annex.rows[cell.row].cells[cell.column];
    if place != value {
        place.clone_from(value);
        // It is no longer the value that the sums gave.
        annex.mended.retain(|m| (m.row, m.column) != (cell.row + 1, cell.column + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Bound, When};

    fn plan() -> Plan {
        let task = |id: &str, start: usize| {
            let entry = Entry {
                about: About::Task,
                id: id.into(),
                quote: String::new(),
                was: Fields::default(),
                now: Fields { what: Some(format!("việc {id}")), ..Fields::default() },
                note: None,
            };
            Fact { sure: Sure::Doubtful, rule: "manner".into(), ..added_task(entry, Span::new(start, start + 3)) }
        };
        Plan { tasks: vec![task("I-1", 0), task("I-2", 4), task("I-3", 8)], ..Plan::default() }
    }

    #[test]
    fn the_plan_says_what_the_person_said() {
        let text = "aaa bbb ccc ddd";
        let yaml = "corrections: 1\n\
            accepted:\n- {about: task, id: I-1, quote: aaa}\n\
            changed:\n- {about: task, id: I-2, quote: bbb, now: {due: {says: x, bound: by, date: 2025-03-01}, who: [toi]}}\n\
            removed:\n- {about: task, id: I-3, quote: ccc}\n\
            added:\n- {about: task, id: I-4, quote: ddd, now: {what: thêm}}\n- {about: quota, id: I-5, quote: mất rồi, now: {what: hộ, amount: 12}}\n";
        let corrections = Corrections::read(yaml).expect("reads");
        let mut plan = plan();
        let lay =
            |plan: &mut Plan| corrections.over(plan, |s| text[s.range()].to_owned(), |q| text.find(q).map(|i| Span::new(i, i + q.len())));
        assert!(lay(&mut plan).is_empty());
        let ids: Vec<_> = plan.tasks.iter().map(|t| (t.id.as_str(), t.rule.as_str(), t.sure)).collect();
        assert_eq!(ids, [("I-1", "manner", Sure::Certain), ("I-2", PERSON, Sure::Certain), ("I-4", PERSON, Sure::Certain)]);
        assert!(matches!(plan.tasks[1].what.due.as_ref().map(|d| &d.when), Some(When::Day { bound: Bound::By, .. })));
        assert_eq!((plan.tasks[2].at, plan.quotas[0].what.amount), (Span::new(12, 15), 12.0));
        assert_eq!(plan.actors[0].id, "toi");
        // Laid once more, nothing changes, the lost place aside.
        let once = (plan.tasks.clone(), plan.actors.clone());
        assert!(lay(&mut plan).is_empty());
        assert_eq!((plan.tasks.clone(), plan.actors.clone()), once);
    }
}
