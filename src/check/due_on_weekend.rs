//! `due-on-weekend`: a due falls on a weekly day of rest.

use super::Found;
use super::case::{Case, show, weekday};
use super::due_on_holiday::of_days;
use super::rule::Rule;
use crate::calendar::Off;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    of_days(case, |days| {
        let rest = days.iter().filter(|d| matches!(case.calendar.off(**d), Some(Off::Weekend)));
        // What recurs on a day of rest every time is meant so.
        let rest: Vec<String> = rest.map(|d| format!("{} là {}", show(*d), weekday(*d))).collect();
        if days.len() > 1 && rest.len() == days.len() { Vec::new() } else { rest }
    })
}
