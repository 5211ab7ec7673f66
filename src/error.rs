//! The one error: why the work could not be done. A finding about a document is something else ([`crate::check`]).

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of work that may fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong. The words shown for each kind, in Vietnamese and English, live in `rules/terminal/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// There is no such file or folder.
    NotFound,
    /// The file holds nothing.
    Empty,
    /// The name is no Unicode, and can be told to nobody.
    BadName,
    /// The bytes are not what the name promises.
    NotThisKind,
    /// A kind of file that we do not read.
    UnknownKind,
    /// A password stands before it.
    Locked,
    /// The file is damaged beyond reading.
    Damaged,
    /// There is nothing in it that we can read as words.
    NoText,
    /// A limit was reached: memory, pages, cells, size.
    TooBig,
    /// The time limit was reached.
    TooSlow,
    /// The reader of this file crashed.
    Crashed,
    /// We may not read here.
    Unreadable,
    /// We may not write here.
    Unwritable,
    /// A rule, or a file of rules, is wrong.
    BadRule,
    /// A template is wrong.
    BadTemplate,
    /// A file that we wrote, or a person edited, does not hold what it should.
    BadRecord,
    /// An optional part that this machine lacks.
    Missing,
    /// The command line asks for something that does not exist.
    Usage,
    /// A model file is not one of ours.
    BadModel,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 19] = [
        Self::NotFound,
        Self::Empty,
        Self::BadName,
        Self::NotThisKind,
        Self::UnknownKind,
        Self::Locked,
        Self::Damaged,
        Self::NoText,
        Self::TooBig,
        Self::TooSlow,
        Self::Crashed,
        Self::Unreadable,
        Self::Unwritable,
        Self::BadRule,
        Self::BadTemplate,
        Self::BadRecord,
        Self::Missing,
        Self::Usage,
        Self::BadModel,
    ];

    /// The name under which messages are kept.
    pub fn id(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Empty => "empty",
            Self::BadName => "bad-name",
            Self::NotThisKind => "not-this-kind",
            Self::UnknownKind => "unknown-kind",
            Self::Locked => "locked",
            Self::Damaged => "damaged",
            Self::NoText => "no-text",
            Self::TooBig => "too-big",
            Self::TooSlow => "too-slow",
            Self::Crashed => "crashed",
            Self::Unreadable => "unreadable",
            Self::Unwritable => "unwritable",
            Self::BadRule => "bad-rule",
            Self::BadTemplate => "bad-template",
            Self::BadRecord => "bad-record",
            Self::Missing => "missing",
            Self::Usage => "usage",
            Self::BadModel => "bad-model",
        }
    }
}

/// A place inside a text file that a person wrote: a rule, a template, corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From 1.
    pub line: usize,
    /// In letters, from 1.
    pub column: usize,
    /// The whole text, to show the line.
    pub text: String,
}

/// Why the work could not be done: what, where, why, and what to do next.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    path: Option<PathBuf>,
    spot: Option<Spot>,
    detail: Option<String>,
    hint: Option<String>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind`, as yet without place or cause.
    pub fn new(kind: Kind) -> Self {
        Self(Box::new(Inner { kind, path: None, spot: None, detail: None, hint: None, cause: None }))
    }

    /// An input or output error at `path`, its kind taken from the system's own; `otherwise` where the system does not say.
    pub fn io(path: impl AsRef<Path>, otherwise: Kind, cause: std::io::Error) -> Self {
        let kind = match cause.kind() {
            std::io::ErrorKind::NotFound => Kind::NotFound,
            _ => otherwise,
        };
        Self::new(kind).at(path).because(cause)
    }

    /// With the file or folder it is about.
    #[must_use]
    pub fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.0.path = Some(path.as_ref().to_path_buf());
        self
    }

    /// With the place in that file.
    #[must_use]
    pub fn on(mut self, spot: Spot) -> Self {
        self.0.spot = Some(spot);
        self
    }

    /// With one sentence of detail: the limit reached, the key that is unknown.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// With what to do next, where the kind's own advice is not enough.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// With the error beneath it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The file or folder it is about.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The place in that file.
    pub fn spot(&self) -> Option<&Spot> {
        self.0.spot.as_ref()
    }

    /// One sentence of detail.
    pub fn detail_text(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// What to do next.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.kind.id())?;
        if let Some(path) = &self.0.path {
            write!(f, ": {}", path.display())?;
        }
        if let Some(spot) = &self.0.spot {
            write!(f, ":{}:{}", spot.line, spot.column)?;
        }
        if let Some(detail) = &self.0.detail {
            write!(f, ": {detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|c| c as _)
    }
}
