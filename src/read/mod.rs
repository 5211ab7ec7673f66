//! Reads the files of one bundle into one [`Source`](crate::text::Source).
