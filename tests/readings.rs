//! The four readings of one real plan (text, print, scan with a wrong layer, scan without text) say the same. Skipped where the data
//! folder or Tesseract is missing.

use std::path::{Path, PathBuf};

use plan_ingest::Corridor;
use plan_ingest::correct::Corrections;
use plan_ingest::read::{Input, Settings, Tesseract};
use plan_ingest::rules::RuleBook;
use plan_ingest::text::Role;

/// Tasks with their dues, and quotas, without the words in which they are said: a line each.
fn facts(corridor: &Corridor, plan: &Path, annex: &Path) -> Vec<String> {
    let input = |path: &Path, role| Input { path: path.to_path_buf(), role: Some(role) };
    let inputs = [input(plan, Role::Plan), input(annex, Role::Annex)];
    let done = corridor.ingest(&inputs, &Corrections::default(), &mut |_| ()).expect("readable");
    let report: serde_json::Value = serde_yaml::from_str(&done.report.write().expect("writable")).expect("our own record");
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    let task = |t: serde_json::Value| format!("{} {} {}", t["id"], t["kind"], bare(&t["due"]));
    let quota = |q: serde_json::Value| format!("{} {} {} {}", q["amount"], q["unit"], q["bound"], bare(&q["by"]));
    list("tasks").into_iter().map(task).chain(list("quotas").into_iter().map(quota)).collect()
}

/// A due without its words.
fn bare(due: &serde_json::Value) -> String {
    let Some(due) = due.as_object() else { return String::new() };
    due.iter().filter(|(key, _)| !matches!(key.as_str(), "says" | "of" | "until")).map(|(key, value)| format!("{key}={value} ")).collect()
}

#[test]
fn four_readings_give_the_same_tasks_dues_and_quotas() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    let tesseract = Tesseract::ask(Path::new("tesseract")).filter(|t| t.languages.iter().any(|l| l == "vie"));
    let (true, Some(tesseract)) = (seed.is_dir(), tesseract) else { return };
    let worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest")));
    let settings = Settings { worker, tesseract: Some(tesseract), ..Settings::default() };
    let corridor = Corridor::new(&RuleBook::embedded(), settings).expect("our own rules are right");
    let of = |name: &str| facts(&corridor, &seed.join(name), &seed.join("phu-luc-01.xlsx"));
    let printed = of("plan-77-born-digital.pdf");
    assert_eq!(printed.len(), 36 + 54);
    for name in ["plan-77.txt", "plan-77-scan-bad-layer.pdf", "plan-77-scan-no-text.pdf"] {
        assert_eq!(of(name), printed, "{name}");
    }
}
