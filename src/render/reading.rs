//! The repaired text and its repairs as files: `repaired.txt`, line for line and page for page, and `repairs.yaml`, every change
//! with its place; read back, they show a fact in its line without reading anything anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{VERSION, read_record};
use crate::error::Result;
use crate::repair::Repaired;
use crate::text::{Cause, Edit, Page, Shown, Source, Span, Sure};

/// What `repaired.txt` and `repairs.yaml` hold together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The repaired text; form feeds stand between pages.
    pub text: String,
    /// The pages and the repairs.
    pub log: RepairLog,
    /// The pictures of pages that have one, by the path under which the log names them.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// `repairs.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairLog {
    /// Version of the contract.
    pub plan_ingest: u32,
    /// The pages of `repaired.txt`, one for each stretch between form feeds.
    #[serde(default)]
    pub pages: Vec<PageRecord>,
    /// Every change, in the order of the text.
    #[serde(default)]
    pub repairs: Vec<RepairRecord>,
}

/// A page of `repaired.txt`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageRecord {
    /// The file as the user named it.
    pub file: String,
    /// The page, from 1, where the file has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// For sheets, the row of each line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<u32>,
    /// The picture of the page, where it was scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureRecord>,
}

/// The picture of a page, and where its lines stand on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PictureRecord {
    /// The file, in the folder of the plan.
    pub path: String,
    /// In dots.
    pub width: u32,
    /// In dots.
    pub height: u32,
    /// How far lines fall per dot to the right.
    #[serde(default)]
    pub slope: f64,
    /// `top-bottom` of each line of the page, in dots at the left edge; empty where that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lines: String,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairRecord {
    /// The page, counted from 1 in `pages`.
    pub on: usize,
    /// The line on that page (row of a sheet), from 1.
    pub line: u32,
    /// The letter of the repaired line at which it begins, from 1.
    pub column: usize,
    /// What was read.
    pub as_read: String,
    /// What stands there now.
    pub repaired: String,
    /// Why it was changed.
    pub cause: Cause,
    /// How sure.
    pub sure: Sure,
    /// By how much the chosen reading beat the next, in natural-log units, to two decimals.
    pub margin: f64,
    /// The next best readings, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
}

impl Reading {
    /// The text and the repairs of `repaired`.
    pub fn new(repaired: &Repaired) -> Self {
        let source = repaired.source();
        let mut pictures = BTreeMap::new();
        let mut picture = |nth: usize, shown: &Shown| {
            let path = format!("pages/{:03}.png", nth + 1);
            pictures.insert(path.clone(), shown.png.clone());
            let lines = shown.lines.iter().map(|(top, bottom)| format!("{top}-{bottom}")).collect::<Vec<_>>().join(" ");
            PictureRecord { path, width: shown.width, height: shown.height, slope: (shown.slope * 1e5).round() / 1e5, lines }
        };
        let page = |(nth, p): (usize, &Page)| PageRecord {
            file: source.files()[p.file].name.clone(),
            page: p.number,
            sheet: p.sheet.clone(),
            rows: p.rows.clone(),
            picture: p.shown.as_ref().map(|shown| picture(nth, shown)),
        };
        let pages: Vec<PageRecord> = source.pages().iter().enumerate().map(page).collect();
        let repairs = repaired.log().edits().iter().map(|e| repair(repaired, e)).collect();
        Self { text: repaired.text().to_owned(), log: RepairLog { plan_ingest: VERSION, pages, repairs }, pictures }
    }

    /// The reading that the two files hold.
    ///
    /// # Errors
    /// When `repairs` is not the text of a `repairs.yaml`; the error holds the place, and no path yet.
    pub fn read(text: &str, repairs: &str) -> Result<Self> {
        Ok(Self { text: text.replace("\r\n", "\n"), log: read_record(repairs)?, pictures: BTreeMap::new() })
    }

    /// The text of `repairs.yaml`.
    ///
    /// # Errors
    /// Never in practice: only when the log can't be told as YAML.
    pub fn write_log(&self) -> Result<String> {
        super::yaml::write(&self.log)
    }

    /// The text of each page, beside its record.
    pub fn pages(&self) -> impl Iterator<Item = (&PageRecord, &str)> {
        self.log.pages.iter().zip(self.text.split('\u{c}'))
    }
}

fn repair(repaired: &Repaired, edit: &Edit) -> RepairRecord {
    let source = repaired.source();
    let (on, line) = place(source, edit.raw.start);
    let at = repaired.log().to_fixed(edit.raw);
    RepairRecord {
        on,
        line,
        column: column(repaired.text(), at),
        as_read: source.text()[edit.raw.range()].to_owned(),
        repaired: edit.fixed.clone(),
        cause: edit.cause,
        sure: edit.sure,
        margin: (f64::from(edit.margin) * 100.0).round() / 100.0,
        others: edit.others.clone(),
    }
}

fn place(source: &Source, at: usize) -> (usize, u32) {
    let on = source.pages().partition_point(|p| p.span.start <= at);
    (on, source.place(at).map_or(1, |p| p.line))
}

/// The letter on its line, from 1, at which `span` begins.
fn column(text: &str, span: Span) -> usize {
    let line = text[..span.start].rfind(['\n', '\u{c}']).map_or(0, |i| i + 1);
    text[line..span.start].chars().count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Condition, File, RawSpan, Role, SourceBuilder, Words};

    #[test]
    fn repairs_know_page_line_and_letter_and_come_back() {
        let mut b = SourceBuilder::default();
        b.file(File { name: "kh.pdf".into(), sha256: String::new(), role: Role::Plan, words: Words::Layer });
        b.page(Some(1), None, Condition::Unknown, "KE HOACH", Vec::new());
        b.page(Some(2), None, Condition::Unknown, "một\ncác t6 dan phd", Vec::new());
        b.shown(Shown { png: vec![1, 2], width: 100, height: 140, slope: -0.01, lines: vec![(10, 20), (-3, 44)] });
        let source = b.finish();
        let start = source.text().find("t6").expect("there");
        let edit = |start: usize, len: usize, fixed: &str| Edit {
            raw: RawSpan::new(start, start + len),
            fixed: fixed.into(),
            cause: Cause::ForeignOcr,
            sure: Sure::Doubtful,
            margin: 1.234_567,
            others: vec!["tố".into()],
        };
        let reading = Reading::new(&Repaired::new(source, vec![edit(start, 2, "tổ"), edit(start + 3, 3, "dân")]));
        let [first, second] = reading.log.repairs.as_slice() else { panic!("two repairs") };
        assert_eq!((first.on, first.line, first.column, first.as_read.as_str()), (2, 2, 5, "t6"));
        assert_eq!((second.column, second.margin), (8, 1.23));
        assert_eq!(reading.pictures.keys().collect::<Vec<_>>(), ["pages/002.png"]);
        assert_eq!(reading.log.pages[1].picture.as_ref().map(|p| p.lines.as_str()), Some("10-20 -3-44"));
        let again = Reading::read(&reading.text, &reading.write_log().expect("writes")).expect("reads");
        assert_eq!((again.text, again.log), (reading.text, reading.log));
    }
}
