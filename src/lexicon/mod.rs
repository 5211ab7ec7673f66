//! Words, proper names, administrative units, abbreviations and what they stand for.

pub mod bodies;
pub mod learned;
mod word;

pub use bodies::{Bodies, Name, Names};
pub use learned::Learned;
