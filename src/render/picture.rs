//! `calendar.svg`: the months of the plan as grids, and a timeline with a lane for each doer; a picture to print or to paste.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::Material;
use super::slot::{Rule, occurrences};
use super::template::one_line;
use super::words::{self, fill};
use crate::calendar::Off;
use crate::error::Result;
use crate::rules::RuleBook;

/// The words and measures of the picture: `rules/render/picture.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    font: String,
    width: i32,
    pub(super) lines_a_day: usize,
    pub(super) letters_a_line: usize,
    pub(super) most_months: usize,
    most_lanes: usize,
    pub(super) month: String,
    weekdays: [String; 7],
    pub(super) more: String,
    timeline: String,
    nobody: String,
    colours: BTreeMap<String, String>,
}

impl Settings {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("render/picture.yaml")
    }
}

const MARGIN: i32 = 20;
/// The head of a day, where its number stands, and each line below.
const DAY_HEAD: i32 = 26;
const DAY_LINE: i32 = 16;
const LANE: i32 = 22;
const LANE_NAME: i32 = 240;

/// The picture; `None` for a plan in which nothing has a day.
pub(super) fn render(material: &Material<'_>, settings: &Settings) -> Option<String> {
    let days = occurrences(&material.slots);
    let (first, last) = (days.first()?.0, days.iter().map(|d| d.1).max()?);
    let mut picture = Picture { m: material, s: settings, days, out: String::new(), y: MARGIN };
    picture.text(MARGIN, 18, 20, "start", "#1d2733", true, &material.view.head.name);
    picture.y += 28;
    if let Some(title) = &material.view.head.title {
        picture.text(MARGIN, 12, 14, "start", "#5b6875", false, &shorten(title, 140));
        picture.y += 24;
    }
    let months = first.first_of_month().series(1.month()).take_while(|m| *m <= last).take(settings.most_months);
    for month in months {
        picture.month(month);
    }
    picture.timeline(first, last);
    Some(picture.finish())
}

struct Picture<'a> {
    m: &'a Material<'a>,
    s: &'a Settings,
    days: Vec<(Date, Date, usize)>,
    out: String,
    /// How far down it is drawn.
    y: i32,
}

impl Picture<'_> {
    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a String can't fail.
        let _ = self.out.write_fmt(element);
        self.out.push('\n');
    }

    #[expect(clippy::too_many_arguments, reason = "what a line of text in a picture has")]
    fn text(&mut self, x: i32, down: i32, size: i32, anchor: &str, colour: &str, bold: bool, words: &str) {
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let y = self.y + down;
        let words = one_line(words);
        let words = quick_xml::escape::escape(words.as_str());
        self.add(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{colour}\"{weight}>{words}</text>"
        ));
    }

    fn rect(&mut self, x: i32, down: i32, (width, height): (i32, i32), style: &str) {
        let y = self.y + down;
        self.add(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {style}/>"));
    }

    fn colour(&self, nth: usize) -> String {
        self.s.colours.get(&self.m.view.tasks[nth].kind).cloned().unwrap_or_else(|| "#14548c".to_owned())
    }

    fn month(&mut self, month: Date) {
        let s = self.s;
        let cell = (s.width - 2 * MARGIN) / 7;
        let title = fill(&s.month, &[("month", &month.month().to_string()), ("year", &month.year().to_string())]);
        self.text(MARGIN, 16, 16, "start", "#14548c", true, &title);
        self.y += 24;
        for (nth, name) in (0..).zip(&s.weekdays) {
            self.text(MARGIN + nth * cell + cell / 2, 12, 12, "middle", "#5b6875", false, name);
        }
        self.y += 18;
        let days: Vec<Date> = month.series(1.day()).take_while(|d| d.month() == month.month()).collect();
        for week in days.chunk_by(|a, b| a.weekday().to_monday_zero_offset() < b.weekday().to_monday_zero_offset()) {
            let filled: Vec<Vec<(usize, String)>> = week.iter().map(|day| self.lines_of(*day)).collect();
            // A week in which nothing is due is drawn low.
            let most = filled.iter().map(Vec::len).max().and_then(|n| i32::try_from(n).ok()).unwrap_or(0);
            let height = DAY_HEAD + most * DAY_LINE;
            for (day, lines) in week.iter().zip(&filled) {
                let column = i32::from(day.weekday().to_monday_zero_offset());
                self.day(MARGIN + column * cell, (cell, height), *day, lines);
            }
            self.y += height;
        }
        self.y += 18;
    }

    /// What is written into a day, line by line, each with its task: a stretch of days is named on its first and on its last.
    fn lines_of(&self, day: Date) -> Vec<(usize, String)> {
        let s = self.s;
        let here: Vec<usize> = self.days.iter().filter(|(from, to, _)| *from == day || *to == day).map(|(.., nth)| *nth).collect();
        let shown = if here.len() > s.lines_a_day { s.lines_a_day - 1 } else { here.len() };
        let each = (s.lines_a_day / shown.max(1)).clamp(1, 2);
        let task = |nth: &usize| {
            wrapped(&self.m.view.tasks[*nth].what, s.letters_a_line, each).into_iter().map(|line| (*nth, line)).collect::<Vec<_>>()
        };
        let mut lines: Vec<(usize, String)> = here.iter().take(shown).flat_map(task).collect();
        if let Some(nth) = here.get(shown) {
            lines.push((*nth, fill(&s.more, &[("n", &(here.len() - shown).to_string())])));
        }
        lines
    }

    fn day(&mut self, x: i32, (width, height): (i32, i32), day: Date, lines: &[(usize, String)]) {
        let off = self.m.holidays.off(day);
        let ground = if off.is_some() { "#fbe3df" } else { "#ffffff" };
        self.rect(x, 0, (width, height), &format!("fill=\"{ground}\" stroke=\"#c3ccd5\""));
        self.text(x + 6, 16, 13, "start", "#1d2733", true, &day.day().to_string());
        if let Some(Off::Holiday(name)) = off {
            self.text(x + width - 5, 15, 10, "end", "#b3261e", false, &shorten(&name, self.s.letters_a_line));
        }
        for (down, (nth, words)) in (0..).zip(lines) {
            let colour = self.colour(*nth);
            self.text(x + 6, DAY_HEAD + 8 + down * DAY_LINE, 12, "start", &colour, false, words);
        }
    }

    fn timeline(&mut self, first: Date, last: Date) {
        let s = self.s;
        self.text(MARGIN, 16, 16, "start", "#14548c", true, &s.timeline);
        self.y += 26;
        let width = s.width - 2 * MARGIN - LANE_NAME;
        let whole = first.until(last).map_or(0, |d| d.get_days()).max(1);
        let at = |day: Date| MARGIN + LANE_NAME + first.until(day).map_or(0, |d| d.get_days()) * (width - 6) / whole;
        self.text(MARGIN + LANE_NAME, 10, 11, "start", "#5b6875", false, &words::day(first));
        self.text(s.width - MARGIN, 10, 11, "end", "#5b6875", false, &words::day(last));
        // The months between are named where the first and the last day leave room.
        for month in first.first_of_month().series(1.month()).skip(1).take_while(|m| *m <= last) {
            if at(month) > MARGIN + LANE_NAME + 70 && at(month) < s.width - MARGIN - 90 {
                let name = format!("{}/{}", month.day(), month.month());
                self.text(at(month), 10, 11, "start", "#5b6875", false, &name);
            }
        }
        self.y += 16;
        let doers = self.m.view.doers.iter().map(|d| (Some(d.id.clone()), d.name.clone()));
        let lanes: Vec<_> = doers.chain(std::iter::once((None, s.nobody.clone()))).collect();
        let mut drawn = 0;
        for (id, name) in lanes {
            let who = |nth: &usize| &self.m.view.tasks[*nth].who_ids;
            let own: Vec<_> =
                self.days.iter().filter(|(.., n)| id.as_ref().map_or(who(n).is_empty(), |id| who(n).contains(id))).copied().collect();
            if own.is_empty() || drawn == s.most_lanes {
                continue;
            }
            drawn += 1;
            self.text(MARGIN, 14, 12, "start", "#1d2733", false, &shorten(&name, 36));
            self.rect(MARGIN + LANE_NAME, 2, (width, LANE - 6), "fill=\"#f3f5f8\"");
            for (from, to, nth) in own {
                let daily = self.m.slots[nth].as_ref().is_some_and(|s| matches!(s.rule, Some(Rule::Daily { .. })));
                let (down, height) = if to > from { (8, 5) } else { (3, LANE - 8) };
                let colour = self.colour(nth);
                let strength = if daily { " opacity=\"0.35\"" } else { "" };
                self.rect(at(from), down, ((at(to) - at(from)).max(5), height), &format!("fill=\"{colour}\"{strength}"));
            }
            self.y += LANE;
        }
    }

    fn finish(self) -> String {
        let (width, height) = (self.s.width, self.y + MARGIN);
        let font = quick_xml::escape::escape(self.s.font.as_str());
        let name = one_line(&self.m.view.head.name);
        let name = quick_xml::escape::escape(name.as_str());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"{font}\" role=\"img\" aria-label=\"{name}\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.out
        )
    }
}

fn shorten(text: &str, most: usize) -> String {
    let text = one_line(text);
    if text.chars().count() <= most {
        text
    } else {
        format!("{}…", text.chars().take(most.saturating_sub(1)).collect::<String>().trim_end())
    }
}

/// `text` in at most so many lines of at most so many letters, broken between words.
fn wrapped(text: &str, letters: usize, most: usize) -> Vec<String> {
    let text = one_line(text);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let room = letters.saturating_sub(lines[last].chars().count() + 1);
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if word.chars().count() <= room || lines.len() == most {
            lines[last].push(' ');
            lines[last].push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.iter().map(|line| shorten(line, letters)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_the_last_is_cut() {
        assert_eq!(wrapped("Tổng hợp, theo dõi, cung cấp", 12, 2), ["Tổng hợp,", "theo dõi, c…"]);
        assert_eq!(wrapped("Họp", 12, 2), ["Họp"]);
        assert_eq!(wrapped(&"ạ".repeat(100), 12, 2), [format!("{}…", "ạ".repeat(11))]);
        assert_eq!(wrapped("một hai ba", 5, 1), ["một…"]);
    }
}
