//! What the heads and rows of a table say: the words of `rules/parse/tables.yaml`, compared without marks and capitals.

use serde::Deserialize;

use crate::error::Result;
use crate::parse::Role;
use crate::rules::RuleBook;
use crate::rules::proof::Failure;
use crate::text::letters::fold;

const FILE: &str = "parse/tables.yaml";

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    roles: Vec<RoleWords>,
    /// Beginnings of a total row.
    pub totals: Words,
    /// Beginnings of a table's heading.
    pub captions: Words,
    /// Beginnings of a head whose walls were lost.
    pub heads: Words,
    /// Words that a head does not end with.
    pub open: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleWords {
    role: Role,
    #[serde(default)]
    whole: bool,
    says: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    examples: Vec<String>,
    rejects: Vec<String>,
}

/// Words, and words that undo them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    says: Vec<String>,
    /// Words that count where nothing else stands beside them.
    #[serde(default)]
    whole: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    examples: Vec<String>,
    rejects: Vec<String>,
}

impl Rules {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let mut rules: Self = book.load(FILE)?;
        for words in rules.roles.iter_mut().flat_map(|r| [&mut r.says, &mut r.unless]) {
            words.iter_mut().for_each(|w| *w = plain(w));
        }
        for words in [&mut rules.totals, &mut rules.captions, &mut rules.heads] {
            words.says.iter_mut().chain(&mut words.unless).chain(&mut words.whole).for_each(|w| *w = plain(w));
        }
        Ok(rules)
    }

    /// The role of a column whose head says `name`.
    pub fn role(&self, name: &str) -> Role {
        let name = plain(name);
        let says = |r: &&RoleWords| if r.whole { r.says.contains(&name) } else { any_in(&r.says, &name) && !any_in(&r.unless, &name) };
        self.roles.iter().find(says).map_or(Role::Other, |r| r.role)
    }

    /// Every rule against its own examples and near misses.
    pub fn prove(&self, book: &RuleBook) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut ask = |rule: &str, examples: &[String], rejects: &[String], holds: &dyn Fn(&str) -> bool| {
            let missed = examples.iter().filter(|e| !holds(e)).map(|e| (e, "the example is not found"));
            let wrong = rejects.iter().filter(|e| holds(e)).map(|e| (e, "the near miss is found"));
            failures.extend(missed.chain(wrong).map(|(e, reason)| Failure::new(book, FILE, rule, e, reason.to_owned())));
        };
        for r in &self.roles {
            ask(&format!("{:?}", r.role).to_lowercase(), &r.examples, &r.rejects, &|e| self.role(e) == r.role);
        }
        for (name, words) in [("totals", &self.totals), ("captions", &self.captions), ("heads", &self.heads)] {
            ask(name, &words.examples, &words.rejects, &|e| words.opens(e));
        }
        failures
    }
}

impl Words {
    /// True when `text` begins with one of the words.
    pub fn opens(&self, text: &str) -> bool {
        let text = plain(text);
        let begins = |words: &[String]| {
            words.iter().any(|w| text.strip_prefix(w.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
        };
        self.whole.contains(&text) || (begins(&self.says) && !begins(&self.unless))
    }
}

/// `text` without marks and capitals, its words one blank apart, signs left out.
pub fn plain(text: &str) -> String {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// True when one of `words` stands in `text` as whole words; both plain.
fn any_in(words: &[String], text: &str) -> bool {
    let text = format!(" {text} ");
    words.iter().any(|w| text.contains(&format!(" {w} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_hold_for_their_own_examples() {
        let book = RuleBook::embedded();
        assert_eq!(Rules::new(&book).expect("the embedded rules").prove(&book), []);
    }

    #[test]
    fn words_are_compared_whole() {
        assert_eq!(plain("Nội dung/nhiệm vụ:"), "noi dung nhiem vu");
        assert!(any_in(&["tt".into()], "so tt") && !any_in(&["tt".into()], "stt"));
    }
}
