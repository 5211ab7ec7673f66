//! Why a file could not be read, as the child process tells it: data that crosses to the parent and becomes an [`Error`] there.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind};

/// What went wrong with the bytes of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Failure {
    Locked,
    Damaged(String),
    NoText,
    NotThisKind(String),
    UnknownKind(String),
    TooBig(Limit, u64),
    TooSlow(u64),
    Crashed(String),
    Missing(String),
}

/// The limits that a file can reach, under the names of `rules/read/limits.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Limit {
    Memory,
    File,
    Text,
    Pages,
    Glyphs,
    Rules,
    Pixels,
    Sheets,
    Rows,
    Columns,
    Cells,
    Unpacked,
    Nesting,
    Files,
}

impl Limit {
    fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::File => "file",
            Self::Text => "text",
            Self::Pages => "pages",
            Self::Glyphs => "glyphs",
            Self::Rules => "rules",
            Self::Pixels => "pixels",
            Self::Sheets => "sheets",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::Cells => "cells",
            Self::Unpacked => "unpacked",
            Self::Nesting => "nesting",
            Self::Files => "files",
        }
    }
}

impl Failure {
    pub(super) fn limit(what: Limit, most: u64) -> Self {
        Self::TooBig(what, most)
    }

    pub(super) fn damaged(why: impl std::fmt::Display) -> Self {
        // Parsers quote the bytes they stumbled over; a sentence is enough for a person.
        Self::Damaged(why.to_string().chars().filter(|c| !c.is_control()).take(160).collect())
    }

    /// The error to show, with the file it is about.
    pub(super) fn at(self, path: &Path) -> Error {
        let (kind, detail) = match self {
            Self::Locked => (Kind::Locked, None),
            Self::Damaged(why) => (Kind::Damaged, Some(why)),
            Self::NoText => (Kind::NoText, None),
            Self::NotThisKind(why) => (Kind::NotThisKind, Some(why)),
            Self::UnknownKind(why) => (Kind::UnknownKind, Some(why)),
            Self::TooBig(what, most) => (Kind::TooBig, Some(format!("{}: {most}", what.name()))),
            Self::TooSlow(seconds) => (Kind::TooSlow, Some(format!("seconds: {seconds}"))),
            Self::Crashed(why) => (Kind::Crashed, Some(why)),
            Self::Missing(part) => (Kind::Missing, Some(part)),
        };
        let error = Error::new(kind).at(path);
        match detail.filter(|d| !d.is_empty()) {
            Some(detail) => error.detail(detail),
            None => error,
        }
    }
}
