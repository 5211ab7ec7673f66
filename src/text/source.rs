//! One bundle, one text: a plan and its annexes as a single NFC string, and the look-up from an offset to file, page and line.
//!
//! Newline ends a line or a table row, tab is a cell wall, form feed ends a page or a sheet.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::RawSpan;

/// Where the words of a file come from, as `source[].text` of the contract names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Words {
    /// The text layer of a PDF.
    #[serde(rename = "layer")]
    Layer,
    /// A new reading of the page image.
    #[serde(rename = "ocr")]
    Ocr,
    /// Both, decided together.
    #[serde(rename = "layer+ocr")]
    LayerAndOcr,
    /// Plain text, DOCX, HTML.
    #[serde(rename = "native")]
    Native,
    /// A spreadsheet.
    #[serde(rename = "sheet")]
    Sheet,
}

/// What a file is in its bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The plan itself.
    Plan,
    /// A file that hangs on the plan.
    Annex,
}

/// What is known of how a page's letters were damaged before repair looks at them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Nothing is known; repair judges the text itself.
    #[default]
    Unknown,
    /// The letters are right: born digital, typed, or a spreadsheet.
    Clean,
    /// Read by an OCR of another language.
    ForeignOcr,
    /// Read by a Vietnamese OCR: right but for slips.
    VietnameseOcr,
    /// The letters are right and every mark is gone.
    Stripped,
}

/// One file of the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// As the user named it.
    pub name: String,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
    /// Plan or annex.
    pub role: Role,
    /// Where its words come from.
    pub words: Words,
}

/// One page or sheet; a file without pages is one `Page` whose `number` is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Index into [`Source::files`].
    pub file: usize,
    /// From 1; `None` where the file has no pages.
    pub number: Option<u32>,
    /// The name of the sheet, for spreadsheets.
    pub sheet: Option<String>,
    /// How its letters were damaged, as far as `read` knows.
    pub condition: Condition,
    /// Its bytes in the source text, the closing form feed left out.
    pub span: RawSpan,
    /// For sheets: the row number (from 1) of each line, since empty rows are left out.
    pub rows: Vec<u32>,
    /// The other reading of the page, where it was read twice.
    pub other: Option<Other>,
    /// Its picture, where it has one and somebody wants to see it.
    pub shown: Option<Shown>,
}

/// The other reading of a page: its old text layer, beside the new reading of its picture that is the page's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// NFC, laid out as the page is.
    pub text: String,
    /// How its letters were damaged.
    pub condition: Condition,
    /// For each word between blanks of the page's own text how sure its reading was, of 100; 0 where the word was taken from this other
    /// reading. Empty where that is not known.
    pub confidence: Vec<u8>,
}

/// The picture of a page, small enough to be shown beside its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// A PNG of grey dots.
    pub png: Vec<u8>,
    /// In dots.
    pub width: u32,
    /// In dots.
    pub height: u32,
    /// How far lines of text fall per dot to the right.
    pub slope: f64,
    /// Top and bottom of each line of the page's text, in dots at the left edge; empty where they are not known.
    pub lines: Vec<(i32, i32)>,
}

/// Something to know about how a file was read, apart from its words: a sum that was computed, a page that has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Which note; the sentences stand under this name in `rules/read/notes.yaml`.
    pub id: String,
    /// What it is about: a cell, a program, an encoding. May be empty.
    pub detail: String,
    /// Index into [`Source::files`].
    pub file: usize,
    /// Index into [`Source::pages`], where it is about one page.
    pub page: Option<usize>,
}

impl Note {
    /// True when it says that the file has lost pages or parts of them: what was read is not all that was written.
    pub fn is_damage(&self) -> bool {
        matches!(self.id.as_str(), "page-damaged" | "pages-lost")
    }

    /// True when it says that the words of its page, or many of them, could not be read.
    pub fn is_unread(&self) -> bool {
        matches!(self.id.as_str(), "page-damaged" | "page-unreadable" | "letters-lost")
    }
}

/// Where an offset lies, in words a person can follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Place<'a> {
    /// The file.
    pub file: &'a File,
    /// The page.
    pub page: &'a Page,
    /// Line on the page (in the file where it has no pages; row in a sheet), from 1.
    pub line: u32,
    /// Cell walls before the offset on its line, so the column of a sheet, from 0.
    pub column: u32,
}

/// The text of a bundle and where each part of it comes from.
#[derive(Clone, Debug, Default)]
pub struct Source {
    text: String,
    files: Vec<File>,
    pages: Vec<Page>,
    /// Start of every line, pages and files running on.
    lines: Vec<usize>,
    notes: Vec<Note>,
}

impl Source {
    /// A source of one file without pages, for text that did not come from `read`.
    pub fn of_text(name: &str, text: &str, condition: Condition) -> Self {
        let mut builder = SourceBuilder::default();
        builder.file(File { name: name.into(), sha256: String::new(), role: Role::Plan, words: Words::Native });
        builder.page(None, None, condition, text, Vec::new());
        builder.finish()
    }

    /// The whole text, NFC.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The files, the plan first.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The pages of all files in order.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// What else is to be known about how the files were read.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The page that holds byte `at` (the last page for an offset at the very end).
    pub fn page_at(&self, at: usize) -> Option<&Page> {
        let next = self.pages.partition_point(|p| p.span.start <= at);
        next.checked_sub(1).map(|i| &self.pages[i])
    }

    /// File, page and line of byte `at`; `None` only for an empty source.
    pub fn place(&self, at: usize) -> Option<Place<'_>> {
        let at = at.min(self.text.len());
        let page = self.page_at(at)?;
        let first = self.lines.partition_point(|&l| l < page.span.start);
        let line = self.lines.partition_point(|&l| l <= at).saturating_sub(1).max(first);
        let nth = line - first;
        let column = self.text.as_bytes()[self.lines[line]..at].iter().filter(|b| **b == b'\t').count();
        let number = page.rows.get(nth).copied().unwrap_or(nth as u32 + 1);
        Some(Place { file: &self.files[page.file], page, line: number, column: column as u32 })
    }
}

/// Puts a [`Source`] together, file by file and page by page.
#[derive(Debug, Default)]
pub struct SourceBuilder {
    source: Source,
}

impl SourceBuilder {
    /// Begins a file; the pages that follow belong to it.
    pub fn file(&mut self, file: File) -> &mut Self {
        self.source.files.push(file);
        self
    }

    /// Adds a page to the file begun last. Line ends become `\n`, text becomes NFC, form feeds within become blanks.
    pub fn page(&mut self, number: Option<u32>, sheet: Option<String>, condition: Condition, text: &str, rows: Vec<u32>) -> &mut Self {
        let all = &mut self.source.text;
        if !self.source.pages.is_empty() {
            all.push('\u{c}');
        }
        let start = all.len();
        let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\u{c}', " ");
        all.extend(text.nfc());
        let span = RawSpan::new(start, all.len());
        self.source.lines.push(start);
        let breaks = all[start..].bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| start + i + 1);
        self.source.lines.extend(breaks);
        let file = self.source.files.len().saturating_sub(1);
        self.source.pages.push(Page { file, number, sheet, condition, span, rows, other: None, shown: None });
        self
    }

    /// Adds the other reading of the page added last.
    pub fn other(&mut self, other: Other) -> &mut Self {
        if let Some(page) = self.source.pages.last_mut() {
            page.other = Some(Other { text: other.text.nfc().collect(), ..other });
        }
        self
    }

    /// Adds the picture of the page added last.
    pub fn shown(&mut self, shown: Shown) -> &mut Self {
        if let Some(page) = self.source.pages.last_mut() {
            page.shown = Some(shown);
        }
        self
    }

    /// Adds a note about the page added last, or about the file begun last.
    pub fn note(&mut self, id: &str, detail: &str, on_page: bool) -> &mut Self {
        let page = self.source.pages.len().checked_sub(1).filter(|_| on_page);
        let file = self.source.files.len().saturating_sub(1);
        self.source.notes.push(Note { id: id.to_owned(), detail: detail.to_owned(), file, page });
        self
    }

    /// The finished source.
    pub fn finish(self) -> Source {
        self.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_finds_its_file_page_and_line() {
        let mut b = SourceBuilder::default();
        b.file(File { name: "a.pdf".into(), sha256: String::new(), role: Role::Plan, words: Words::Layer });
        b.page(Some(1), None, Condition::Unknown, "một\r\nhai", Vec::new());
        b.page(Some(2), None, Condition::Unknown, "ba\nbốn\tnăm", Vec::new());
        let s = b.finish();
        assert_eq!(s.text(), "một\nhai\u{c}ba\nbốn\tnăm");
        let place = s.place(s.text().find("năm").unwrap_or_default()).expect("inside");
        assert_eq!((place.page.number, place.line, place.column), (Some(2), 2, 1));
        let place = s.place(s.text().find("hai").unwrap_or_default()).expect("inside");
        assert_eq!((place.page.number, place.line), (Some(1), 2));
        assert_eq!(s.place(s.text().len()).expect("the end belongs to the last page").line, 2);
    }
}
