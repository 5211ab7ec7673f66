//! What a person reads when a run is over: `report.html` and `failures.tsv`, both of the whole store.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Kind, Result};
use crate::render::stage::Stage;
use crate::rules::RuleBook;
use crate::store::{self, Failure, Journals};

/// `rules/batch/report.yaml`: the words of both files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    title: String,
    plans: String,
    failures: String,
    by_year: String,
    year: String,
    no_year: String,
    by_kind: String,
    bundle: String,
    file: String,
    code: String,
    why: String,
    none_failed: String,
    shown: String,
    style: String,
    kinds: BTreeMap<String, String>,
}

/// Failures that the page shows; all of them stand in `failures.tsv`.
const SHOWN: usize = 500;

/// Writes both files into the store `dir`.
///
/// # Errors
/// When they can't be written.
pub(super) fn write(dir: &Path, book: &RuleBook) -> Result<()> {
    let words: Words = book.load("batch/report.yaml")?;
    let mut journals = Journals::open(&store::journal(dir))?;
    let count = journals.count()?;
    let years = journals.years()?;
    journals.skip_to_failures();
    let (mut kinds, mut shown) = (BTreeMap::<String, u64>::new(), String::new());
    let mut listed = 0;
    put(dir, "failures.tsv", |tsv| {
        // The mark at the beginning tells a spreadsheet that this is UTF-8; without it Vietnamese becomes something else.
        writeln!(tsv, "\u{feff}{}\t{}\t{}\t{}", words.bundle, words.file, words.code, words.why)?;
        while let Some(record) = journals.next_record().map_err(std::io::Error::other)? {
            let Some(failure) = record.failure() else { continue };
            let why = words.why(&failure);
            let file = failure.file.as_deref().unwrap_or_default();
            writeln!(tsv, "{}\t{}\t{}\t{}", plain(&record.bundle), plain(file), failure.kind, plain(&why))?;
            *kinds.entry(failure.kind).or_default() += 1;
            listed += 1;
            if listed <= SHOWN {
                let besides = if file == record.bundle { String::new() } else { format!("<br><small>{}</small>", html(file)) };
                shown += &format!("<tr><td>{}{besides}</td><td>{}</td></tr>\n", html(&record.bundle), html(&why));
            }
        }
        Ok(())
    })?;
    put(dir, "report.html", |page| {
        let row = |name: &str, number: u64| format!("<tr><td>{}</td><td class=\"n\">{number}</td></tr>\n", html(name));
        let year = |(year, plans): &(Option<i16>, u64)| row(&year.map_or_else(|| words.no_year.clone(), |y| y.to_string()), *plans);
        let years: String = years.iter().map(year).collect();
        let kinds: String = kinds.iter().map(|(kind, number)| row(words.kinds.get(kind).unwrap_or(kind), *number)).collect();
        let head = |name: &str| format!("<h2>{}</h2>\n", html(name));
        writeln!(page, "<!doctype html>\n<html lang=\"vi\">\n<meta charset=\"utf-8\">\n<title>{}</title>", html(&words.title))?;
        writeln!(page, "<meta name=\"viewport\" content=\"width=device-width\">\n<style>{}</style>", words.style)?;
        writeln!(page, "<h1>{}</h1>", html(&words.title))?;
        writeln!(page, "<p><b>{}</b> {} · <b>{}</b> {}</p>", count.plans, html(&words.plans), count.failures, html(&words.failures))?;
        let columns = format!("<tr><th>{}</th><th class=\"n\">{}</th></tr>\n", html(&words.year), html(&words.plans));
        writeln!(page, "{}<table>\n{columns}{years}</table>", head(&words.by_year))?;
        if count.failures == 0 {
            return writeln!(page, "<p>{}</p>", html(&words.none_failed));
        }
        writeln!(page, "{}<table>\n{kinds}</table>", head(&words.by_kind))?;
        if listed > SHOWN {
            writeln!(page, "<p>{}</p>", html(&words.shown.replace("{shown}", &SHOWN.to_string())))?;
        }
        let columns = [&words.bundle, &words.why].map(|w| format!("<th>{}</th>", html(w))).concat();
        writeln!(page, "<table>\n<tr>{columns}</tr>\n{shown}</table>")
    })
}

impl Words {
    /// Why a bundle failed, in one sentence.
    fn why(&self, failure: &Failure) -> String {
        let kind = self.kinds.get(&failure.kind).unwrap_or(&failure.kind);
        match &failure.detail {
            Some(detail) => format!("{kind} ({detail})"),
            None => kind.clone(),
        }
    }
}

/// A file of the store, whole or not at all.
fn put(dir: &Path, name: &str, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let unwritable = |e| Error::new(Kind::Unwritable).at(dir.join(name)).because(e);
    let all = |file: &mut File| {
        let mut out = std::io::BufWriter::new(file);
        write(&mut out).and_then(|()| out.flush())
    };
    Stage::within(dir).and_then(|stage| stage.save(&dir.join(name), all)).map_err(unwritable)
}

/// Text within a cell of a table of tabs: on one line, and nothing that a spreadsheet would take for a formula.
fn plain(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.starts_with(['=', '+', '-', '@']) { format!("'{line}") } else { line }
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words() {
        let words: Words = RuleBook::embedded().load("batch/report.yaml").expect("our own words");
        for kind in Kind::ALL {
            assert!(words.kinds.contains_key(kind.id()), "{}", kind.id());
        }
    }

    #[test]
    fn names_of_files_stay_names() {
        assert_eq!(html("<b>&\"'\u{1b}"), "&lt;b&gt;&amp;&quot;&#39; ");
        assert_eq!(plain("=1+1\t2\n"), "'=1+1 2 ");
    }
}
