//! `due-on-holiday`: a due falls on a public holiday, or on a day off that makes up for one.

use jiff::civil::Date;

use super::Found;
use super::case::{Case, ends_before, list, named_day, recurring_days, show, weekday};
use super::rule::Rule;
use crate::calendar::{Bound, Due, Off, When};
use crate::extract::{Fact, Task, TaskKind};

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    of_days(case, |_, days| {
        let holiday = |d: &Date| match case.calendar.off(*d) {
            Some(Off::Holiday(name)) => Some(Day { date: *d, says: format!("{} ngày {} ({name})", weekday(*d), show(*d)) }),
            _ => None,
        };
        days.iter().filter_map(holiday).collect()
    })
}

/// A day off on which something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub date: Date,
    /// The day and why it is off.
    pub says: String,
}

/// One finding for each set of days that `choose` picks from the days of a due; tasks that share it stand together.
pub(super) fn of_days(case: &Case<'_>, choose: impl Fn(&Due, &[Date]) -> Vec<Day>) -> Vec<Found> {
    let mut found: Vec<(Vec<Day>, Found)> = Vec::new();
    for (task, due) in case.dues() {
        let Some(days) = days(case, task, due) else { continue };
        let chosen = choose(due, &days);
        if chosen.is_empty() {
            continue;
        }
        match found.iter_mut().find(|(c, _)| *c == chosen) {
            Some((_, f)) => f.also.push(task.at),
            None => {
                let days: Vec<String> = chosen.iter().map(|d| d.says.clone()).collect();
                let next: Vec<String> = chosen.iter().map(|d| show(case.calendar.last_day(d.date))).collect();
                let says = vec![("says", due.says.clone()), ("days", list(&days)), ("next", list(&next)), ("task", case.short(task))];
                found.push((chosen, Found::at(task.at, says)));
            }
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}

/// The days on which something must be handed in or done; a milestone, or a meeting on a day of its own, may fall on any day. What must
/// be done before a day is done on the day before it: that day off troubles nobody while the one before is worked.
fn days(case: &Case<'_>, task: &Fact<Task>, due: &Due) -> Option<Vec<Date>> {
    if matches!(task.what.kind, TaskKind::Milestone | TaskKind::Meeting) {
        return None;
    }
    // A day of its own ("vào ngày …") is chosen; a time limit only falls on one.
    if matches!(due.when, When::Day { bound: Bound::Exactly, .. }) {
        return None;
    }
    let one = named_day(case.words, due).map(|(_, d)| vec![d]).filter(|d| case.issued.is_none_or(|i| d[0] >= i));
    let mut days = one.or_else(|| recurring_days(case, due))?;
    if ends_before(due) && days.len() == 1 {
        days.retain(|d| d.yesterday().is_ok_and(|y| !case.calendar.is_working(y)));
    }
    Some(days)
}
