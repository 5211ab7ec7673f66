//! Is repair still as good as `docs/accuracy.md` says? Runs where the data folder stands beside the checkout.

use std::path::{Path, PathBuf};

use plan_ingest::model::score::{Score, score};
use plan_ingest::model::train::pairs;
use plan_ingest::repair::Repairer;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, Source, Sure};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    path.exists().then_some(path)
}

fn repairer() -> Repairer {
    Repairer::new(&RuleBook::embedded()).expect("our own rules")
}

fn repaired(repairer: &Repairer, text: &str, condition: Condition) -> String {
    repairer.repair(Source::of_text("x", text, condition)).text().to_owned()
}

/// The lines of a file of pairs, document by document: as read, and the truth.
fn documents(path: &Path) -> Vec<(String, String)> {
    let lines = pairs::lines(path).expect("pairs");
    lines
        .chunk_by(|a, b| a.document() == b.document())
        .map(|d| (d.iter().map(|l| l.read.clone() + "\n").collect(), d.iter().map(|l| l.truth.clone() + "\n").collect()))
        .collect()
}

fn rate(documents: &[(String, String)], repair: impl Fn(&str) -> String) -> f64 {
    let sum = documents.iter().fold(Score::default(), |sum, (read, truth)| {
        let one = score(truth, &repair(read));
        Score { syllables: sum.syllables + one.syllables, errors: sum.errors + one.errors }
    });
    sum.rate()
}

#[test]
fn a_real_plan_comes_back() {
    let (Some(read), Some(truth)) = (shared("seed/plan-77.txt"), shared("seed/plan-77.truth.txt")) else { return };
    let (read, truth) = (std::fs::read_to_string(read).expect("text"), std::fs::read_to_string(truth).expect("text"));
    let fixed = repaired(&repairer(), &read, Condition::Unknown);
    assert_eq!(fixed.lines().count(), read.lines().count());
    let rate = score(&truth, &fixed).rate();
    assert!(rate <= 0.030, "{rate:.4}");
}

#[test]
fn plans_never_seen_come_back_and_marks_too() {
    let Some(path) = shared("pairs/eng_dev.tsv") else { return };
    let (repairer, documents) = (repairer(), documents(&path));
    let foreign = rate(&documents, |read| repaired(&repairer, read, Condition::ForeignOcr));
    assert!(foreign <= 0.022, "{foreign:.4}");
    for (_, truth) in &documents {
        assert_eq!(&repaired(&repairer, truth, Condition::Unknown), truth, "right text stays");
    }
}

#[test]
fn slips_of_a_vietnamese_ocr_go_and_nothing_else() {
    let Some(path) = shared("pairs/vie_dev.tsv") else { return };
    let (repairer, documents) = (repairer(), documents(&path));
    let (before, after) = (rate(&documents, str::to_owned), rate(&documents, |read| repaired(&repairer, read, Condition::VietnameseOcr)));
    assert!(after <= 0.6 * before, "{before:.4} {after:.4}");
}

#[test]
fn a_number_is_changed_only_with_a_doubt() {
    let Some(path) = shared("pairs/eng_dev.tsv") else { return };
    let repairer = repairer();
    for (read, _) in documents(&path).iter().take(3) {
        let fixed = repairer.repair(Source::of_text("x", read, Condition::ForeignOcr));
        for edit in fixed.log().edits() {
            let before = &fixed.source().text()[edit.raw.range()];
            if before.bytes().all(|b| b.is_ascii_digit()) {
                assert_eq!(edit.sure, Sure::Doubtful, "{before} {}", edit.fixed);
            }
        }
    }
}
