//! plan-ingest: a Vietnamese administrative plan arrives as scanned text and leaves as a list of what must be done, by whom, by
//! when, and for every line of that list a finger on the page it came from.
//!
//! | room | takes → gives | may fail? |
//! |---|---|---|
//! | [`read`] | files of one bundle → [`text::Source`]: one text, with places | yes |
//! | [`repair`] | Source → [`repair::Repaired`]: text + edit log, the Source kept inside | no |
//! | [`parse`] | Repaired → [`parse::Document`]: header, legal basis, clause tree, tables, closing | no |
//! | [`extract`] | Document → [`extract::Plan`]: actors, tasks with dues, quotas | no |
//! | [`correct`] | Plan + `corrections.yaml` → Plan | no |
//! | [`check`] | Document + Plan → findings | no |
//! | [`render`] | [`render::Report`] (facts and findings, each with its citation) → files | yes |
//!
//! Data goes one way. A stage is a struct built from the [`rules::RuleBook`]: building may fail, running the middle stages may not.

pub mod calendar;
pub mod check;
pub mod correct;
pub mod error;
pub mod extract;
pub mod lexicon;
pub mod model;
pub mod parse;
pub mod read;
pub mod render;
pub mod repair;
pub mod rules;
pub mod text;

pub use error::{Error, Result};
