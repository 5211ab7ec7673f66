//! Words, proper names, administrative units, abbreviations and what they stand for.

pub mod bodies;
mod capitals;
pub mod learned;
mod same;
mod word;

pub use bodies::{Bodies, Name, Names};
pub use learned::Learned;
