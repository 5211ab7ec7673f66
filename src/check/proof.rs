//! The checks prove themselves: every rule file carries plans that deserve its finding and plans that come near and do not.

use serde::Deserialize;

use super::{CHECKS, Checker, Rule, rule_file};
use crate::error::Result;
use crate::extract::Extractor;
use crate::parse::Parser;
use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::rules::proof::{Failure, Proof};
use crate::text::{Condition, File, Role, Source, SourceBuilder, Words};

/// A line of an example after which the next page of the same file begins; its pages are then numbered, as those of a PDF are.
const PAGE: &str = "=== trang sau\n";
/// The same where the file was cut short and the page has lost its words or a part of them.
const TORN: &str = "=== trang hỏng\n";
/// Stands before a page that has.
const TORN_MARK: char = '\u{1}';
/// A line of an example after which the workbook of its annex begins.
const SHEET: &str = "=== bảng tính\n";

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

/// The example as it would have been read: one file of text, a file with pages, or the plan and the workbook of its annex.
fn source(frame: &Frame, rule: &Rule, example: &str) -> Source {
    let condition = if rule.scanned { Condition::ForeignOcr } else { Condition::Clean };
    let (plan, sheet) = example.split_once(SHEET).map_or((example, None), |(plan, sheet)| (plan, Some(sheet)));
    let text = frame.put(plan);
    let text = text.replace(TORN, &format!("{PAGE}{TORN_MARK}"));
    let pages: Vec<&str> = text.split(PAGE).collect();
    if pages.len() == 1 && sheet.is_none() {
        return Source::of_text("kh.txt", &text, condition);
    }
    let mut source = SourceBuilder::default();
    source.file(File { name: "kh.pdf".into(), sha256: String::new(), role: Role::Plan, words: Words::Layer });
    for (number, page) in (1..).zip(pages) {
        source.page(Some(number), None, condition, page.trim_start_matches(TORN_MARK), Vec::new());
        if page.starts_with(TORN_MARK) {
            source.note("page-damaged", &number.to_string(), true);
        }
    }
    if let Some(sheet) = sheet {
        source.file(File { name: "phu-luc.xlsx".into(), sha256: String::new(), role: Role::Annex, words: Words::Sheet });
        source.page(None, Some("Sheet1".into()), Condition::Clean, sheet, Vec::new());
    }
    source.finish()
}

impl Proof for Checker {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let (parser, extractor) = (Parser::new(book)?, Extractor::new(book)?);
        let frame: Frame = book.load(FRAME)?;
        let findings = |rule: &Rule, example: &str| {
            let repaired = Repaired::new(source(&frame, rule, example), Vec::new());
            let document = parser.parse(&repaired);
            let plan = extractor.extract(&repaired, &document);
            self.check(&repaired, &document, &plan)
        };
        let mut failures = Vec::new();
        for (check, rule) in CHECKS.iter().zip(&self.rules) {
            let mut fail = |example: &str, reason: String| {
                let line = example.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
                failures.push(Failure::new(book, &rule_file(check.id), check.id, line, reason));
            };
            if rule.examples.is_empty() || rule.rejects.is_empty() {
                fail("message:", "needs at least one example and one near miss".to_owned());
            }
            for example in &rule.examples {
                let found = findings(rule, example);
                match found.iter().find(|f| f.id == check.id) {
                    None => fail(example, "the example does not deserve the finding".to_owned()),
                    // What the document says holds no braces.
                    Some(f) if f.message.contains('{') => fail("message:", format!("a hole stays open: {}", f.message)),
                    Some(_) => {}
                }
            }
            for example in &rule.rejects {
                if findings(rule, example).iter().any(|f| f.id == check.id) {
                    fail(example, "the near miss deserves the finding".to_owned());
                }
            }
        }
        Ok(failures)
    }
}
