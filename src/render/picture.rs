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
    day_height: i32,
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
        let mut column = i32::from(month.weekday().to_monday_zero_offset());
        for day in month.series(1.day()).take_while(|d| d.month() == month.month()) {
            self.day(MARGIN + column * cell, cell, day);
            column += 1;
            if column == 7 {
                column = 0;
                self.y += s.day_height;
            }
        }
        self.y += if column > 0 { s.day_height } else { 0 } + 18;
    }

    fn day(&mut self, x: i32, width: i32, day: Date) {
        let s = self.s;
        let off = self.m.holidays.off(day);
        let ground = if off.is_some() { "#fbe3df" } else { "#ffffff" };
        self.rect(x, 0, (width, s.day_height), &format!("fill=\"{ground}\" stroke=\"#c3ccd5\""));
        self.text(x + 6, 16, 13, "start", "#1d2733", true, &day.day().to_string());
        if let Some(Off::Holiday(name)) = off {
            self.text(x + width - 5, 15, 10, "end", "#b3261e", false, &shorten(&name, s.letters_a_line - 5));
        }
        // A stretch of days is named on its first and on its last.
        let here: Vec<usize> = self.days.iter().filter(|(from, to, _)| *from == day || *to == day).map(|(.., nth)| *nth).collect();
        for (line, nth) in (0..).zip(here.iter().take(s.lines_a_day)) {
            let full = here.len() > s.lines_a_day && usize::try_from(line).is_ok_and(|l| l + 1 == s.lines_a_day);
            let words = if full {
                fill(&s.more, &[("n", &(here.len() + 1 - s.lines_a_day).to_string())])
            } else {
                shorten(&self.m.view.tasks[*nth].what, s.letters_a_line)
            };
            let colour = self.colour(*nth);
            self.text(x + 6, 34 + line * 16, 12, "start", &colour, false, &words);
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
