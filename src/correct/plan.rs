//! A [`Plan`] as corrections are laid over it, before it is checked.

use super::{About, ActorName, Cell, Correctable, Entry, Fields, Layered, PERSON, QuotaParts, Seen, TaskParts};
use crate::extract::{Actor, Fact, Figure, Plan, Quota, QuotaBound, Task, TaskKind};
use crate::text::{Span, Sure};

/// A plan and its text: `quote` gives the words of a place as a citation has them, `find` the place of such words, where they stand there.
pub struct Over<'a, Q, F> {
    /// The plan.
    pub plan: &'a mut Plan,
    /// The words of a place.
    pub quote: Q,
    /// The place of words.
    pub find: F,
}

impl<Q: Fn(Span) -> String, F: Fn(&str) -> Option<Span>> Layered for Over<'_, Q, F> {
    type Task = Fact<Task>;
    type Quota = Fact<Quota>;

    fn seen(&self) -> Vec<Seen<'_>> {
        let of = |about, id, at, fields| Seen { about, id, quote: (self.quote)(at), fields };
        let tasks = self.plan.tasks.iter().map(|t| of(About::Task, &t.id, t.at, Fields::of_task(&task_parts(&mut t.what.clone()))));
        let quota = |q: &Fact<Quota>| Fields::of_quota(&quota_parts(&mut q.what.clone()), q.what.amount);
        tasks.chain(self.plan.quotas.iter().map(|q| of(About::Quota, &q.id, q.at, quota(q)))).collect()
    }

    fn tasks(&mut self) -> &mut Vec<Fact<Task>> {
        &mut self.plan.tasks
    }

    fn quotas(&mut self) -> &mut Vec<Fact<Quota>> {
        &mut self.plan.quotas
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (a, annex) in self.plan.annexes.iter().enumerate() {
            for (r, row) in annex.rows.iter().enumerate() {
                for (c, value) in row.cells.iter().enumerate() {
                    let head = annex.columns.get(c).map_or("", |c| c.name.as_str());
                    cells.push(Cell::new([a, r, c], &annex.title, &row.label, head, value));
                }
            }
        }
        cells
    }

    fn set_cell(&mut self, [annex, row, column]: [usize; 3], value: &Figure) {
        let annex = &mut self.plan.annexes[annex];
        annex.rows[row].cells[column].clone_from(value);
        // It is no longer the value that the sums gave.
        annex.mended.retain(|m| (m.row, m.column) != (row + 1, column + 1));
    }

    fn actors(&self) -> Vec<(String, Vec<String>)> {
        let named = |a: &Actor| (a.id.clone(), std::iter::once(&a.name).chain(&a.also).cloned().collect());
        self.plan.actors.iter().map(named).collect()
    }

    fn add_actor(&mut self, ActorName { id, name }: ActorName) {
        self.plan.actors.push(Actor { id, name, also: Vec::new(), at: Span::new(0, 0) });
    }

    fn add(&mut self, entry: Entry) {
        // A fact whose words stand nowhere any more stands at the head of the text: it is a person's, and is not lost.
        let at = (self.find)(&entry.quote).unwrap_or(Span::new(0, 0));
        match entry.about {
            About::Task => self.plan.tasks.push(added_task(entry, at)),
            About::Quota => self.plan.quotas.push(added_quota(entry, at)),
            About::Cell | About::Finding => {}
        }
    }
}

impl Correctable for Fact<Task> {
    fn set(&mut self, said: &Fields) {
        said.set_task(&mut task_parts(&mut self.what));
    }

    fn marks(&mut self) -> (&mut Sure, &mut String) {
        (&mut self.sure, &mut self.rule)
    }
}

impl Correctable for Fact<Quota> {
    fn set(&mut self, said: &Fields) {
        set_quota(&mut self.what, said);
    }

    fn marks(&mut self) -> (&mut Sure, &mut String) {
        (&mut self.sure, &mut self.rule)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Bound, When};
    use crate::correct::Corrections;

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
        let lay = |plan: &mut Plan| {
            let find = |q: &str| text.find(q).map(|i| Span::new(i, i + q.len()));
            corrections.over(&mut Over { plan, quote: |s: Span| text[s.range()].to_owned(), find })
        };
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
