//! Every output of an invented plan, against what it should be; `UPDATE=1` writes what it is, and `git diff` judges.

use std::path::{Path, PathBuf};

use plan_ingest::render::{Options, Output, Reading, Renderer, record};
use plan_ingest::rules::RuleBook;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render").join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(fixture(path)).expect(path).replace("\r\n", "\n")
}

fn outputs(calendar: Option<String>) -> Vec<Output> {
    let report = record::read(&text("plan/plan.yaml")).expect("a plan");
    let reading = Reading::read(&text("plan/repaired.txt"), &text("plan/repairs.yaml")).expect("a reading");
    let options = Options { today: jiff::civil::date(2025, 8, 21), calendar };
    Renderer::new(&RuleBook::embedded()).expect("our own rules").render(&report, &reading, &options).expect("renders")
}

#[test]
fn outputs_are_as_expected() {
    let update = std::env::var_os("UPDATE").is_some();
    for output in outputs(None) {
        let path = fixture("expected").join(&output.path);
        if update {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("makes");
            std::fs::write(&path, &output.bytes).expect("writes");
        }
        let expected = std::fs::read(&path).unwrap_or_default();
        let (got, expected) = (String::from_utf8_lossy(&output.bytes), String::from_utf8_lossy(&expected));
        assert_eq!(got, expected, "{} differs; see it with UPDATE=1 and git diff", output.path);
    }
}

#[test]
fn plan_yaml_comes_back_as_it_was() {
    let report = record::read(&text("plan/plan.yaml")).expect("a plan");
    assert_eq!(record::read(&report.write().expect("writes")).expect("reads"), report);
}
