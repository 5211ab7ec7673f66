//! The months of a plan as grids of days, for papers: what is due on each day.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::Material;
use super::picture::Settings;
use super::slot::{Rule, occurrences};
use super::template::one_line;
use super::view::TaskView;
use super::words::{fill, shorten};

/// A month, by weeks from Monday on.
#[derive(Debug, Serialize)]
pub(super) struct Month {
    name: String,
    weeks: Vec<Vec<DayCell>>,
}

/// A day; outside the month both are empty.
#[derive(Clone, Debug, Default, Serialize)]
struct DayCell {
    day: String,
    /// A line for each duty, each after a line end.
    what: String,
}

/// The months in which something of `own` is due, a stretch on its last day; a daily duty stands on no day.
pub(super) fn months(material: &Material<'_>, s: &Settings, own: impl Fn(&TaskView) -> bool) -> Vec<Month> {
    let is_daily = |nth: usize| material.slots[nth].as_ref().is_some_and(|slot| matches!(slot.rule, Some(Rule::Daily { .. })));
    let mut days: Vec<(Date, usize)> = occurrences(&material.slots)
        .into_iter()
        .filter(|(.., nth)| !is_daily(*nth) && own(&material.view.tasks[*nth]))
        .map(|(_, to, nth)| (to, nth))
        .collect();
    days.sort_unstable();
    let (Some((first, _)), Some((last, _))) = (days.first().copied(), days.last().copied()) else { return Vec::new() };
    let all = first.first_of_month().series(1.month()).take_while(|m| *m <= last).take(s.most_months);
    let busy = all.filter(|m| days.iter().any(|(d, _)| d.first_of_month() == *m));
    busy.map(|month| grid(month, &days, material, s)).collect()
}

fn grid(month: Date, days: &[(Date, usize)], material: &Material<'_>, s: &Settings) -> Month {
    let name = fill(&s.month, &[("month", &month.month().to_string()), ("year", &month.year().to_string())]);
    let before = usize::from(month.weekday().to_monday_zero_offset().unsigned_abs());
    let mut cells = vec![DayCell::default(); before];
    for date in month.series(1.day()).take_while(|d| d.month() == month.month()) {
        cells.push(DayCell { day: date.day().to_string(), what: of_day(date, days, material, s) });
    }
    cells.resize(cells.len().next_multiple_of(7), DayCell::default());
    Month { name, weeks: cells.chunks(7).map(<[_]>::to_vec).collect() }
}

fn of_day(date: Date, days: &[(Date, usize)], material: &Material<'_>, s: &Settings) -> String {
    let of: Vec<usize> = days.iter().filter(|(d, _)| *d == date).map(|(_, nth)| *nth).collect();
    let shown = if of.len() > s.lines_a_day { s.lines_a_day - 1 } else { of.len() };
    let mut out = String::new();
    for nth in &of[..shown] {
        let words = one_line(&material.view.tasks[*nth].what);
        out.push_str(&format!("\n• {}", shorten(&words, 2 * s.letters_a_line)));
    }
    if shown < of.len() {
        out.push_str(&format!("\n{}", fill(&s.more, &[("n", &(of.len() - shown).to_string())])));
    }
    out
}
