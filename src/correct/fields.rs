//! The fields of a fact that a person may set, and how they are read off a fact and put into one.

use serde::{Deserialize, Deserializer, Serialize};

use super::About;
use crate::calendar::Due;
use crate::extract::{Figure, QuotaBound, TaskKind};

/// Some fields of a fact. An absent key says nothing; `null` says that there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// What kind of duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TaskKind>,
    /// What is to be done, or counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Ids of those who do it or must reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Vec<String>>,
    /// Ids of those who support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Vec<String>>,
    /// Ids of those to whom a report or a list goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Vec<String>>,
    /// Sản phẩm.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub product: Option<Option<String>>,
    /// By when, for a duty and for a quota.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub due: Option<Option<Due>>,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Of what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// How the number is bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<QuotaBound>,
    /// What a cell holds; `null` for an empty one.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub value: Option<Figure>,
}

/// A key that is there is `Some`, even where it says `null`.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

/// The parts of a duty, wherever it is kept.
#[derive(Debug)]
#[expect(missing_docs, reason = "named as in `Task`")]
pub struct TaskParts<'a> {
    pub kind: &'a mut TaskKind,
    pub what: &'a mut String,
    pub who: &'a mut Vec<String>,
    pub with: &'a mut Vec<String>,
    pub to: &'a mut Vec<String>,
    pub product: &'a mut Option<String>,
    pub due: &'a mut Option<Due>,
}

/// The parts of a quota, wherever it is kept.
#[derive(Debug)]
#[expect(missing_docs, reason = "named as in `Quota`")]
pub struct QuotaParts<'a> {
    pub what: &'a mut String,
    pub who: &'a mut Vec<String>,
    pub due: &'a mut Option<Due>,
    pub unit: &'a mut String,
    pub bound: &'a mut QuotaBound,
}

fn put<T: Clone>(place: &mut T, said: &Option<T>) {
    if let Some(value) = said {
        place.clone_from(value);
    }
}

impl Fields {
    /// True when nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All fields of a duty.
    pub fn of_task(t: &TaskParts<'_>) -> Self {
        Self {
            kind: Some(*t.kind),
            what: Some(t.what.clone()),
            who: Some(t.who.clone()),
            with: Some(t.with.clone()),
            to: Some(t.to.clone()),
            product: Some(t.product.clone()),
            due: Some(t.due.clone()),
            ..Self::default()
        }
    }

    /// All fields of a quota of `amount`.
    pub fn of_quota(q: &QuotaParts<'_>, amount: f64) -> Self {
        Self {
            what: Some(q.what.clone()),
            who: Some(q.who.clone()),
            due: Some(q.due.clone()),
            amount: Some(amount),
            unit: Some(q.unit.clone()),
            bound: Some(*q.bound),
            ..Self::default()
        }
    }

    /// The field of a cell.
    pub fn of_cell(value: &Figure) -> Self {
        Self { value: Some(value.clone()), ..Self::default() }
    }

    /// Puts what is said into a duty.
    pub fn set_task(&self, t: &mut TaskParts<'_>) {
        put(t.kind, &self.kind);
        put(t.what, &self.what);
        put(t.who, &self.who);
        put(t.with, &self.with);
        put(t.to, &self.to);
        put(t.product, &self.product);
        put(t.due, &self.due);
    }

    /// Puts what is said into a quota, its amount aside.
    pub fn set_quota(&self, q: &mut QuotaParts<'_>) {
        put(q.what, &self.what);
        put(q.who, &self.who);
        put(q.due, &self.due);
        put(q.unit, &self.unit);
        put(q.bound, &self.bound);
    }

    /// True when it says enough for a fact of its own.
    pub(super) fn stands_alone(&self, about: About) -> bool {
        match about {
            About::Task => self.what.is_some(),
            About::Quota => self.what.is_some() && self.amount.is_some(),
            About::Cell | About::Finding => false,
        }
    }

    /// The first field that no fact of this kind has.
    pub(super) fn foreign_to(&self, about: About) -> Option<&'static str> {
        let task =
            [("kind", self.kind.is_some()), ("with", self.with.is_some()), ("to", self.to.is_some()), ("product", self.product.is_some())];
        let quota = [("amount", self.amount.is_some()), ("unit", self.unit.is_some()), ("bound", self.bound.is_some())];
        let both = [("what", self.what.is_some()), ("who", self.who.is_some()), ("due", self.due.is_some())];
        let cell = [("value", self.value.is_some())];
        let foreign: Vec<&[(&'static str, bool)]> = match about {
            About::Task => vec![&quota, &cell],
            About::Quota => vec![&task, &cell],
            About::Cell => vec![&task, &quota, &both],
            About::Finding => vec![&task, &quota, &both, &cell],
        };
        foreign.into_iter().flatten().find(|(_, there)| *there).map(|(name, _)| *name)
    }

    /// Of what is said here, the fields in which `other` says something else; their values here.
    #[must_use]
    pub fn unlike(&self, other: &Self) -> Self {
        fn differs<T: Clone + PartialEq>(mine: &Option<T>, theirs: &Option<T>) -> Option<T> {
            mine.clone().filter(|m| theirs.as_ref() != Some(m))
        }
        // The words that say a due may be read better than before; what they mean is what counts.
        let when = |due: &Option<Option<Due>>| due.clone().map(|d| d.map(|d| d.when));
        Self {
            kind: differs(&self.kind, &other.kind),
            what: differs(&self.what, &other.what),
            who: differs(&self.who, &other.who),
            with: differs(&self.with, &other.with),
            to: differs(&self.to, &other.to),
            product: differs(&self.product, &other.product),
            due: if when(&self.due) == when(&other.due) { None } else { self.due.clone() },
            amount: differs(&self.amount, &other.amount),
            unit: differs(&self.unit, &other.unit),
            bound: differs(&self.bound, &other.bound),
            value: differs(&self.value, &other.value),
        }
    }

    /// The actors that are named.
    pub(super) fn actors_mut(&mut self) -> impl Iterator<Item = &mut String> {
        [&mut self.who, &mut self.with, &mut self.to].into_iter().flatten().flatten()
    }
}
