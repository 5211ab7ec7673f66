//! Explains one fact from the plan's folder alone: what it says, which rule found it, the lines it stands on as repaired and as read.

use super::folder::Folder;
use super::reading::{PageRecord, Reading, RepairRecord};
use super::words::Words;
use crate::error::{Error, Kind, Result};
use crate::repair::Citation;
use crate::text::Sure;

/// One fact, told in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The id that was asked for.
    pub id: String,
    /// The clause it stands in, as officials cite it; empty for an annex.
    pub clause: String,
    /// What kind of fact, in Vietnamese.
    pub kind: String,
    /// What it says.
    pub what: String,
    /// Those who do it or must reach it.
    pub who: Vec<String>,
    /// By when, in words.
    pub due: Option<String>,
    /// The plan's own words for that.
    pub says: Option<String>,
    /// How many, in words.
    pub amount: Option<String>,
    /// How sure.
    pub sure: Sure,
    /// The rule that found it.
    pub rule: String,
    /// Where it stands.
    pub at: Citation,
    /// The same place in words: `trang 4, dòng 12–13`.
    pub place: String,
    /// The lines it stands on.
    pub lines: Vec<Line>,
    /// The repairs beneath its words.
    pub repairs: Vec<RepairRecord>,
    /// The causes of these repairs in Vietnamese, in the same order.
    pub causes: Vec<String>,
}

/// A line of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number on the page (row of a sheet).
    pub number: u32,
    /// Its words, repaired.
    pub repaired: String,
    /// Its words as they were read.
    pub as_read: String,
}

pub(super) fn explain(folder: &Folder, id: &str, words: &Words) -> Result<Explanation> {
    let report = &folder.report;
    let names = |ids: &[String]| ids.iter().map(|id| report.name_of(id).to_owned()).collect::<Vec<_>>();
    let mut told = if let Some(t) = report.tasks.iter().find(|t| t.id == id) {
        let due = t.due.as_ref();
        Explanation {
            kind: words.task_kind(t.kind),
            what: t.what.clone(),
            who: names(&t.who),
            due: due.map(|d| words.due(d)),
            says: due.map(|d| d.says.clone()),
            ..bare(id, t.sure, &t.rule, &t.at, words)
        }
    } else if let Some(q) = report.quotas.iter().find(|q| q.id == id) {
        let due = q.by.as_ref();
        Explanation {
            kind: words.quota_kind(),
            what: q.what.clone(),
            who: names(&q.who),
            due: due.map(|d| words.due(d)),
            says: due.map(|d| d.says.clone()),
            amount: Some(words.quota(q)),
            ..bare(id, q.sure, &q.rule, &q.at, words)
        }
    } else {
        let known = report.tasks.iter().map(|t| t.id.as_str()).chain(report.quotas.iter().map(|q| q.id.as_str()));
        return Err(Error::new(Kind::Usage).at(folder.dir.join("plan.yaml")).detail(crate::rules::unknown("id", id, known)));
    };
    if let Some((on, page, text)) = page_of(&folder.reading, &told.at) {
        let lines = cited_lines(page, text, told.at.lines);
        let (from, to) = reach(&lines, &told.at.quote);
        let all: Vec<&RepairRecord> = folder.reading.log.repairs.iter().filter(|r| r.on == on).collect();
        let under = |r: &&&RepairRecord| {
            let end = r.column + r.repaired.chars().count();
            (r.line, end) > from && (r.line, r.column) < to
        };
        told.repairs = all.iter().filter(under).map(|r| (*r).clone()).collect();
        told.causes = told.repairs.iter().map(|r| words.cause(r.cause)).collect();
        told.lines = lines
            .into_iter()
            .map(|(number, line)| Line { number, repaired: line.to_owned(), as_read: as_read(line, number, &all) })
            .collect();
    }
    Ok(told)
}

fn bare(id: &str, sure: Sure, rule: &str, at: &Citation, words: &Words) -> Explanation {
    Explanation {
        id: id.to_owned(),
        clause: id.rsplit_once('-').map_or(id, |(clause, _)| clause).to_owned(),
        kind: String::new(),
        what: String::new(),
        who: Vec::new(),
        due: None,
        says: None,
        amount: None,
        sure,
        rule: rule.to_owned(),
        at: at.clone(),
        place: words.place(at),
        lines: Vec::new(),
        repairs: Vec::new(),
        causes: Vec::new(),
    }
}

/// The page that `at` cites: its number in the log (from 1), its record, its text.
fn page_of<'a>(reading: &'a Reading, at: &Citation) -> Option<(usize, &'a PageRecord, &'a str)> {
    let cited = |p: &PageRecord| p.file == at.file && p.page == at.page && p.sheet == at.sheet;
    reading.pages().enumerate().find(|(_, (p, _))| cited(p)).map(|(nth, (p, text))| (nth + 1, p, text))
}

fn cited_lines<'a>(page: &PageRecord, text: &'a str, [from, to]: [u32; 2]) -> Vec<(u32, &'a str)> {
    let number = |nth: usize| page.rows.get(nth).copied().unwrap_or(u32::try_from(nth).unwrap_or(u32::MAX).saturating_add(1));
    text.split('\n').enumerate().map(|(nth, line)| (number(nth), line)).filter(|(n, _)| (from..=to).contains(n)).collect()
}

/// The first letter of `quote` and the one after its last, each as line and column; all of `lines` where the quote is not found.
fn reach(lines: &[(u32, &str)], quote: &str) -> ((u32, usize), (u32, usize)) {
    let mut found: Vec<(u32, usize, &str)> = Vec::new();
    for (number, line) in lines {
        let mut column = 1;
        for part in line.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            if !word.is_empty() {
                found.push((*number, column, word));
            }
            column += part.chars().count();
        }
    }
    let wanted: Vec<&str> = quote.trim_end_matches(" …").split_whitespace().collect();
    // The sentence may begin or end within a word of the line, as after a bracket.
    let fits = |run: &[(u32, usize, &str)]| run.iter().zip(&wanted).all(|((_, _, word), want)| word.contains(want));
    let start = if wanted.is_empty() { None } else { found.windows(wanted.len()).position(fits) };
    let all = ((0, 0), (u32::MAX, usize::MAX));
    let Some(run) = start.and_then(|s| found.get(s..s + wanted.len())) else { return all };
    match (run.first(), run.last()) {
        (Some((line, column, _)), Some((last, at, word))) => ((*line, *column), (*last, at + word.chars().count())),
        _ => all,
    }
}

/// `line` with the repairs on it undone.
fn as_read(line: &str, number: u32, repairs: &[&RepairRecord]) -> String {
    let mut own: Vec<&&RepairRecord> = repairs.iter().filter(|r| r.line == number).collect();
    own.sort_by_key(|r| std::cmp::Reverse(r.column));
    let mut letters: Vec<char> = line.chars().collect();
    for r in own {
        let from = r.column.saturating_sub(1).min(letters.len());
        let to = (from + r.repaired.chars().count()).min(letters.len());
        letters.splice(from..to, r.as_read.chars());
    }
    letters.into_iter().collect()
}
