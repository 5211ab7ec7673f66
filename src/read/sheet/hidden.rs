//! Knows which rows and columns of a workbook are hidden: the reader of cells does not tell.

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};
use std::ops::RangeInclusive;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::super::limits::Limits;
use super::super::xml::Node;
use super::formula;

/// Rows and columns of one sheet, from 0, that a person who opens it does not see.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Hidden {
    pub rows: Vec<RangeInclusive<u32>>,
    pub columns: Vec<RangeInclusive<u32>>,
}

/// By the name of the sheet.
pub(super) type BySheet = BTreeMap<String, Hidden>;

/// The hidden rows and columns of an XLSX. Damage ends the search: the reader of cells tells it.
pub(super) fn xlsx(bytes: &[u8], limits: &Limits) -> BySheet {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return BySheet::new() };
    let tree = |zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str| {
        let mut xml = String::new();
        zip.by_name(name).ok()?.take(limits.unpacked).read_to_string(&mut xml).ok()?;
        Node::parse(&xml, limits.nesting).ok()
    };
    let (Some(book), Some(links)) = (tree(&mut zip, "xl/workbook.xml"), tree(&mut zip, "xl/_rels/workbook.xml.rels")) else {
        return BySheet::new();
    };
    let (mut sheets, mut targets) = (Vec::new(), Vec::new());
    book.all("sheet", &mut sheets);
    links.all("Relationship", &mut targets);
    let mut found = BySheet::new();
    for sheet in sheets.into_iter().take(limits.sheets) {
        let target = targets.iter().find(|t| t.attribute("Id").is_some() && t.attribute("Id") == sheet.attribute("id"));
        let (Some(name), Some(target)) = (sheet.attribute("name"), target.and_then(|t| t.attribute("Target"))) else { continue };
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        if let Ok(part) = zip.by_name(&path) {
            found.insert(name.to_owned(), worksheet(part.take(limits.unpacked)));
        }
    }
    found
}

fn worksheet(xml: impl Read) -> Hidden {
    let mut hidden = Hidden::default();
    let mut next = 0_u32;
    each(xml, |element| {
        let unseen = || matches!(value(element, "hidden").as_deref(), Some("1" | "true"));
        let number = |name| value(element, name).and_then(|v| v.parse::<u32>().ok()).and_then(|n| n.checked_sub(1));
        match element.local_name().as_ref() {
            "row" => {
                // A row that does not say its number follows the one before.
                let at = number("r").unwrap_or(next);
                next = at.saturating_add(1);
                if unseen() {
                    add(&mut hidden.rows, at, at);
                }
            }
            "col" if unseen() => {
                if let (Some(from), Some(to)) = (number("min"), number("max")) {
                    add(&mut hidden.columns, from, to);
                }
            }
            _ => {}
        }
    });
    hidden
}

/// The hidden rows and columns of an ODS.
pub(super) fn ods(bytes: &[u8], limits: &Limits) -> BySheet {
    let mut found = BySheet::new();
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return found };
    let Ok(part) = zip.by_name("content.xml") else { return found };
    let (mut name, mut row, mut column) = (String::new(), 0_u32, 0_u32);
    each(part.take(limits.unpacked), |element| {
        let kind = element.local_name();
        let (place, repeated) = match kind.as_ref() {
            "table" => {
                (name, row, column) = (value(element, "name").unwrap_or_default(), 0, 0);
                return;
            }
            "table-row" => (&mut row, "number-rows-repeated"),
            "table-column" => (&mut column, "number-columns-repeated"),
            _ => return,
        };
        let count = value(element, repeated).and_then(|v| v.parse::<u32>().ok()).unwrap_or(1).max(1);
        let from = *place;
        *place = place.saturating_add(count);
        if matches!(value(element, "visibility").as_deref(), Some("collapse" | "filter")) {
            let sheet = found.entry(name.clone()).or_default();
            add(if kind.as_ref() == "table-row" { &mut sheet.rows } else { &mut sheet.columns }, from, *place - 1);
        }
    });
    found
}

/// Goes through the elements of `xml` up to its end or its first damage.
fn each(xml: impl Read, mut look: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_reader(BufReader::new(xml));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => look(&element),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn add(ranges: &mut Vec<RangeInclusive<u32>>, from: u32, to: u32) {
    match ranges.last_mut().filter(|last| from == last.end().saturating_add(1)) {
        Some(last) => *last = *last.start()..=to,
        None => ranges.push(from..=to),
    }
}

/// Those of `used` that lie in `hidden`, as a person would name them: `5, 7–9`, or `C, E–F`. Rows and columns that hold nothing are
/// nobody's loss.
pub(super) fn told(hidden: &[RangeInclusive<u32>], used: impl Iterator<Item = u32>, rows: bool) -> Option<String> {
    let mut runs: Vec<RangeInclusive<u32>> = Vec::new();
    used.filter(|at| hidden.iter().any(|range| range.contains(at))).for_each(|at| add(&mut runs, at, at));
    let name = |at: u32| if rows { (at + 1).to_string() } else { formula::letters(at) };
    let run = |r: &RangeInclusive<u32>| {
        if r.start() == r.end() { name(*r.start()) } else { format!("{}–{}", name(*r.start()), name(*r.end())) }
    };
    (!runs.is_empty()).then(|| runs.iter().map(run).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_are_named_where_they_hold_something() {
        let sheet = "<worksheet><cols><col min='2' max='2' hidden='1'/><col min='4' max='16384' hidden='true'/></cols><sheetData>\
            <row r='1'/><row hidden='1'/><row r='5' hidden='1'/><row r='6' hidden='1'/><row r='9' hidden='0'/></sheetData></worksheet>";
        let hidden = worksheet(sheet.as_bytes());
        assert_eq!(hidden, Hidden { rows: vec![1..=1, 4..=5], columns: vec![1..=1, 3..=16383] });
        assert_eq!(told(&hidden.rows, 0..9, true).as_deref(), Some("2, 5–6"));
        assert_eq!(told(&hidden.columns, 0..5, false).as_deref(), Some("B, D–E"));
        assert_eq!(told(&hidden.rows, 6..9, true), None);
    }
}
