//! The words of the terminal: `rules/terminal/vi.yaml` and `en.yaml`, and which of the two a person gets.

use std::collections::BTreeMap;

use plan_ingest::rules::RuleBook;
use plan_ingest::{Result, error::Error};
use serde::Deserialize;

/// A language of the terminal. What is written into files is always Vietnamese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    Vi,
    En,
}

impl Lang {
    /// The language that the command line names, or the machine is set to; Vietnamese where neither says anything.
    pub fn of(arguments: &[String], variable: impl Fn(&str) -> Option<String>) -> Self {
        let named = arguments.iter().enumerate().find_map(|(i, a)| match a.strip_prefix("--lang") {
            Some("") => arguments.get(i + 1).cloned(),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            None => None,
        });
        let set = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| variable(name).filter(|v| !v.is_empty()));
        match named.or_else(set) {
            // The bare locale of a server or a container says nothing of the person before it.
            Some(value) if value.starts_with("en") => Self::En,
            _ => Self::Vi,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Vi => "terminal/vi.yaml",
            Self::En => "terminal/en.yaml",
        }
    }
}

/// Everything that the terminal says in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub error: String,
    pub headings: Headings,
    pub about: String,
    pub usage: String,
    pub after: String,
    pub commands: BTreeMap<String, CommandWords>,
    pub arguments: BTreeMap<String, ArgumentWords>,
    pub errors: BTreeMap<String, ErrorWords>,
    pub writable_elsewhere: String,
    pub usage_errors: BTreeMap<String, String>,
    details: Vec<(String, String)>,
    pub stages: BTreeMap<String, String>,
    pub summary: BTreeMap<String, String>,
    pub findings: FindingWords,
    pub explain: ExplainWords,
    pub rules: BTreeMap<String, String>,
    pub review: BTreeMap<String, String>,
    pub batch: BTreeMap<String, String>,
    pub find: BTreeMap<String, String>,
    pub calendar: BTreeMap<String, String>,
    pub doctor: BTreeMap<String, String>,
    pub reports: BTreeMap<String, String>,
    pub model: BTreeMap<String, String>,
    pub reading: BTreeMap<String, String>,
    pub classes: BTreeMap<String, String>,
    #[serde(skip, default = "vietnamese")]
    lang: Lang,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    pub usage: String,
    pub commands: String,
    pub arguments: String,
    pub options: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandWords {
    pub about: String,
    pub usage: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArgumentWords {
    pub name: Option<String>,
    pub help: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorWords {
    pub says: String,
    pub next: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingWords {
    pub levels: BTreeMap<String, String>,
    pub none: String,
    pub place: String,
    pub place_lines: String,
    pub place_no_page: String,
    pub place_no_page_lines: String,
    pub place_cell: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainWords {
    pub sures: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
}

impl Words {
    /// The words of `lang` in `book`.
    pub fn load(book: &RuleBook, lang: Lang) -> Result<Self> {
        Ok(Self { lang, ..book.load(lang.path())? })
    }

    /// The name of the language in files of both.
    pub fn lang(&self) -> &'static str {
        match self.lang {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// A detail that the library tells in English, in these words.
    pub fn detail(&self, said: &str) -> String {
        let told = self.details.iter().find_map(|(pattern, words)| {
            let parts = holes(pattern, said)?;
            let put = |text: String, (i, part): (usize, &&str)| match text.contains(&format!("{{{i}:told}}")) {
                // What is quoted beside it is a document's, and is no sentence of ours.
                true => text.replace(&format!("{{{i}:told}}"), &self.detail(part)),
                false => text.replace(&format!("{{{i}}}"), part),
            };
            Some(parts.iter().enumerate().fold(words.clone(), put))
        });
        told.unwrap_or_else(|| said.to_owned())
    }

    /// Why the work could not be done, in one sentence, with the library's detail in brackets.
    pub fn sentence(&self, error: &Error) -> String {
        let path = error.path().map(|p| p.display().to_string()).unwrap_or_default();
        let says = self.errors.get(error.kind().id()).map_or(error.kind().id(), |w| w.says.as_str());
        let says = fill(says, &[("path", &path)]);
        match error.detail_text() {
            Some(detail) => format!("{} ({}).", says.trim_end_matches('.'), self.detail(detail)),
            None => says,
        }
    }
}

fn vietnamese() -> Lang {
    Lang::Vi
}

/// `template` with every `{name}` replaced; what is put in is not looked at again.
pub fn fill(template: &str, parts: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let part = after.split_once('}').and_then(|(name, tail)| parts.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v, tail)));
        match part {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

/// What stands in the holes `{0}`, `{1}` … of `pattern` when it is laid over the whole of `said`.
fn holes<'a>(pattern: &str, said: &'a str) -> Option<Vec<&'a str>> {
    let mut between = pattern.split('{').map(|p| p.split_once('}').map_or(p, |(_, after)| after));
    let mut rest = said.strip_prefix(between.next()?)?;
    let mut found = Vec::new();
    let mut between = between.peekable();
    while let Some(next) = between.next() {
        let (part, after) = match between.peek() {
            None if next.is_empty() => (rest, ""),
            None => (rest.strip_suffix(next)?, ""),
            Some(_) => rest.split_once(next)?,
        };
        found.push(part);
        rest = after;
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan_ingest::error::Kind;

    #[test]
    fn both_languages_have_words_for_everything() {
        let book = RuleBook::embedded();
        let [vi, en] = [Lang::Vi, Lang::En].map(|lang| Words::load(&book, lang).expect("our own words load"));
        for kind in Kind::ALL {
            assert!(vi.errors.contains_key(kind.id()) && en.errors.contains_key(kind.id()), "{}", kind.id());
        }
        let keys = |w: &Words| {
            let maps = [
                &w.usage_errors,
                &w.stages,
                &w.summary,
                &w.rules,
                &w.doctor,
                &w.reports,
                &w.model,
                &w.reading,
                &w.classes,
                &w.explain.labels,
                &w.findings.levels,
            ];
            let mut keys: Vec<String> = maps.into_iter().flat_map(|m| m.keys().cloned()).collect();
            keys.extend(w.commands.keys().chain(w.arguments.keys()).cloned());
            keys
        };
        assert_eq!(keys(&vi), keys(&en));
    }

    #[test]
    fn the_language_is_the_one_named_or_set() {
        let none = |_: &str| None;
        let english = |name: &str| (name == "LANG").then(|| "en_GB.UTF-8".to_owned());
        let args = |a: &[&str]| a.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!(Lang::of(&args(&["plan-ingest", "x.pdf"]), none), Lang::Vi);
        assert_eq!(Lang::of(&args(&["plan-ingest", "x.pdf"]), english), Lang::En);
        assert_eq!(Lang::of(&args(&["plan-ingest", "--lang", "vi"]), english), Lang::Vi);
        assert_eq!(Lang::of(&args(&["plan-ingest", "--lang=en"]), none), Lang::En);
        assert_eq!(Lang::of(&args(&["plan-ingest"]), |_| Some("C.UTF-8".to_owned())), Lang::Vi);
    }

    #[test]
    fn what_is_put_in_is_not_read_as_a_hole() {
        assert_eq!(fill("“{path}” {x}", &[("path", "{path}"), ("y", "no")]), "“{path}” {x}");
        assert_eq!(holes("unknown {0} `{1}`", "unknown rule `a`"), Some(vec!["rule", "a"]));
        assert_eq!(holes("pages: {0}", "pages: 3"), Some(vec!["3"]));
        assert_eq!(holes("pages: {0}", "cells: 3"), None);
    }
}
