//! Words, proper names, administrative units, abbreviations and what they stand for.

pub mod bodies;

pub use bodies::{Bodies, Name};
