//! What is told of how the files were read, and the exit status that it means.

use std::collections::BTreeMap;

use plan_ingest::Result;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Note, Source};

use crate::terminal::{self, UNDONE};
use crate::words::Words;

/// The exit status after reading: the work is not done where the file has lost parts of what was written, or no page of the plan could
/// be read.
pub fn whole(source: &Source) -> u8 {
    let unread = |page: usize| source.notes().iter().any(|n| n.page == Some(page) && n.is_unread());
    let mut plan = source.pages().iter().enumerate().filter(|(_, page)| page.file == 0);
    let lost = source.notes().iter().any(Note::is_damage) || plan.all(|(page, _)| unread(page));
    if lost { UNDONE } else { 0 }
}

/// Damage is told on standard error, where standard output takes the result; the exit status comes back.
pub fn remark(book: &RuleBook, source: &Source, words: &Words) -> Result<u8> {
    let torn: Vec<Note> = source.notes().iter().filter(|n| n.is_damage() || n.is_unread()).cloned().collect();
    terminal::tell(notes(book, &torn, words)?);
    Ok(whole(source))
}

/// What there is to know about how the files were read, a line each; what is said of several pages or cells is said once.
pub fn notes(book: &RuleBook, notes: &[Note], words: &Words) -> Result<String> {
    let mut about: Vec<(&str, usize, Vec<&str>)> = Vec::new();
    for note in notes {
        match about.iter_mut().find(|(id, file, _)| *id == note.id && *file == note.file) {
            Some((_, _, details)) if details.contains(&note.detail.as_str()) => {}
            Some((_, _, details)) => details.push(&note.detail),
            None => about.push((&note.id, note.file, vec![&note.detail])),
        }
    }
    if about.is_empty() {
        return Ok(String::new());
    }
    let said: BTreeMap<String, BTreeMap<String, String>> = book.load("read/notes.yaml")?;
    let line = |(id, _, details): &(&str, usize, Vec<&str>)| {
        Some(format!("• {}\n", said.get(*id)?.get(words.lang())?.replace("{}", &terminal::visible(&details.join(", ")))))
    };
    let mut lines: Vec<String> = about.iter().filter_map(line).collect();
    lines.dedup();
    Ok(lines.concat())
}
