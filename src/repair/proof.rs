//! The rules of repair against their own examples and near misses.

use super::Repairer;
use crate::error::Result;
use crate::model::judge::Damage;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};

pub(super) const JUDGE: &str = "repair/judge.yaml";
pub(super) const CODES: &str = "repair/codes.yaml";

impl Proof for Repairer {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let mut failures = Vec::new();
        let fail = |path: &str, rule: &str, text: &str, said: String| Failure::new(book, path, rule, text, format!("gives {said}"));
        for example in &self.grammar.examples {
            let mended = self.grammar.mended(&example.read);
            if mended.as_ref() != Some(&example.gives) {
                failures.push(fail(CODES, "examples", &example.read, format!("{mended:?}")));
            }
        }
        for read in &self.grammar.rejects {
            if let Some(mended) = self.grammar.mended(read) {
                failures.push(fail(CODES, "rejects", read, mended));
            }
        }
        let texts = self
            .judge
            .examples
            .iter()
            .map(|e| (e.text.as_str(), e.says))
            .chain(self.judge.rejects.iter().map(|t| (t.as_str(), Damage::Unknown)));
        for (text, says) in texts {
            let judged = self.model.judge(text, &self.judge).damage;
            if judged != says {
                failures.push(fail(JUDGE, "examples", text, format!("{judged:?}")));
            }
        }
        Ok(failures)
    }
}
