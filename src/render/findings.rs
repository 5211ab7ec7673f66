//! `findings.txt`: what a careful reader would query, gravest first, each with its place and what to do about it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::record::Report;
use super::view::{FindingView, LevelView, Place};
use super::words::{Words, key};
use crate::check::Level;
use crate::error::Result;
use crate::repair::Citation;
use crate::rules::RuleBook;

/// What to do about a finding, by its id; `other` where it has no advice of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advice {
    advice: BTreeMap<String, String>,
    other: String,
}

impl Advice {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("render/advice.yaml")
    }

    pub(super) fn on(&self, id: &str) -> String {
        self.advice.get(id).unwrap_or(&self.other).clone()
    }
}

/// The findings of `report`, gravest level first; within a level, in their own order.
pub(super) fn by_level(report: &Report, place: impl Fn(&Citation) -> Place, words: &Words, advice: &Advice) -> Vec<LevelView> {
    let of = |level: Level| LevelView {
        level: key(level),
        name: words.level(level),
        items: report
            .findings
            .iter()
            .filter(|f| f.level == level)
            .map(|f| FindingView {
                id: f.id.clone(),
                message: f.message.clone(),
                advice: advice.on(&f.id),
                at: f.at.as_ref().map(&place),
                also: f.also.iter().map(&place).collect(),
            })
            .collect(),
    };
    [Level::Error, Level::Warning, Level::Note].map(of).into_iter().filter(|l| !l.items.is_empty()).collect()
}
