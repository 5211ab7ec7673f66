//! Civil time: what a due means, holidays and working days. Dates themselves are a library's ([`jiff`]).

mod due;

pub use due::{Bound, Day, Due, Every, Month, Period, Repeat, Unit, When};
