//! What the reading of one file gives: its pages in order, as data that crosses from the child process to the parent.

use serde::{Deserialize, Serialize};

use super::failure::{Failure, Limit};
use super::layout::Bands;
use super::limits::Limits;
use super::verdict::{Class, Evidence};
use crate::text::{Condition, Other, Shown, Words};

/// One file, read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Parsed {
    pub words: Words,
    pub pages: Vec<ParsedPage>,
    /// About the file as a whole: id and detail.
    pub notes: Vec<(String, String)>,
    /// Why the first of the pages that have no words could not be read from its picture.
    #[serde(skip)]
    pub failure: Option<Failure>,
}

/// One page or sheet of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ParsedPage {
    pub number: Option<u32>,
    pub sheet: Option<String>,
    pub condition: Condition,
    pub text: String,
    /// For sheets: the row, from 1, of each line.
    pub rows: Vec<u32>,
    /// What is known of the text layer it came from, for pages of a PDF.
    pub layer: Option<Layer>,
    /// What the text of the file is, once it has been judged.
    pub verdict: Option<(Class, Evidence)>,
    /// The other reading of the page, where it was read twice.
    #[serde(skip)]
    pub other: Option<Other>,
    /// Where the words come from, when not from where the others do.
    pub words: Option<Words>,
    /// By how many quarters its picture was turned clockwise to be read.
    #[serde(skip)]
    pub turns: u8,
    /// Where its lines stand, for pages of which a picture can be shown.
    pub bands: Option<Bands>,
    /// Its picture, to be shown beside its text.
    #[serde(skip)]
    pub shown: Option<Shown>,
    /// About this page: id and detail.
    pub notes: Vec<(String, String)>,
}

/// What a text layer shows beside its letters.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Layer {
    /// Share of the glyphs that are drawn invisibly, as an OCR does.
    pub hidden: f32,
    /// A picture, or several together, cover the page.
    pub picture: bool,
    /// Something is drawn that may be words: smaller pictures, or so many outlines as letters turned to curves make.
    pub drawn: bool,
}

impl ParsedPage {
    pub fn numbered(number: u32, condition: Condition, text: String) -> Self {
        Self {
            number: Some(number),
            sheet: None,
            condition,
            text,
            rows: Vec::new(),
            layer: None,
            verdict: None,
            other: None,
            words: None,
            turns: 0,
            bands: None,
            shown: None,
            notes: Vec::new(),
        }
    }

    /// A file without pages.
    pub fn whole(condition: Condition, text: &str) -> Self {
        Self {
            number: None,
            sheet: None,
            condition,
            text: text.to_owned(),
            rows: Vec::new(),
            layer: None,
            verdict: None,
            other: None,
            words: None,
            turns: 0,
            bands: None,
            shown: None,
            notes: Vec::new(),
        }
    }
}

impl ParsedPage {
    /// Says something about this page; the note is told with its number.
    pub fn note(&mut self, id: &str) {
        self.notes.push((id.to_owned(), self.number.map(|n| n.to_string()).unwrap_or_default()));
    }

    pub fn has_note(&self, id: &str) -> bool {
        self.notes.iter().any(|(note, _)| note == id)
    }
}

impl Parsed {
    pub fn new(words: Words, pages: Vec<ParsedPage>) -> Self {
        Self { words, pages, notes: Vec::new(), failure: None }
    }

    /// Fails when there is more text than the limits allow.
    pub fn within(self, limits: &Limits) -> Result<Self, Failure> {
        let length = self.pages.iter().map(|p| p.text.len()).sum();
        Limits::hold(Limit::Text, length, limits.text).map(|()| self)
    }

    pub fn has_words(&self) -> bool {
        self.pages.iter().any(|p| !p.text.trim().is_empty())
    }

    /// What another reader had to say of the same file and its pages is kept.
    pub fn with_notes_of(mut self, other: &Self) -> Self {
        self.notes.extend(other.notes.iter().cloned());
        for (page, theirs) in self.pages.iter_mut().zip(&other.pages) {
            page.notes.extend(theirs.notes.iter().cloned());
        }
        self
    }

    /// Fails when there is nothing to read.
    pub fn with_words(self) -> Result<Self, Failure> {
        if self.has_words() {
            return Ok(self);
        }
        if self.pages.iter().any(|p| p.has_note("page-damaged")) {
            return Err(Failure::Damaged("parts are missing".to_owned()));
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        // Words there may be, but this machine can't see them.
        let missing = self.notes.iter().find(|(id, _)| id.ends_with("-missing"));
        Err(missing.map_or(Failure::NoText, |(id, _)| Failure::Missing(id.trim_end_matches("-missing").to_owned())))
    }
}

/// Text without the characters that are no text: controls (line ends and tabs stay), marks of direction, blanks without width.
pub(super) fn clean(text: &str) -> String {
    let seen = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{c}' => Some(c),
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Some(' '),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    };
    text.chars().filter_map(seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_not_text() {
        assert_eq!(clean("\u{feff}Kế\u{a0}hoạch\u{202e} số\u{0}\t1\r\n"), "Kế hoạch số\t1\r\n");
    }
}
