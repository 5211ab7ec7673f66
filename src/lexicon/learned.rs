//! What an office's accepted plans have taught: `lexicon/office/*.yaml` in its own folder of rules, written by `plan-ingest learn`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::rules::RuleBook;

/// Where an office keeps it, in its folder of rules.
pub const FOLDER: &str = "lexicon/office/";
/// The file that `learn` writes there.
pub const FILE: &str = "lexicon/office/learned.yaml";

/// No more of a kind are kept.
const MOST: usize = 20_000;
/// Nor is a word longer, in letters.
const LONGEST: usize = 30;

/// Names, words and confusions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// Proper names of two syllables or more.
    #[serde(default)]
    pub names: BTreeSet<String>,
    /// Words that stood in facts a person accepted, and how often.
    #[serde(default)]
    pub words: BTreeMap<String, u32>,
    /// What was read, what it is, and how often a person said so.
    #[serde(default)]
    pub confusions: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Learned {
    /// What the office's files hold, taken together; nothing where there are none.
    ///
    /// # Errors
    /// When a file is not in its shape.
    pub fn load(rules: &RuleBook) -> Result<Self> {
        let mut all = Self::default();
        for path in rules.list(FOLDER).iter().filter(|p| p.ends_with(".yaml")) {
            let one: Self = rules.load(path)?;
            one.names.iter().for_each(|name| all.name(name));
            one.words.iter().for_each(|(word, times)| all.word(word, *times));
            for (read, right) in &one.confusions {
                right.iter().for_each(|(right, times)| all.confusion(read, right, *times));
            }
        }
        Ok(all)
    }

    /// Takes up a name: two words of letters or more.
    pub fn name(&mut self, name: &str) {
        let words: Vec<&str> = name.split_whitespace().collect();
        if (2..=6).contains(&words.len()) && words.iter().all(|w| is_word(w)) && self.names.len() < MOST {
            self.names.insert(words.join(" "));
        }
    }

    /// Takes up a word, met so many times.
    pub fn word(&mut self, word: &str, times: u32) {
        if is_word(word) && (self.words.len() < MOST || self.words.contains_key(word)) {
            let met = self.words.entry(word.to_owned()).or_default();
            *met = met.saturating_add(times);
        }
    }

    /// Takes up that `read` is `right`: words of letters, one for one, and not the same.
    pub fn confusion(&mut self, read: &str, right: &str, times: u32) {
        let known = self.confusions.len() < MOST || self.confusions.contains_key(read);
        if is_word(read) && is_word(right) && read != right && known {
            let met = self.confusions.entry(read.to_owned()).or_default().entry(right.to_owned()).or_default();
            *met = met.saturating_add(times);
        }
    }

    /// How much there is: names, words, confusions.
    pub fn sizes(&self) -> [usize; 3] {
        [self.names.len(), self.words.len(), self.confusions.len()]
    }
}

/// Letters alone: no digit, date, number or sign is ever learned.
fn is_word(word: &str) -> bool {
    (1..=LONGEST).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_letters_are_learned() {
        let mut learned = Learned::default();
        learned.confusion("Pot", "Đợt", 1);
        learned.confusion("T6", "Tổ", 1);
        learned.confusion("a", "../../x", 1);
        learned.word("30/4", 1);
        learned.word(&"ạ".repeat(31), 1);
        learned.name("Chùa Nội");
        learned.name("Chùa\n- x: y");
        assert_eq!(learned.sizes(), [1, 0, 1]);
    }
}
