//! What a careful reader would query: [`Document`](crate::parse::Document) and [`Plan`](crate::extract::Plan) in, findings out.
//! One file per finding; its message and hint live in `rules/check/`.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A reader may want to know.
    Note,
    /// A reader should ask.
    Warning,
    /// The document can't mean what it says.
    Error,
}

/// Something in the document that a careful reader would query.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// `annex-date-differs` …
    pub id: &'static str,
    /// How much it matters.
    pub level: Level,
    /// One sentence in Vietnamese.
    pub message: String,
    /// Where; `None` when the whole document is meant.
    pub at: Option<Span>,
    /// The other places it is about.
    pub also: Vec<Span>,
}
