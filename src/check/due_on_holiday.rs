//! `due-on-holiday`: a due falls on a public holiday, or on a day off that makes up for one.

use jiff::civil::Date;

use super::Found;
use super::case::{Case, list, named_day, recurring_days, show, weekday};
use super::rule::Rule;
use crate::calendar::{Due, Off};
use crate::extract::{Fact, Task, TaskKind};

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    of_days(case, |case, days, _| {
        let holiday = |d: &Date| match case.calendar.off(*d) {
            Some(Off::Holiday(name)) => Some((*d, name)),
            _ => None,
        };
        days.iter().filter_map(holiday).map(|(d, name)| format!("{} ngày {} ({name})", weekday(d), show(d))).collect()
    })
}

/// One finding for each set of days that `choose` picks from the days of a due; tasks that share it stand together.
pub(super) fn of_days(case: &Case<'_>, choose: impl Fn(&Case<'_>, &[Date], bool) -> Vec<String>) -> Vec<Found> {
    let mut found: Vec<(Vec<String>, Found)> = Vec::new();
    for (task, due) in case.dues() {
        let Some((days, repeats)) = days(case, task, due) else { continue };
        let chosen = choose(case, &days, repeats);
        if chosen.is_empty() {
            continue;
        }
        match found.iter_mut().find(|(c, _)| *c == chosen) {
            Some((_, f)) => f.also.push(task.at),
            None => {
                let says = vec![("says", due.says.clone()), ("days", list(&chosen)), ("task", case.short(task))];
                found.push((chosen, Found::at(task.at, says)));
            }
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}

/// The days on which something must be handed in or done; a milestone, or a meeting on a day of its own, may fall on any day.
fn days(case: &Case<'_>, task: &Fact<Task>, due: &Due) -> Option<(Vec<Date>, bool)> {
    if matches!(task.what.kind, TaskKind::Milestone | TaskKind::Meeting) {
        return None;
    }
    if let Some((_, date)) = named_day(case.words, due) {
        return Some((vec![date], false)).filter(|_| case.issued.is_none_or(|i| date >= i));
    }
    recurring_days(case, due).map(|(_, days)| (days, true))
}
