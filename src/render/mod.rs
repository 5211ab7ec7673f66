//! Writes what people and machines read: a [`Report`] (facts and findings, each with its citation) in, files out. One file per output.

pub mod record;

pub use record::Report;
