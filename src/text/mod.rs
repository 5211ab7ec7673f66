//! Text with places: spans into what was read and into what was repaired, the [`Source`] that knows which file,
//! page and line an offset lies in, the edit log between the two texts, and the letters of Vietnamese. Knows nothing of plans.

pub mod address;
mod edit;
pub mod letters;
mod source;
mod span;

pub use edit::{Cause, Edit, EditLog, Sure};
pub use source::{Condition, File, Note, Other, Page, Place, Role, Shown, Source, SourceBuilder, Words};
pub use span::{RawSpan, Span};
