//! What a person corrected, as a layer: `corrections.yaml` is laid over the plan at every run, whatever the run now reads.
//!
//! A person's word always wins. An entry that no longer fits what is read, or that what is read now contradicts, comes back as a
//! [`Misfit`] with both sides; none is dropped in silence.

mod entry;
mod fields;
mod lay;
mod over;
mod plan;
mod tick;

pub use entry::{About, ActorName, Corrections, Entry, List, Made, VERSION};
pub use fields::{Fields, QuotaParts, TaskParts};
pub use lay::{Laid, Listed, Misfit, Seen, Verdict, Why};
pub use over::{Cell, Correctable, Layered, PERSON, cell_id, cell_quote};
pub use plan::Over;
pub use tick::Tick;
