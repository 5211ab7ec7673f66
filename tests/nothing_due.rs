//! Letters and laws that give nobody work by a day: no duty of theirs has a due, and there is nothing to query in them.

use std::path::Path;

use plan_ingest::calendar::{Due, When};
use plan_ingest::check::Checker;
use plan_ingest::extract::Extractor;
use plan_ingest::parse::Parser;
use plan_ingest::repair::Repaired;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, Source};

#[test]
fn what_assigns_nothing_has_no_due() {
    let book = RuleBook::embedded();
    let (parser, extractor) = (Parser::new(&book).expect("rules"), Extractor::new(&book).expect("rules"));
    let checker = Checker::new(&book).expect("rules");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/nothing-due");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the papers").map(|e| e.expect("a paper").path()).collect();
    files.sort();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("text");
        let repaired = Repaired::new(Source::of_text("van-ban.txt", &text, Condition::Clean), Vec::new());
        let document = parser.parse(&repaired);
        let plan = extractor.extract(&repaired, &document);
        let dated = |due: &&Due| !matches!(due.when, When::None { .. });
        let dues: Vec<_> = plan.tasks.iter().filter_map(|t| Some((&t.what.what, t.what.due.as_ref().filter(dated)?))).collect();
        assert!(dues.is_empty(), "{}: {dues:?}", file.display());
        let findings = checker.check(&repaired, &document, &plan);
        assert!(findings.is_empty(), "{}: {findings:?}", file.display());
    }
}
