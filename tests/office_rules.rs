//! Rules that an office writes: what `docs/rules.md` teaches works, and mistakes are told by file, line and reason.

use std::path::Path;

use plan_ingest::error::Kind;
use plan_ingest::extract::due::{DueContext, Dues};
use plan_ingest::extract::quota::Quotas;
use plan_ingest::rules::RuleBook;
use plan_ingest::rules::proof::Proof;

/// The YAML blocks of the manual that begin with `- id: <id>`, as entries of a list.
fn taught(id: &str) -> String {
    let manual = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md")).expect("the manual");
    let block = manual.split("```yaml\n").skip(1).filter_map(|b| b.split("```").next()).find(|b| b.contains(&format!("- id: {id}")));
    block.expect("the manual teaches it").to_owned()
}

/// An office's folder in which `entry` stands first under `list` of our file at `path`.
fn office(path: &str, list: &str, entry: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let ours = RuleBook::embedded().text(path).expect("our rules").into_owned();
    let file = dir.path().join(path);
    std::fs::create_dir_all(file.parent().expect("a folder above")).expect("a folder");
    std::fs::write(file, ours.replacen(&format!("\n{list}:\n"), &format!("\n{list}:\n{entry}"), 1)).expect("written");
    dir
}

fn book(dir: &tempfile::TempDir) -> RuleBook {
    RuleBook::with_overlay(dir.path()).expect("an overlay of our own paths")
}

#[test]
fn the_first_rule_of_the_manual_works() {
    let dir = office("extract/due.yaml", "dues", &taught("before-monday-meeting"));
    let dues = Dues::new(&book(&dir)).expect("the rule is sound");
    assert_eq!(dues.prove(&book(&dir)).expect("rules that can be read"), []);
    let found = dues.find("gửi về Văn phòng trước giờ giao ban thứ Hai hằng tuần.", &DueContext::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].rule, "before-monday-meeting");
}

#[test]
fn the_number_of_the_manual_works() {
    let dir = office("extract/quota.yaml", "quotas", &taught("cover"));
    let quotas = Quotas::new(&book(&dir)).expect("the rule is sound");
    assert_eq!(quotas.prove(&book(&dir)).expect("rules that can be read"), []);
}

#[test]
fn the_time_that_is_no_due_of_the_manual_works() {
    let text = "lễ kỷ niệm ngày thành lập xã vào ngày 10/10/2024";
    let ours = Dues::new(&RuleBook::embedded()).expect("sound rules").find(text, &DueContext::default());
    assert_eq!(ours.len(), 1, "without the rule it is taken for a due");
    let dir = office("extract/due.yaml", "not_dues", &taught("days-of-remembrance"));
    let dues = Dues::new(&book(&dir)).expect("the rule is sound");
    assert_eq!(dues.prove(&book(&dir)).expect("rules that can be read"), []);
    assert!(dues.find(text, &DueContext::default()).is_empty());
}

#[test]
fn the_finding_of_the_manual_works() {
    let manual = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md")).expect("the manual");
    let block = manual.split("```yaml\n").filter_map(|b| b.split("```").next()).find(|b| b.starts_with("about: Duties")).expect("taught");
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(dir.path().join("check")).expect("a folder");
    std::fs::write(dir.path().join("check/short-notice.yaml"), block).expect("written");
    let checker = plan_ingest::check::Checker::new(&book(&dir)).expect("the rule is sound");
    assert_eq!(checker.prove(&book(&dir)).expect("rules that can be read"), []);
}

#[test]
fn an_example_that_does_not_hold_is_told_with_its_line() {
    let entry = taught("before-monday-meeting").replace("day: mon", "day: tue");
    let dir = office("extract/due.yaml", "dues", &entry);
    let dues = Dues::new(&book(&dir)).expect("the rule itself is sound");
    let failures = dues.prove(&book(&dir)).expect("rules that can be read");
    assert_eq!(failures.len(), 1);
    let line = failures[0].spot.text.lines().nth(failures[0].spot.line - 1).unwrap_or_default();
    assert!(line.contains("gửi về Văn phòng"), "{line}");
    assert!(failures[0].reason.contains("\"mon\""), "{}", failures[0].reason);
}

#[test]
fn a_rule_without_a_near_miss_is_refused() {
    let entry = taught("before-monday-meeting").replace("rejects:\n      - \"trước giờ giao ban\"", "rejects: []");
    let dir = office("extract/due.yaml", "dues", &entry);
    let failures = Dues::new(&book(&dir)).and_then(|d| d.prove(&book(&dir))).expect("rules that can be read");
    assert_eq!(failures.iter().map(|f| f.reason.as_str()).collect::<Vec<_>>(), ["needs at least one example and one near miss"]);
}

#[test]
fn a_misspelled_time_is_told_with_its_line() {
    for (wrong, right, says) in [
        ("    mun: [thứ hai", "    mon: [thứ hai", "`mun` is no weekday"),
        ("    - \"tháng {m} nam {yyy}\"\n", "    - \"tháng {m} năm {y}\"\n", "unknown hole `yyy`"),
        ("    weeks: [tuần, tuần lễ]", "    week: [tuần, tuần lễ]", "`weeks` is no unit"),
    ] {
        let dir = office("extract/times.yaml", "words", "");
        let file = dir.path().join("extract/times.yaml");
        let text = std::fs::read_to_string(&file).expect("written");
        std::fs::write(&file, text.replacen(right, wrong, 1)).expect("written");
        let error = Dues::new(&book(&dir)).expect_err(wrong);
        assert!(error.detail_text().is_some_and(|d| d.contains(says)), "{error}");
        let line = error.spot().and_then(|s| s.text.lines().nth(s.line - 1)).unwrap_or_default();
        assert!(says.starts_with("unknown") || line.trim() == wrong.trim().trim_end_matches('\n') || line.starts_with(wrong), "{line}");
    }
}

#[test]
fn a_near_miss_that_fits_is_told() {
    let entry = taught("before-monday-meeting").replace("- \"trước giờ giao ban\"", "- \"trước giờ giao ban thứ Ba hằng tuần\"");
    let dir = office("extract/due.yaml", "dues", &entry);
    let failures = Dues::new(&book(&dir)).and_then(|d| d.prove(&book(&dir))).expect("rules that can be read");
    let told = failures.iter().find(|f| f.rule == "before-monday-meeting" && f.reason.contains("rejects")).expect("a failure");
    let line = told.spot.text.lines().nth(told.spot.line - 1).unwrap_or_default();
    assert_eq!(line.trim(), "- \"trước giờ giao ban thứ Ba hằng tuần\"");
}

#[test]
fn mistakes_are_told_with_the_nearest_name() {
    for (wrong, right, says) in [
        ("{weekdya}", "{weekday}", "did you mean `weekday`"),
        ("bound: befor,", "bound: before,", "did you mean `before`"),
        ("rejets:", "rejects:", "did you mean `rejects`"),
        ("day: \"{weekdays}\"", "day: \"{weekday}\"", "did you mean `weekday`"),
        ("bound: during,", "bound: before,", ""),
        ("(ban {weekday}", "ban {weekday}", "a bracket is not closed"),
        ("ban {weekday {every}", "ban {weekday} {every}", "a hole is not closed"),
        ("ban* {weekday}", "ban {weekday}", "`*` has no meaning"),
        ("day: \"{date}\"", "day: \"{weekday}\"", "which `says` does not have"),
        ("sure: possible", "sure: likely", "known are doubtful, likely, certain"),
        ("aboud:", "about:", "did you mean `about`"),
        ("exampels:", "examples:", "did you mean `examples`"),
        ("day: monday", "day: mon ", "a day is mon … sun"),
        ("id: before-date", "id: before-monday-meeting", "stands twice"),
        ("date: \"{every}\", from: \"{weekday}\" }", "repeat: { every: \"{every}\", day: \"{weekday}\" } }", "do not belong together"),
        ("\tsure:", "    sure:", "tab"),
    ] {
        let entry = taught("before-monday-meeting").replacen(right, wrong, 1);
        let dir = office("extract/due.yaml", "dues", &entry);
        let Err(error) = Dues::new(&book(&dir)) else {
            // A recurrence may be `during`: that is no mistake of the keys, but its example no longer holds.
            assert!(says.is_empty(), "{wrong} is taken for sound");
            continue;
        };
        assert_eq!(error.kind(), Kind::BadRule, "{wrong}");
        assert!(error.path().is_some_and(|p| p.ends_with("due.yaml")), "{wrong}: {error}");
        assert!(error.spot().is_some_and(|s| s.line > 1), "{wrong}: {error}");
        assert!(error.detail_text().is_some_and(|d| d.contains(says)), "{wrong}: {error}");
    }
}
