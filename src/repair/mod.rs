//! Gives damaged text its letters back: [`Source`] in, [`Repaired`] out, with every change on record.

mod cite;
mod decode;
mod grammar;
mod lattice;
mod memory;
mod proof;
mod propose;
mod repairer;
mod score;
mod stream;
mod witness;

pub use cite::Citation;
use repairer::Weights;
pub use repairer::{Explained, Repairer};
pub use score::{Graded, Measure, Score, measure};

use crate::text::{Edit, EditLog, RawSpan, Source, Span, Sure};

/// The repaired text, the log of what was changed, and the source it came from.
#[derive(Clone, Debug, Default)]
pub struct Repaired {
    source: Source,
    log: EditLog,
    text: String,
}

impl Repaired {
    /// `source` with `edits` done.
    pub fn new(source: Source, edits: Vec<Edit>) -> Self {
        let log = EditLog::new(edits);
        let text = log.apply(source.text());
        Self { source, log, text }
    }

    /// The repaired text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was read.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// What was changed.
    pub fn log(&self) -> &EditLog {
        &self.log
    }

    /// The repaired words of `span`.
    pub fn words(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The words of `span` as they were read.
    pub fn as_read(&self, span: Span) -> &str {
        &self.source.text()[self.log.to_raw(span).range()]
    }

    /// How sure the letters of `span` are: the weakest of the edits beneath it.
    pub fn sure(&self, span: Span) -> Sure {
        self.log.under(span).iter().map(|e| e.sure).min().unwrap_or(Sure::Certain)
    }

    /// The lines of the repaired text with their spans, line ends and form feeds left out.
    pub fn lines(&self) -> impl Iterator<Item = Span> + '_ {
        let mut start = 0;
        self.text.split(['\n', '\u{c}']).map(move |line| {
            let span = Span::new(start, start + line.len());
            start = span.end + 1;
            span
        })
    }

    /// Where `span` stands on paper, with its words as repaired and as read.
    pub fn cite(&self, span: Span) -> Citation {
        cite::cite(self, span)
    }

    /// Where the words of a citation stand: the first place that, cited, gives `quote`.
    pub fn find(&self, quote: &str) -> Option<Span> {
        cite::find(&self.text, quote)
    }

    /// The raw bytes beneath `span`.
    pub fn raw(&self, span: Span) -> RawSpan {
        self.log.to_raw(span)
    }
}
