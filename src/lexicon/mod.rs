//! Words, proper names, administrative units, abbreviations and what they stand for.

pub mod bodies;
mod capitals;
pub mod learned;
mod same;
pub mod units;
mod word;

pub use bodies::{Bodies, Name, Names};
pub use learned::Learned;
pub use units::Units;
