//! `corrections.yaml` as types, read strictly.

use serde::{Deserialize, Serialize};

use super::{Fields, Tick};
use crate::error::{Error, Kind, Result, Spot};

/// The version of the file that is written.
pub const VERSION: u32 = 1;

/// `corrections.yaml`: every word a person has had on a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    /// Version of this file.
    pub corrections: u32,
    /// The plan that was looked at; only to recognise it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_for: Option<Made>,
    /// The names behind the ids of actors that entries use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<ActorName>,
    /// Looked at and right: `now` is what was right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Entry>,
    /// Set otherwise: `now` holds the fields that were set, `was` what stood there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Entry>,
    /// Not so: the plan says no such thing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Entry>,
    /// Overlooked by the tool, put in by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Entry>,
    /// Duties that are done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<Tick>,
}

impl Default for Corrections {
    fn default() -> Self {
        let (accepted, changed, removed, added) = Default::default();
        Self { corrections: VERSION, made_for: None, actors: Vec::new(), accepted, changed, removed, added, done: Vec::new() }
    }
}

/// What tells one plan from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Number and sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Of the first file, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// An actor as the entries name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActorName {
    /// What entries name it by.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// What kind of fact an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// A duty.
    Task,
    /// A number that must be reached.
    Quota,
    /// A cell of an annex: its id is `annex.row.column`, all from 1, its quote `title | row | column`.
    Cell,
    /// Something a careful reader would query: its id is the finding's, its quote the message.
    Finding,
}

/// One word of a person's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What kind of fact.
    pub about: About,
    /// The fact's id when the person saw it: clause path and number.
    pub id: String,
    /// The words of the plan that the fact rests on.
    pub quote: String,
    /// What the tool had read, as far as the person set it otherwise.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub was: Fields,
    /// What is right.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub now: Fields,
    /// What the person noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Corrections {
    /// The corrections that `text` holds.
    ///
    /// # Errors
    /// [`Kind::BadRecord`] with line and column when it is not YAML, holds an unknown key, is of a later version, or an entry lacks what
    /// its list asks for; no path yet.
    pub fn read(text: &str) -> Result<Self> {
        let read: Self = serde_yaml::from_str(text).map_err(|e| {
            let error = Error::new(Kind::BadRecord).detail(e.to_string());
            match e.location() {
                Some(l) => error.on(Spot { line: l.line(), column: l.column(), text: text.to_owned() }),
                None => error,
            }
            .because(e)
        })?;
        if read.corrections != VERSION {
            return Err(wrong(text, "corrections", format!("corrections: {} ≠ {VERSION}", read.corrections)));
        }
        if let Some(entry) = read.changed.iter().find(|e| e.now.is_empty()) {
            return Err(wrong(text, &entry.id, format!("{}: `now` is empty", entry.id)));
        }
        if let Some(entry) = read.added.iter().find(|e| !e.now.stands_alone(e.about)) {
            return Err(wrong(text, &entry.id, format!("{}: `now` does not say what was added", entry.id)));
        }
        for (_, entry) in read.entries() {
            for fields in [&entry.now, &entry.was] {
                if let Some(name) = fields.foreign_to(entry.about) {
                    return Err(wrong(text, &entry.id, format!("{}: `{name}`", entry.id)));
                }
            }
        }
        Ok(read)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Never in practice: only when it can't be told as YAML.
    pub fn write(&self) -> Result<String> {
        serde_yaml::to_string(self).map_err(|e| Error::new(Kind::BadRecord).because(e))
    }

    /// True when nobody has said anything.
    pub fn is_empty(&self) -> bool {
        self.entries().next().is_none() && self.done.is_empty()
    }

    /// All entries, with the list each stands in.
    pub(super) fn entries(&self) -> impl Iterator<Item = (List, &Entry)> {
        let lists =
            [(List::Accepted, &self.accepted), (List::Changed, &self.changed), (List::Removed, &self.removed), (List::Added, &self.added)];
        lists.into_iter().flat_map(|(list, entries)| entries.iter().map(move |e| (list, e)))
    }
}

/// The list of the file in which an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the lists of `Corrections`")]
pub enum List {
    Accepted,
    Changed,
    Removed,
    Added,
}

/// An error at the first line that names `word`.
fn wrong(text: &str, word: &str, detail: String) -> Error {
    let error = Error::new(Kind::BadRecord).detail(detail);
    match text.lines().position(|l| l.contains(word)) {
        Some(line) => error.on(Spot { line: line + 1, column: 1, text: text.to_owned() }),
        None => error,
    }
}
