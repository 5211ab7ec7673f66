//! Leaves telephone numbers and the names of private persons out of what is passed on; what is recognised, and what only looks like it,
//! is in `rules/render/redact.yaml`.

use std::collections::BTreeSet;

use regex::{Captures, Regex};
use serde::Deserialize;
use serde_yaml::Value;

use super::record::Report;
use crate::error::{Error, Kind, Result};
use crate::rules::RuleBook;

/// What is left out.
#[derive(Debug)]
pub(super) struct Redaction {
    telephone: Regex,
    /// A name behind a form of address.
    person: Regex,
    /// A full name that begins with a surname.
    full_name: Regex,
    not_persons: Vec<String>,
    /// Words before a full name that make it a place's or a school's.
    places: Vec<String>,
    mark: String,
    somebody: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    telephone: String,
    person: String,
    surnames: String,
    not_persons: Vec<String>,
    places: Vec<String>,
    mark: String,
    somebody: String,
    examples: Vec<Example>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    text: String,
    gives: String,
}

/// Keys whose values are no words of the plan's.
const KEPT: [&str; 8] = ["id", "sha256", "file", "rule", "number", "date", "kind", "who"];

impl Redaction {
    /// What the rule book asks for.
    ///
    /// # Errors
    /// When the file is not in its shape, or an example of its own does not hold.
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        const FILE: &str = "render/redact.yaml";
        let file: File = rules.load(FILE)?;
        let regex = |text: &str| Regex::new(text).map_err(|e| rules.fault(FILE, text, &e.to_string()));
        let redaction = Self {
            telephone: regex(&file.telephone)?,
            person: regex(&file.person)?,
            full_name: regex(&format!(
                r"\b(?:{})(?:\s+\p{{Lu}}\p{{Ll}}*){{2,4}}\b",
                file.surnames.split_whitespace().collect::<Vec<_>>().join("|")
            ))?,
            places: file.places,
            not_persons: file.not_persons,
            mark: file.mark,
            somebody: file.somebody,
        };
        match file.examples.iter().find(|e| redaction.words(&e.text, &redaction.names([e.text.as_str()].into_iter())) != e.gives) {
            Some(e) => Err(rules.fault(FILE, &e.text, &redaction.words(&e.text, &BTreeSet::new()))),
            None => Ok(redaction),
        }
    }

    /// `report` without them; whoever is named by a person's name alone gets an id that does not tell it.
    ///
    /// # Errors
    /// Never in practice: only when the record can't be told as YAML.
    pub(super) fn report(&self, report: &Report) -> Result<Report> {
        let failed = |e: serde_yaml::Error| Error::new(Kind::BadRecord).because(e);
        let mut report = report.clone();
        let texts = |v: &Value| -> Vec<String> {
            let mut all = Vec::new();
            strings(v, &mut |s| all.push(s.to_owned()));
            all
        };
        let mut value = serde_yaml::to_value(&report).map_err(failed)?;
        let names = self.names(texts(&value).iter().map(String::as_str));
        self.rename(&mut report, &names);
        value = serde_yaml::to_value(&report).map_err(failed)?;
        self.walk(&mut value, &names);
        serde_yaml::from_value(value).map_err(failed)
    }

    /// The names of persons in `texts`: what stands behind a title once is a name wherever it stands.
    fn names<'a>(&self, texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        let name = |c: Captures<'_>| c.name("name").map(|m| m.as_str().to_owned());
        let found = texts.flat_map(|t| {
            let addressed = self.person.captures_iter(t).filter(|c| self.is_person(c)).filter_map(name);
            let full = self.full_name.find_iter(t).filter(|m| !self.is_place(&t[..m.start()], m.as_str()));
            addressed.chain(full.map(|m| m.as_str().to_owned())).collect::<Vec<_>>()
        });
        found.filter(|n| n.split_whitespace().count() > 1).collect()
    }

    /// True for a name that something is called by: the word before it says so, or it is known.
    fn is_place(&self, before: &str, name: &str) -> bool {
        let last = before.split_whitespace().next_back().unwrap_or_default().trim_start_matches(['“', '"', '(']).to_lowercase();
        self.places.contains(&last) || self.not_persons.iter().any(|n| name.starts_with(n.as_str()))
    }

    fn is_person(&self, c: &Captures<'_>) -> bool {
        c.get(0).is_some_and(|m| !self.not_persons.iter().any(|n| m.as_str().starts_with(n.as_str())))
    }

    fn words(&self, text: &str, names: &BTreeSet<String>) -> String {
        let without = self.telephone.replace_all(text, format!("${{before}}{}", self.mark));
        let mut out = self
            .person
            .replace_all(&without, |c: &Captures<'_>| match (self.is_person(c), c.get(0), c.name("name")) {
                (true, Some(whole), Some(name)) => format!("{}{}", &whole.as_str()[..name.start() - whole.start()], self.mark),
                (_, whole, _) => whole.map_or("", |m| m.as_str()).to_owned(),
            })
            .into_owned();
        // The longest first: one name may begin another.
        let mut names: Vec<&String> = names.iter().collect();
        names.sort_by_key(|n| std::cmp::Reverse(n.len()));
        for name in names {
            out = out.replace(name.as_str(), &self.mark);
        }
        out
    }

    fn rename(&self, report: &mut Report, names: &BTreeSet<String>) {
        let told = report.actors.iter().filter(|a| self.words(&a.name, names) != a.name).map(|a| a.id.clone());
        let new: Vec<(String, String)> = told.zip(1..).map(|(id, n)| (id, format!("{}-{n}", self.somebody))).collect();
        let put = |id: &mut String| {
            if let Some((_, new)) = new.iter().find(|(old, _)| old == id) {
                id.clone_from(new);
            }
        };
        report.actors.iter_mut().for_each(|a| put(&mut a.id));
        for task in &mut report.tasks {
            task.who.iter_mut().chain(&mut task.with).chain(&mut task.to).for_each(put);
        }
        report.quotas.iter_mut().flat_map(|q| &mut q.who).for_each(put);
    }

    fn walk(&self, value: &mut Value, names: &BTreeSet<String>) {
        match value {
            Value::String(s) => *s = self.words(s, names),
            Value::Sequence(all) => all.iter_mut().for_each(|v| self.walk(v, names)),
            Value::Mapping(map) => {
                let kept = |k: &Value| k.as_str().is_some_and(|k| KEPT.contains(&k));
                map.iter_mut().filter(|(k, _)| !kept(k)).for_each(|(_, v)| self.walk(v, names));
            }
            _ => {}
        }
    }
}

fn strings(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(s) => each(s),
        Value::Sequence(all) => all.iter().for_each(|v| strings(v, each)),
        Value::Mapping(map) => map.values().for_each(|v| strings(v, each)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_rules_hold_their_examples() {
        Redaction::new(&RuleBook::embedded()).expect("our own rules");
    }
}
