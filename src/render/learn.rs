//! What the corrections of a plan's folder teach its office: names, words, and what a damaged string turned out to be.

use super::Folder;
use super::reading::{PageRecord, RepairRecord};
use crate::correct::{About, Entry};
use crate::lexicon::Learned;
use crate::repair::Citation;

/// Adds to `learned` what a person has accepted or set right in `folder`; what nobody has looked at teaches nothing.
pub fn learn(folder: &Folder, learned: &mut Learned) {
    let said = &folder.corrections;
    said.actors.iter().for_each(|a| names(&a.name, learned));
    for entry in said.accepted.iter().chain(&said.changed).filter(|e| matches!(e.about, About::Task | About::Quota)) {
        let right = entry.now.what.as_deref().unwrap_or(&entry.quote);
        names(right, learned);
        words(right).for_each(|w| learned.word(&w.to_lowercase(), 1));
        let repairs: Vec<&RepairRecord> = place(folder, entry).map_or_else(Vec::new, |at| on_lines(folder, at));
        // What was repaired and stands in what the person took for right was repaired rightly.
        for repair in repairs.iter().filter(|r| words(right).any(|w| w == r.repaired)) {
            learned.confusion(&repair.as_read, &repair.repaired, 1);
        }
        changed(entry, right, &repairs, learned);
    }
}

/// The words that a person set right, one for one: from what was read on paper, where it was repaired to the wrong word.
fn changed(entry: &Entry, right: &str, repairs: &[&RepairRecord], learned: &mut Learned) {
    let before = entry.was.what.as_deref().unwrap_or(&entry.quote);
    let (old, new): (Vec<&str>, Vec<&str>) = (words(before).collect(), words(right).collect());
    if old.len() != new.len() {
        return;
    }
    for (old, new) in old.into_iter().zip(new).filter(|(old, new)| old != new) {
        let read = repairs.iter().find(|r| words(&r.repaired).eq([old])).map_or(old, |r| r.as_read.as_str());
        learned.confusion(words(read).next().unwrap_or(read), new, 1);
    }
}

fn place<'a>(folder: &'a Folder, entry: &Entry) -> Option<&'a Citation> {
    let report = &folder.report;
    match entry.about {
        About::Task => report.tasks.iter().find(|t| t.id == entry.id).map(|t| &t.at),
        About::Quota => report.quotas.iter().find(|q| q.id == entry.id).map(|q| &q.at),
        About::Cell | About::Finding => None,
    }
}

/// The repairs on the lines of `at`.
fn on_lines<'a>(folder: &'a Folder, at: &Citation) -> Vec<&'a RepairRecord> {
    let log = &folder.reading.log;
    let same = |p: &PageRecord| p.file == at.file && p.page == at.page && p.sheet == at.sheet;
    let here = |r: &&RepairRecord| {
        let page = r.on.checked_sub(1).and_then(|nth| log.pages.get(nth));
        page.is_some_and(same) && (at.lines[0]..=at.lines[1]).contains(&r.line)
    };
    log.repairs.iter().filter(here).collect()
}

/// The words of `text`, without the signs around them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).filter(|w| !w.is_empty())
}

/// Two words or more with capitals, one after another: the first word of a sentence is no sign of a name.
fn names(text: &str, learned: &mut Learned) {
    let mut run: Vec<&str> = Vec::new();
    let mut tell = |run: &mut Vec<&str>| {
        if run.len() > 1 {
            learned.name(&run.join(" "));
        }
        run.clear();
    };
    for (nth, token) in text.split_whitespace().enumerate() {
        let word = token.trim_matches(|c: char| !c.is_alphanumeric());
        let is_name = nth > 0 && word.starts_with(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase);
        if is_name {
            run.push(word);
        }
        if !is_name || token.ends_with([',', '.', ';', ':', ')', '”']) {
            tell(&mut run);
        }
    }
    tell(&mut run);
}
