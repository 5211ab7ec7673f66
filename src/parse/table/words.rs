//! What the heads and rows of a table say: the words of `rules/parse/tables.yaml`, compared without marks and capitals.

use serde::Deserialize;

use crate::error::{Error, Kind, Result};
use crate::parse::Role;
use crate::rules::RuleBook;
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
            words.says.iter_mut().chain(&mut words.unless).for_each(|w| *w = plain(w));
        }
        rules.prove()?;
        Ok(rules)
    }

    /// The role of a column whose head says `name`.
    pub fn role(&self, name: &str) -> Role {
        let name = plain(name);
        let says = |r: &&RoleWords| if r.whole { r.says.contains(&name) } else { any_in(&r.says, &name) && !any_in(&r.unless, &name) };
        self.roles.iter().find(says).map_or(Role::Other, |r| r.role)
    }

    /// Every rule against its own examples and near misses.
    fn prove(&self) -> Result<()> {
        let wrong = |what: String| Err(Error::new(Kind::BadRule).at(format!("rules/{FILE}")).detail(what));
        for r in &self.roles {
            if let Some(e) = r.examples.iter().find(|e| self.role(e) != r.role) {
                return wrong(format!("role {:?}: the example `{e}` is not found", r.role));
            }
            if let Some(e) = r.rejects.iter().find(|e| self.role(e) == r.role) {
                return wrong(format!("role {:?}: the near miss `{e}` is found", r.role));
            }
        }
        for (name, words) in [("totals", &self.totals), ("captions", &self.captions), ("heads", &self.heads)] {
            if let Some(e) = words.examples.iter().find(|e| !words.opens(e)) {
                return wrong(format!("{name}: the example `{e}` is not found"));
            }
            if let Some(e) = words.rejects.iter().find(|e| words.opens(e)) {
                return wrong(format!("{name}: the near miss `{e}` is found"));
            }
        }
        Ok(())
    }
}

impl Words {
    /// True when `text` begins with one of the words.
    pub fn opens(&self, text: &str) -> bool {
        let text = plain(text);
        let begins = |words: &[String]| {
            words.iter().any(|w| text.strip_prefix(w.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
        };
        begins(&self.says) && !begins(&self.unless)
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
        Rules::new(&RuleBook::embedded()).expect("the embedded rules");
    }

    #[test]
    fn words_are_compared_whole() {
        assert_eq!(plain("Nội dung/nhiệm vụ:"), "noi dung nhiem vu");
        assert!(any_in(&["tt".into()], "so tt") && !any_in(&["tt".into()], "stt"));
    }
}
