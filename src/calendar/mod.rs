//! Civil time: what a due means, holidays and working days. Dates themselves are a library's ([`jiff`]).

mod due;
mod holiday;
pub mod lunar;
mod repeat;

pub use due::{Bound, Day, Due, Every, Month, Period, Repeat, Unit, When};
pub use holiday::{Calendar, Off};
pub use repeat::occurrences;
