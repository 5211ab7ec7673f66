//! What is known of one kind of finding: its level and message, the words and days it goes by, its examples.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Level;

/// A file of `rules/check/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// What it is about, for those who read the rules.
    #[expect(dead_code, reason = "kept for people; reading it proves that it is there")]
    about: String,
    /// How much it matters.
    pub level: Level,
    /// One sentence in Vietnamese; `{hole}`s are filled by the check.
    message: String,
    /// A number of days that the check goes by.
    #[serde(default)]
    pub days: i32,
    /// Words that the check goes by.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words that silence it.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Parts of the message that stand only where there is something to say, by name; `{}` is what it is.
    #[serde(default)]
    parts: BTreeMap<String, String>,
    /// True when the examples came from an image, so that figures in them may have been misread.
    #[serde(default)]
    pub scanned: bool,
    /// Plans that deserve the finding.
    pub examples: Vec<String>,
    /// Plans that come near and do not.
    pub rejects: Vec<String>,
}

impl Rule {
    /// The message with its holes filled.
    pub fn message(&self, says: &[(&'static str, String)]) -> String {
        let mut message = self.message.clone();
        for (hole, words) in says {
            // A hole's words come from the document: what looks like a hole in them is none.
            message = message.replace(&format!("{{{hole}}}"), &words.replace(['{', '}'], ""));
        }
        message
    }

    /// The part `name` of the message about `what`; nothing where there is nothing.
    pub fn part(&self, name: &str, what: &str) -> Option<String> {
        let part = self.parts.get(name).filter(|_| !what.is_empty())?;
        Some(part.replace("{}", what))
    }

    /// True when one of the words stands in `text`, whole, marks and capitals aside.
    pub fn says(&self, text: &str) -> bool {
        any(&self.words, text)
    }

    /// True when one of the silencing words stands in `text`.
    pub fn silenced(&self, text: &str) -> bool {
        any(&self.unless, text)
    }
}

fn any(words: &[String], text: &str) -> bool {
    let text = format!(" {} ", super::case::plain(text));
    words.iter().any(|w| text.contains(&format!(" {} ", super::case::plain(w))))
}
