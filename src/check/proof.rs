//! The checks prove themselves: every rule file carries plans that deserve its finding and plans that come near and do not.

use serde::Deserialize;

use super::{CHECKS, Checker, Rule, rule_file};
use crate::error::Result;
use crate::extract::Extractor;
use crate::parse::Parser;
use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};
use crate::text::{Condition, Source};

const FRAME: &str = "check/frame.yaml";

/// The plan that an example without a head of its own stands in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    head: String,
    tail: String,
}

impl Frame {
    fn put(&self, example: &str) -> String {
        if example.contains("KẾ HOẠCH\n") {
            return example.to_owned();
        }
        // The foot of a plan stands before its annexes.
        match example.find("PHỤ LỤC") {
            Some(annex) => format!("{}{}{}\u{c}{}", self.head, &example[..annex], self.tail, &example[annex..]),
            None => format!("{}{example}{}", self.head, self.tail),
        }
    }
}

impl Proof for Checker {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let (parser, extractor) = (Parser::new(book)?, Extractor::new(book)?);
        let frame: Frame = book.load(FRAME)?;
        let ids = |rule: &Rule, example: &str| {
            let condition = if rule.scanned { Condition::ForeignOcr } else { Condition::Clean };
            let repaired = Repaired::new(Source::of_text("kh.txt", &frame.put(example), condition), Vec::new());
            let document = parser.parse(&repaired);
            let plan = extractor.extract(&repaired, &document);
            self.check(&repaired, &document, &plan).into_iter().map(|f| f.id).collect::<Vec<_>>()
        };
        let mut failures = Vec::new();
        for (check, rule) in CHECKS.iter().zip(&self.rules) {
            let mut fail = |example: &str, reason: String| {
                let line = example.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
                failures.push(Failure::new(book, &rule_file(check.id), check.id, line, reason));
            };
            for example in &rule.examples {
                if !ids(rule, example).contains(&check.id) {
                    fail(example, "the example does not deserve the finding".to_owned());
                }
            }
            for example in &rule.rejects {
                if ids(rule, example).contains(&check.id) {
                    fail(example, "the near miss deserves the finding".to_owned());
                }
            }
        }
        Ok(failures)
    }
}
