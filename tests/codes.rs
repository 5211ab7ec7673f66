//! An invented plan as an English OCR damaged it, from its text to its findings: what becomes of abbreviations, Roman numerals and the
//! numbers of documents, and what nobody touches.

use assert_cmd::Command;
use serde_yaml::Value;

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/repair/codes.txt");

fn run(arguments: &[&str]) -> Value {
    let mut command = Command::cargo_bin("plan-ingest").expect("the program is built");
    let output = command.args(["--lang", "vi"]).args(arguments).arg(PLAN).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_yaml::from_slice(&output.stdout).expect("YAML")
}

/// The edits of the log whose words as read are `read`: line, repaired, cause, how sure.
fn edits<'l>(log: &'l Value, read: &str) -> Vec<(u64, &'l str, &'l str, &'l str)> {
    let text = |edit: &'l Value, key: &str| edit[key].as_str().expect("words");
    let edits = log["repairs"].as_sequence().expect("a list").iter().filter(|e| e["as_read"] == read);
    edits.map(|e| (e["line"].as_u64().expect("a number"), text(e, "repaired"), text(e, "cause"), text(e, "sure"))).collect()
}

#[test]
fn codes_are_mended_in_the_text_and_told_in_the_log() {
    let log = run(&["repair", "--format", "yaml"]);
    assert_eq!(edits(&log, "BCP"), [(27, "BCĐ", "foreign-ocr", "doubtful"), (30, "BCĐ", "foreign-ocr", "doubtful")]);
    assert_eq!(edits(&log, "BCb"), [(28, "BCĐ", "foreign-ocr", "doubtful")]);
    assert_eq!(edits(&log, "BCD"), [(25, "BCĐ", "foreign-ocr", "certain")]);
    let numerals = [edits(&log, "|"), edits(&log, "Il"), edits(&log, "I11")].concat();
    assert_eq!(numerals.iter().map(|n| (n.0, n.1, n.2)).collect::<Vec<_>>(), [(12, "I", "code"), (19, "II", "code"), (23, "III", "code")]);
    // Nothing of a number, a day or the sign of a document was touched.
    let read = |edit: &Value| edit["as_read"].as_str().expect("words").to_owned();
    let touched: Vec<String> = log["repairs"].as_sequence().expect("a list").iter().map(read).collect();
    let kept = |word: &String| !word.contains("NQ") && !word.contains("116") && !word.contains("KH") && !word.contains("2026");
    assert!(touched.iter().all(kept), "{touched:?}");
}

#[test]
fn the_number_of_a_basis_stays_in_the_text_and_is_set_right_in_the_facts_with_a_finding() {
    let plan = run(&["extract"]);
    let basis = &plan["document"]["basis"][0];
    assert_eq!((basis["kind"].as_str(), basis["number"].as_str()), (Some("nghi-quyet"), Some("116-NQ/HU")));
    assert!(basis["at"]["quote"].as_str().expect("words").contains("116- -NQ/HU"), "the text stays");
    assert_eq!((plan["document"]["number"].as_str(), plan["document"]["issued"].as_str()), (Some("31/KH-UBND"), Some("2026-03-09")));
    let findings = plan["findings"].as_sequence().expect("a list");
    let told: Vec<&Value> = findings.iter().filter(|f| f["id"] == "number-damaged").collect();
    assert_eq!(told.len(), 1);
    assert!(told[0]["message"].as_str().expect("words").contains("116-NQ/HU"));
    assert_eq!(told[0]["at"]["lines"][0].as_u64(), Some(9));
    // Sections are counted by the numerals, and what depends on a reading that was in doubt says so.
    let task = |id: &str| plan["tasks"].as_sequence().expect("a list").iter().find(|t| t["id"] == id).expect("the task");
    assert_eq!(task("III.3-1")["due"]["date"].as_str(), Some("2026-03-31"));
    assert!(task("III.2-1")["what"].as_str().expect("words").contains("cho BCĐ xã"));
    assert_eq!(plan["quotas"][0]["id"].as_str(), Some("II.1-q1"));
}
