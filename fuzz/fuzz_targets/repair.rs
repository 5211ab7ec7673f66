//! Any text in any condition: the edits lead from the raw text to the repaired one and back, and clean text stays as it is.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plan_ingest::repair::Repairer;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, Source};

static REPAIRER: LazyLock<Repairer> = LazyLock::new(|| Repairer::new(&RuleBook::embedded()).expect("our own rules"));

fuzz_target!(|bytes: &[u8]| {
    let Some((condition, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let conditions = [Condition::Unknown, Condition::Clean, Condition::ForeignOcr, Condition::VietnameseOcr, Condition::Stripped];
    let condition = conditions[usize::from(*condition) % conditions.len()];
    let repaired = REPAIRER.repair(Source::of_text("kh.txt", text, condition));
    let raw = repaired.source().text();
    assert_eq!(repaired.log().apply(raw), repaired.text());
    if condition == Condition::Clean {
        assert_eq!(repaired.text(), raw);
    }
    for edit in repaired.log().edits() {
        assert_eq!(repaired.words(repaired.log().to_fixed(edit.raw)), edit.fixed);
    }
});
