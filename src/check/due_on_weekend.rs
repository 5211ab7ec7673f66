//! `due-on-weekend`: a due falls on a weekly day of rest.

use super::Found;
use super::case::{Case, plain, show, weekday};
use super::due_on_holiday::{Day, of_days};
use super::rule::Rule;
use crate::calendar::Off;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    of_days(case, |due, days| {
        // "Sáng Chủ nhật hằng tuần" is meant so.
        let says = format!(" {} ", plain(&due.says));
        if [" chu nhat ", " thu bay ", " thu 7 "].iter().any(|d| says.contains(d)) {
            return Vec::new();
        }
        let rest = days.iter().filter(|d| matches!(case.calendar.off(**d), Some(Off::Weekend)));
        // What recurs on a day of rest every time is meant so.
        let rest: Vec<Day> = rest.map(|d| Day { date: *d, says: format!("{} là {}", show(*d), weekday(*d)) }).collect();
        if days.len() > 1 && rest.len() == days.len() { Vec::new() } else { rest }
    })
}
