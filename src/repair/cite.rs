//! The one road back to paper: a span becomes file, page, lines and words.

use serde::{Deserialize, Serialize};

use super::Repaired;
use crate::text::Span;

/// A quote of more words than this is cut, and ends in `…`.
const MOST_WORDS: usize = 60;

/// Where a fact stands, in words a person can follow. Everything shown to a person reads this, never offsets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The file as the user named it.
    pub file: String,
    /// The page, from 1, where the file has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The cell of a sheet, as `C7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// First and last line, from 1, on the page (in the file where it has no pages; rows of a sheet).
    pub lines: [u32; 2],
    /// The words, repaired, on one line.
    pub quote: String,
    /// The words as they stand in the file, where repair changed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_read: Option<String>,
}

pub(super) fn cite(repaired: &Repaired, span: Span) -> Citation {
    let raw = repaired.raw(span);
    let quote = one_line(repaired.words(span));
    let as_read = one_line(repaired.as_read(span));
    let source = repaired.source();
    let last = source.place(raw.end.saturating_sub(1).max(raw.start));
    let (Some(from), Some(to)) = (source.place(raw.start), last) else {
        return Citation { file: String::new(), page: None, sheet: None, cell: None, lines: [1, 1], quote, as_read: None };
    };
    let same_page = std::ptr::eq(from.page, to.page);
    Citation {
        file: from.file.name.clone(),
        page: from.page.number,
        sheet: from.page.sheet.clone(),
        cell: from.page.sheet.as_ref().map(|_| cell_name(from.column, from.line)),
        // A span that runs on over the page ends, on this page, at the page's last line.
        lines: [from.line, if same_page { to.line } else { last_line(source, from.page) }],
        as_read: (as_read != quote).then_some(as_read),
        quote,
    }
}

fn last_line(source: &crate::text::Source, page: &crate::text::Page) -> u32 {
    source.place(page.span.end.saturating_sub(1).max(page.span.start)).map_or(1, |p| p.line)
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > MOST_WORDS { format!("{} …", words[..MOST_WORDS - 1].join(" ")) } else { words.join(" ") }
}

pub(super) fn find(text: &str, quote: &str) -> Option<Span> {
    let words: Vec<&str> = quote.split_whitespace().collect();
    // A quote that was cut stands where its beginning stands.
    let words = words.strip_suffix(&["…"]).unwrap_or(&words);
    let first = *words.first()?;
    text.match_indices(first).find_map(|(start, _)| {
        let mut end = start + first.len();
        for word in &words[1..] {
            let rest = text[end..].trim_start();
            end = text.len() - rest.strip_prefix(word)?.len();
        }
        Some(Span::new(start, end))
    })
}

/// `(0, 7)` is `A7`, `(27, 1)` is `AB1`.
fn cell_name(column: u32, row: u32) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    format!("{letters}{row}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Cause, Condition, Edit, RawSpan, Source, Sure};

    #[test]
    fn a_citation_shows_both_readings_and_the_lines() {
        let source = Source::of_text("kh.txt", "KE HOACH\nxong trwoc\nngay 25/4", Condition::Unknown);
        let edit = Edit {
            raw: RawSpan::new(14, 19),
            fixed: "trước".into(),
            cause: Cause::ForeignOcr,
            sure: Sure::Likely,
            margin: 1.0,
            others: Vec::new(),
        };
        let repaired = Repaired::new(source, vec![edit]);
        let start = repaired.text().find("xong").unwrap_or_default();
        let cited = repaired.cite(Span::new(start, repaired.text().len()));
        assert_eq!((cited.lines, cited.quote.as_str()), ([2, 3], "xong trước ngay 25/4"));
        assert_eq!(cited.as_read.as_deref(), Some("xong trwoc ngay 25/4"));
    }

    #[test]
    fn a_quote_is_found_over_lines() {
        let text = "xong. xong\ntrước  ngày 25";
        assert_eq!(find(text, "xong trước ngày").map(|s| &text[s.range()]), Some("xong\ntrước  ngày"));
        assert_eq!(find(text, "xong trước …").map(|s| &text[s.range()]), Some("xong\ntrước"));
        assert_eq!((find(text, "sau"), find(text, " ")), (None, None));
    }

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        assert_eq!([cell_name(0, 7), cell_name(25, 1), cell_name(26, 1)], ["A7", "Z1", "AA1"]);
    }
}
