//! `weekday-differs`: a day of the week stands beside a date that falls on another.

use jiff::civil::Date;
use regex::Regex;

use super::Found;
use super::case::{Case, plain, show, weekday};
use super::rule::Rule;
use crate::text::Span;

const DAY: &str = r"(?i:(thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật))";
const DATE: &str = r"(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})(?:\s*(?:[/.-]|năm)\s*((?:19|20)\d{2}))?";

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    // Without the word "ngày" a number behind "thứ hai" may be a clause's.
    let before = Regex::new(&format!(r"{DAY}\s*[,(]?\s*ngày\s+{DATE}"));
    let after = Regex::new(&format!(r"ngày\s+{DATE}\s*[(,]\s*{DAY}"));
    let (Ok(before), Ok(after)) = (before, after) else { return Vec::new() };
    let text = case.repaired.text();
    let mut found = Vec::new();
    let counted = |c: &regex::Captures<'_>| c.get(0).is_some_and(|m| plain(&text[..m.start()]).ends_with("lan"));
    for c in before.captures_iter(text).filter(|c| !counted(c)) {
        found.extend(differs(case, &c, 1, [2, 3, 4]));
    }
    for c in after.captures_iter(text) {
        found.extend(differs(case, &c, 4, [1, 2, 3]));
    }
    found
}

fn differs(case: &Case<'_>, c: &regex::Captures<'_>, day: usize, date: [usize; 3]) -> Option<Found> {
    let whole = c.get(0)?;
    let number = |i: usize| c.get(date[i])?.as_str().parse::<i16>().ok();
    // Without a year it is the plan's.
    let year = number(2).or(case.issued.map(Date::year))?;
    let date = Date::new(year, i8::try_from(number(1)?).ok()?, i8::try_from(number(0)?).ok()?).ok()?;
    let said = c.get(day)?.as_str().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    (named(&said) != weekday(date)).then(|| {
        let says = vec![("said", said.clone()), ("date", show(date)), ("true", weekday(date).to_owned())];
        Found::at(Span::new(whole.start(), whole.end()), says)
    })
}

/// `thứ 3` is `thứ ba`.
fn named(said: &str) -> &'static str {
    let days = [("hai", "2"), ("ba", "3"), ("tu", "4"), ("nam", "5"), ("sau", "6"), ("bay", "7")];
    let names = ["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy"];
    let plain = plain(said);
    let last = plain.rsplit(' ').next().unwrap_or("");
    days.iter().position(|(word, digit)| last == *word || last == *digit).map_or("chủ nhật", |i| names[i])
}
