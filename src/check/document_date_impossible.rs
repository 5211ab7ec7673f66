//! `document-date-impossible`: a cited document bears a date that it can't have: none of the calendar, after the plan itself, or of
//! another year than its number.

use super::Found;
use super::case::{Case, Cited, show};
use super::rule::Rule;

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let own = case.document.header.number.as_ref().map(|n| n.what.as_str());
    let mut found: Vec<(String, Found)> = Vec::new();
    for cited in case.cited.iter().filter(|c| own != Some(c.number.as_str())) {
        let Some(why) = why(case, cited) else { continue };
        let key = format!("{} {:?}", cited.number, cited.date);
        match found.iter_mut().find(|(k, _)| *k == key) {
            Some((_, f)) => f.also.push(cited.at),
            None => found.push((key, Found::at(cited.at, vec![("number", cited.number.clone()), ("why", why)]))),
        }
    }
    found.into_iter().map(|(_, f)| f).collect()
}

fn why(case: &Case<'_>, cited: &Cited) -> Option<String> {
    let Some(date) = cited.date else { return Some("ghi một ngày không có trong lịch".to_owned()) };
    if let Some(issued) = case.issued.filter(|i| date > *i) {
        return Some(format!("ghi ngày {}, sau ngày ký văn bản này ({})", show(date), show(issued)));
    }
    let year = cited.number.split('/').nth(1).and_then(|y| y.parse::<i16>().ok()).filter(|y| (1945..2100).contains(y))?;
    (date.year() != year).then(|| format!("mang số của năm {year} nhưng ghi ngày {}", show(date)))
}
