//! The edit log: what repair changed, sorted and not overlapping; it is also the map between the two texts.

use serde::{Deserialize, Serialize};

use super::{RawSpan, Span};

/// How sure a reading is, in words. The order is of trust: `Doubtful < Likely < Certain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// A person must look.
    Doubtful,
    /// Right far more often than not.
    Likely,
    /// As good as read from clean paper.
    Certain,
}

impl Sure {
    /// One step less sure.
    #[must_use]
    pub fn less(self) -> Self {
        match self {
            Self::Certain => Self::Likely,
            Self::Likely | Self::Doubtful => Self::Doubtful,
        }
    }
}

/// Why a stretch of text was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An OCR of another language destroyed letters or marks.
    ForeignOcr,
    /// A slip of a Vietnamese OCR.
    VietnameseOcr,
    /// Marks were stripped.
    Stripped,
    /// One word was read as several, or several as one.
    Spacing,
    /// A code, Roman numeral or abbreviation, mended by its grammar.
    Code,
    /// A digit was misread and something else in the plan proves it.
    Digit,
    /// A legacy encoding was undone.
    Encoding,
}

/// One change: these bytes of the text as read became `fixed`.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What was read.
    pub raw: RawSpan,
    /// What stands in its place.
    pub fixed: String,
    /// Why.
    pub cause: Cause,
    /// How sure.
    pub sure: Sure,
    /// By how much the chosen reading beat the next, in natural-log units; never negative.
    pub margin: f32,
    /// The next best readings, best first.
    pub others: Vec<String>,
}

/// All changes of one text, and the two-way map of offsets that follows from them.
#[derive(Clone, Debug, Default)]
pub struct EditLog {
    edits: Vec<Edit>,
    /// Start of each edit in the repaired text.
    starts: Vec<usize>,
}

impl EditLog {
    /// A log of `edits`, which are sorted here; of two that overlap the first stays.
    pub fn new(mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|e| (e.raw.start, e.raw.end));
        let mut end = 0;
        edits.retain(|e| {
            let keep = e.raw.start >= end;
            if keep {
                end = e.raw.end;
            }
            keep
        });
        let mut starts = Vec::with_capacity(edits.len());
        let (mut raw, mut fixed) = (0, 0);
        for e in &edits {
            fixed += e.raw.start - raw;
            starts.push(fixed);
            fixed += e.fixed.len();
            raw = e.raw.end;
        }
        Self { edits, starts }
    }

    /// The edits in order.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// `raw` with every edit done.
    pub fn apply(&self, raw: &str) -> String {
        let mut out = String::with_capacity(raw.len() + raw.len() / 8);
        let mut at = 0;
        for e in &self.edits {
            out.push_str(&raw[at..e.raw.start]);
            out.push_str(&e.fixed);
            at = e.raw.end;
        }
        out.push_str(&raw[at..]);
        out
    }

    /// The bytes as read that `span` of the repaired text comes from; an edit that it touches is taken whole.
    pub fn to_raw(&self, span: Span) -> RawSpan {
        let start = self.raw_offset(span.start, false);
        RawSpan::new(start, self.raw_offset(span.end, true).max(start))
    }

    /// The bytes of the repaired text that `raw` became; an edit that it touches is taken whole.
    pub fn to_fixed(&self, raw: RawSpan) -> Span {
        let start = self.fixed_offset(raw.start, false);
        Span::new(start, self.fixed_offset(raw.end, true).max(start))
    }

    /// The edits under `span` of the repaired text.
    pub fn under(&self, span: Span) -> &[Edit] {
        let raw = self.to_raw(span);
        let from = self.edits.partition_point(|e| e.raw.end <= raw.start);
        let to = self.edits.partition_point(|e| e.raw.start < raw.end);
        &self.edits[from..to.max(from)]
    }

    fn raw_offset(&self, at: usize, end: bool) -> usize {
        // An end belongs to the text before it, a start to the text after it.
        let before = self.starts.partition_point(|&s| if end { s < at } else { s <= at });
        let Some(i) = before.checked_sub(1) else { return at };
        let (edit, start) = (&self.edits[i], self.starts[i]);
        let after = start + edit.fixed.len();
        if at < after { if end { edit.raw.end } else { edit.raw.start } } else { edit.raw.end + (at - after) }
    }

    fn fixed_offset(&self, at: usize, end: bool) -> usize {
        let before = self.edits.partition_point(|e| if end { e.raw.start < at } else { e.raw.start <= at });
        let Some(i) = before.checked_sub(1) else { return at };
        let (edit, start) = (&self.edits[i], self.starts[i]);
        let after = start + edit.fixed.len();
        if at < edit.raw.end { if end { after } else { start } } else { after + (at - edit.raw.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, fixed: &str) -> Edit {
        Edit {
            raw: RawSpan::new(start, end),
            fixed: fixed.into(),
            cause: Cause::ForeignOcr,
            sure: Sure::Likely,
            margin: 1.0,
            others: Vec::new(),
        }
    }

    #[test]
    fn offsets_go_there_and_back() {
        let raw = "t6 dan phd Tien";
        let log = EditLog::new(vec![edit(7, 10, "phố"), edit(0, 2, "tổ"), edit(3, 6, "dân")]);
        let fixed = log.apply(raw);
        assert_eq!(fixed, "tổ dân phố Tien");
        let at = fixed.find("phố").unwrap_or_default();
        let span = Span::new(at, at + "phố".len());
        assert_eq!(&raw[log.to_raw(span).range()], "phd");
        assert_eq!(&fixed[log.to_fixed(RawSpan::new(7, 10)).range()], "phố");
        assert_eq!(&fixed[log.to_fixed(RawSpan::new(11, 15)).range()], "Tien");
        assert_eq!(log.under(span).len(), 1);
        assert_eq!(log.under(Span::new(0, fixed.len())).len(), 3);
    }
}
