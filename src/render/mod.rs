//! Writes what people and machines read: a [`Report`] (facts and findings, each with its citation) in, files out. One file per output.

mod gather;
pub mod reading;
pub mod record;
mod yaml;

pub use reading::Reading;
pub use record::Report;
