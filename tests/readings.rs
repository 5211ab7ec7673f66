//! The four readings of one real plan (text, print, scan with a wrong layer, scan without text) say the same. Skipped where the data
//! folder or Tesseract is missing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plan_ingest::Corridor;
use plan_ingest::correct::Corrections;
use plan_ingest::read::{Input, Settings, Tesseract};
use plan_ingest::rules::RuleBook;
use plan_ingest::text::Role;
use plan_ingest::text::letters::fold;

/// Words that one of the readings lost: a sentence that holds one names its actors in that reading alone.
const LOST: [&str; 2] = ["chure", "UBNÑD"];

/// Tasks with their dues, quotas, and who does what, without the words in which they are said: a line each.
fn facts(corridor: &Corridor, plan: &Path, annex: &Path) -> BTreeMap<String, String> {
    let input = |path: &Path, role| Input { path: path.to_path_buf(), role: Some(role) };
    let inputs = [input(plan, Role::Plan), input(annex, Role::Annex)];
    let done = corridor.ingest(&inputs, &Corrections::default(), &mut |_| ()).expect("readable");
    let report: serde_json::Value = serde_yaml::from_str(&done.report.write().expect("writable")).expect("our own record");
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    let told = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    // One reading takes a mark for another in a name; its letters are the same.
    let names: BTreeMap<String, String> = list("actors").iter().map(|a| (told(&a["id"]), fold(&told(&a["name"])))).collect();
    let named = |ids: &serde_json::Value| {
        let ids = ids.as_array().cloned().unwrap_or_default();
        ids.iter().map(|id| format!("{} ({}) ", told(id), names[&told(id)])).collect::<String>()
    };
    let mut facts = BTreeMap::new();
    for task in list("tasks") {
        let quote = told(&task["at"]["quote"]);
        let id = told(&task["id"]);
        if !LOST.iter().any(|word| quote.contains(word)) {
            let [who, with, to] = ["who", "with", "to"].map(|key| named(&task[key]));
            facts.insert(format!("{id}: actors"), format!("{who}| {with}| {to}"));
        }
        facts.insert(id, format!("{} {}", task["kind"], bare(&task["due"])));
    }
    for (n, quota) in list("quotas").into_iter().enumerate() {
        facts.insert(format!("quota {n}"), format!("{} {} {} {}", quota["amount"], quota["unit"], quota["bound"], bare(&quota["by"])));
    }
    facts
}

/// A due without its words.
fn bare(due: &serde_json::Value) -> String {
    let Some(due) = due.as_object() else { return String::new() };
    due.iter().filter(|(key, _)| !matches!(key.as_str(), "says" | "of" | "until")).map(|(key, value)| format!("{key}={value} ")).collect()
}

#[test]
fn four_readings_give_the_same_tasks_dues_quotas_and_actors() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    let tesseract = Tesseract::ask(Path::new("tesseract")).filter(|t| t.languages.iter().any(|l| l == "vie"));
    let (true, Some(tesseract)) = (seed.is_dir(), tesseract) else { return };
    let worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest")));
    let settings = Settings { worker, tesseract: Some(tesseract), ..Settings::default() };
    let corridor = Corridor::new(&RuleBook::embedded(), settings).expect("our own rules are right");
    let of = |name: &str| facts(&corridor, &seed.join(name), &seed.join("phu-luc-01.xlsx"));
    let printed = of("plan-77-born-digital.pdf");
    let count = |of: fn(&str) -> bool| printed.keys().filter(|key| of(key)).count();
    assert_eq!((count(|k| k.starts_with("quota ")), count(|k| k.ends_with(": actors"))), (54, 36));
    for (name, lost) in [("plan-77.txt", 3), ("plan-77-scan-bad-layer.pdf", 1), ("plan-77-scan-no-text.pdf", 1)] {
        let facts = of(name);
        let missing: Vec<&String> = printed.keys().filter(|key| !facts.contains_key(*key)).collect();
        assert!(missing.len() <= lost && missing.iter().all(|key| key.ends_with(": actors")), "{name}: {missing:?}");
        for (key, fact) in &facts {
            assert_eq!(printed.get(key), Some(fact), "{name}: {key}");
        }
    }
}
