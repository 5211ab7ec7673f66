//! What a person reads at a glance when the work is done: how much was found, what needs eyes, what was written where.

use std::path::Path;

use plan_ingest::calendar::When;
use plan_ingest::check::Level;
use plan_ingest::render::folder::Written;
use plan_ingest::render::{Reading, Report};
use plan_ingest::text::Sure;

use crate::terminal::visible;
use crate::words::{Words, fill};

/// Fills the line of a key with its parts.
type Say<'a> = dyn Fn(&str, &[(&str, String)]) -> String + 'a;

/// The summary of one plan.
pub fn told(report: &Report, reading: &Reading, written: &Written, out: &Path, words: &Words) -> String {
    let say = |key: &str, parts: &[(&str, String)]| {
        let parts: Vec<(&str, &str)> = parts.iter().map(|(k, v)| (*k, v.as_str())).collect();
        format!("{}\n", visible(&fill(&words.summary[key], &parts)))
    };
    let dues = report.tasks.iter().filter_map(|t| t.due.as_ref()).filter(|d| !matches!(d.when, When::None { .. }));
    let recurring = dues.clone().filter(|d| matches!(d.when, When::Repeat { .. })).count();
    let mut text = say("document", &[("name", name(report))]);
    text += &say(
        "counts",
        &[
            ("tasks", report.tasks.len().to_string()),
            ("dues", dues.count().to_string()),
            ("recurring", recurring.to_string()),
            ("quotas", report.quotas.len().to_string()),
            ("annexes", report.annexes.len().to_string()),
        ],
    );
    let repairs = &reading.log.repairs;
    if !repairs.is_empty() {
        let doubtful = repairs.iter().filter(|r| r.sure == Sure::Doubtful).count();
        text += &say("repairs", &[("repairs", repairs.len().to_string()), ("doubtful", doubtful.to_string())]);
    }
    text += &eyes(report, &say);
    text += &say("written", &[("dir", out.display().to_string())]);
    text += &say("files", &[("files", grouped(&written.written).join(" · "))]);
    if !written.kept.is_empty() {
        text += &say("kept", &[("files", written.kept.join(" · "))]);
    }
    text
}

fn name(report: &Report) -> String {
    let document = &report.document;
    let parts = [document.number.clone(), document.title.clone()];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { report.source.first().map(|s| s.file.clone()).unwrap_or_default() } else { parts.join(" · ") }
}

/// What a person must look at.
fn eyes(report: &Report, say: &Say<'_>) -> String {
    let sures = report.tasks.iter().map(|t| t.sure).chain(report.quotas.iter().map(|q| q.sure));
    let facts = sures.filter(|s| *s == Sure::Doubtful).count();
    let level = |level: Level| report.findings.iter().filter(|f| f.level == level).count().to_string();
    if facts == 0 && report.findings.is_empty() {
        return say("nothing_to_see", &[]);
    }
    let parts =
        [("facts", facts.to_string()), ("errors", level(Level::Error)), ("warnings", level(Level::Warning)), ("notes", level(Level::Note))];
    say("eyes", &parts)
}

/// The files, those of one folder as one: `checklists/ (12)`.
fn grouped(files: &[String]) -> Vec<String> {
    let mut out: Vec<String> = files.iter().filter(|f| !f.contains('/')).cloned().collect();
    let mut folders: Vec<(&str, usize)> = Vec::new();
    for folder in files.iter().filter_map(|f| Some(f.split_once('/')?.0)) {
        match folders.iter_mut().find(|(name, _)| *name == folder) {
            Some((_, count)) => *count += 1,
            None => folders.push((folder, 1)),
        }
    }
    out.extend(folders.into_iter().map(|(name, count)| format!("{name}/ ({count})")));
    out
}
