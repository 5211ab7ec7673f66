//! The rules of dues as an office writes them (`rules/extract/due.yaml`), and their proof by their own examples.

use serde::Deserialize;

use super::template::Template;
use super::times::Times;
use super::{DueContext, Dues};
use crate::calendar::{Due, When};
use crate::error::Result;
use crate::rules::proof::{Example, Failure, Proof};
use crate::rules::{Pattern, RuleBook, unknown};
use crate::text::Sure;

/// The rule file.
pub(super) const FILE: &str = "extract/due.yaml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DueFile {
    /// Where the examples are imagined to stand.
    examples_issued: jiff::civil::Date,
    dues: Vec<DueRule>,
    not_dues: Vec<NotDueRule>,
}

/// A phrase that says when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DueRule {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    says: OneOrMany<String>,
    due: OneOrMany<Template>,
    #[serde(default = "certain")]
    sure: Sure,
    #[serde(default)]
    cut_off: bool,
    /// True where the words bind a duty even when their day lies before the plan: "xong trước ngày 20/4".
    #[serde(default)]
    may_be_past: bool,
    examples: Vec<Example<OneOrMany<Gives>>>,
    rejects: Vec<String>,
}

/// A phrase with a time in it that says no due.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotDueRule {
    id: String,
    #[serde(rename = "about")]
    _about: String,
    says: OneOrMany<String>,
    examples: Vec<Example<()>>,
    rejects: Vec<String>,
}

#[derive(Clone)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// Read by hand, so that a mistake inside is told as what it is and not as "no variant".
impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match serde_yaml::Value::deserialize(d)? {
            many @ serde_yaml::Value::Sequence(_) => serde_yaml::from_value(many).map(Self::Many),
            one => serde_yaml::from_value(one).map(Self::One),
        }
        .map_err(serde::de::Error::custom)
    }
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

fn certain() -> Sure {
    Sure::Certain
}

/// What an example must come to: a due without its `says`.
#[derive(Clone)]
struct Gives(When);

impl<'de> Deserialize<'de> for Gives {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut map = serde_yaml::Mapping::deserialize(d)?;
        map.insert("says".into(), "".into());
        serde_yaml::from_value::<Due>(serde_yaml::Value::Mapping(map)).map(|due| Self(due.when)).map_err(serde::de::Error::custom)
    }
}

/// A compiled rule; one without dues keeps its words from other rules.
#[derive(Debug)]
pub(super) struct Rule {
    pub id: String,
    pub patterns: Vec<Pattern>,
    pub dues: Vec<Template>,
    pub sure: Sure,
    pub cut_off: bool,
    pub may_be_past: bool,
}

/// The rules of the book, compiled.
pub(super) fn load(book: &RuleBook, times: &Times) -> Result<Vec<Rule>> {
    let file: DueFile = book.load(FILE)?;
    let compile = |id: &str, says: OneOrMany<String>| {
        let patterns: Result<Vec<Pattern>, String> = says.into_vec().iter().map(|s| Pattern::new(s, &|name| times.hole(name))).collect();
        patterns.map_err(|reason| fault(book, times, id, &reason))
    };
    let mut ids: Vec<&str> = file.dues.iter().map(|r| r.id.as_str()).chain(file.not_dues.iter().map(|r| r.id.as_str())).collect();
    ids.sort_unstable();
    if let Some(twice) = ids.windows(2).find(|w| w[0] == w[1]) {
        return Err(book.fault(FILE, &format!("id: {}", twice[0]), &format!("rule `{}` stands twice", twice[0])));
    }
    let mut rules = Vec::new();
    for rule in file.dues {
        let patterns = compile(&rule.id, rule.says)?;
        let dues = rule.due.into_vec();
        for template in &dues {
            let unfilled = template.holes().find(|h| !patterns.iter().any(|p| p.holes().iter().any(|n| n == h)));
            let reason = unfilled
                .map(|h| {
                    let near = unknown("hole", h, patterns.iter().flat_map(Pattern::holes).map(String::as_str));
                    if near.contains(';') { near } else { format!("`due` asks for the hole `{h}`, which `says` does not have") }
                })
                .or_else(|| template.fault());
            if let Some(reason) = reason {
                return Err(fault(book, times, &rule.id, &reason));
            }
        }
        rules.push(Rule { id: rule.id, patterns, dues, sure: rule.sure, cut_off: rule.cut_off, may_be_past: rule.may_be_past });
    }
    // They stand first, so that of two rules that take the same words the one that keeps them out wins.
    for (i, rule) in file.not_dues.into_iter().enumerate() {
        let patterns = compile(&rule.id, rule.says)?;
        rules.insert(i, Rule { id: rule.id, patterns, dues: Vec::new(), sure: Sure::Certain, cut_off: false, may_be_past: false });
    }
    Ok(rules)
}

fn fault(book: &RuleBook, times: &Times, id: &str, reason: &str) -> crate::Error {
    let reason = match reason.strip_prefix("unknown hole `").and_then(|r| r.strip_suffix('`')) {
        Some(name) => unknown("hole", name, times.hole_names()),
        None => reason.to_owned(),
    };
    book.fault(FILE, &format!("id: {id}"), &format!("rule `{id}`: {reason}"))
}

impl Proof for Dues {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let file: DueFile = book.load(FILE)?;
        let context = DueContext { issued: Some(file.examples_issued), ..DueContext::default() };
        let mut failures = Vec::new();
        let mut fail = |id: &str, text: &str, reason: String| failures.push(Failure::new(book, FILE, id, text, reason));
        for rule in file.dues {
            if rule.examples.is_empty() || rule.rejects.is_empty() {
                fail(&rule.id, "says:", "needs at least one example and one near miss".to_owned());
            }
            for example in &rule.examples {
                let (text, spans) = example.parts();
                let found: Vec<_> = self.find(&text, &context).into_iter().filter(|f| f.rule == rule.id).collect();
                let ranges: Vec<_> = found.iter().map(|f| f.range.clone()).collect();
                if ranges != spans {
                    let heard: Vec<&str> = ranges.iter().map(|r| &text[r.clone()]).collect();
                    fail(&rule.id, &example.text, format!("found {heard:?} and not the words between [[ and ]]"));
                    continue;
                }
                let wanted = example.gives.clone().map(OneOrMany::into_vec).unwrap_or_default();
                let read: Vec<&When> = found.iter().map(|f| &f.due.when).collect();
                if read.len() != wanted.len() || read.iter().zip(&wanted).any(|(r, w)| **r != w.0) {
                    let read: Vec<String> = found.iter().map(|f| serde_json::to_string(&f.due).unwrap_or_default()).collect();
                    fail(&rule.id, &example.text, format!("gives {}", read.join(", ")));
                }
            }
            for text in &rule.rejects {
                if self.find(text, &context).iter().any(|f| f.rule == rule.id) {
                    fail(&rule.id, text, "fits, though it is listed under `rejects`".into());
                }
            }
        }
        for rule in file.not_dues {
            if rule.examples.is_empty() || rule.rejects.is_empty() {
                fail(&rule.id, "says:", "needs at least one example and one near miss".to_owned());
            }
            let fits = |text: &str| {
                let timed = self.times.put(text);
                self.best(&timed)
                    .into_iter()
                    .filter(|c| c.rule.id == rule.id)
                    .map(|c| timed.spelled.origin(c.found.says))
                    .collect::<Vec<_>>()
            };
            for example in &rule.examples {
                let (text, spans) = example.parts();
                let found = fits(&text);
                if found != spans {
                    let heard: Vec<&str> = found.iter().map(|r| &text[r.clone()]).collect();
                    fail(&rule.id, &example.text, format!("found {heard:?} and not the words between [[ and ]]"));
                }
            }
            for text in &rule.rejects {
                if !fits(text).is_empty() {
                    fail(&rule.id, text, "fits, though it is listed under `rejects`".into());
                }
            }
        }
        Ok(failures)
    }
}
