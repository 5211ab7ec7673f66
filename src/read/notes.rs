//! The sentences for what is to be known about how a file was read.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::rules::RuleBook;
use crate::text::Note;

/// The sentences of `rules/read/notes.yaml`.
#[derive(Clone, Debug, Deserialize)]
pub struct Notes(BTreeMap<String, Said>);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    vi: String,
    en: String,
}

impl Notes {
    /// The sentences of `rules`.
    ///
    /// # Errors
    /// When `rules/read/notes.yaml` is wrong.
    pub fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("read/notes.yaml")
    }

    /// The Vietnamese sentence for `note`, or the English one; its id where an office has taken the sentence out.
    pub fn say(&self, note: &Note, english: bool) -> String {
        let said = self.0.get(&note.id).map_or(note.id.as_str(), |s| if english { &s.en } else { &s.vi });
        said.replace("{}", &note.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_has_its_sentence() {
        let notes = Notes::new(&RuleBook::embedded()).expect("our own rules");
        for id in [
            "sum-computed",
            "tesseract-missing",
            "tesseract-vie-missing",
            "ocr-failed",
            "page-unreadable",
            "letters-lost",
            "page-damaged",
            "pages-lost",
            "pages-joined",
            "decoded",
            "sheet-hidden",
            "rows-hidden",
            "columns-hidden",
            "text-hidden",
        ] {
            let note = Note { id: id.into(), detail: "7".into(), file: 0, page: None };
            assert!(notes.say(&note, false) != id && notes.say(&note, true) != id, "{id}");
        }
        let note = Note { id: "decoded".into(), detail: "TCVN3".into(), file: 0, page: None };
        assert_eq!(notes.say(&note, false), "Văn bản viết bằng bảng mã TCVN3; đã đổi sang Unicode.");
    }
}
