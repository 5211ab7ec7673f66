//! Every output of an invented plan, against what it should be; `UPDATE=1` writes what it is, and `git diff` judges.

use std::path::{Path, PathBuf};

use plan_ingest::render::{Folder, Options, Output, Reading, Renderer, record};
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

#[test]
fn a_fact_is_explained_from_the_folder_alone() {
    let folder = Folder::open(fixture("plan")).expect("a folder");
    let renderer = Renderer::new(&RuleBook::embedded()).expect("our own rules");
    let told = renderer.explain(&folder, "III.2-1").expect("known");
    assert_eq!((told.clause.as_str(), told.rule.as_str(), told.place.as_str()), ("III.2", "before-date", "trang 2, dòng 2–3"));
    assert_eq!(told.repairs.iter().map(|r| r.as_read.as_str()).collect::<Vec<_>>(), ["t6", "rac"]);
    assert!(told.lines[0].as_read.contains("Các t6 dân phố: Đăng ký điểm tập kết rac xong"), "{:?}", told.lines);
    assert!(told.lines[0].repaired.contains("Các tổ dân phố: Đăng ký điểm tập kết rác xong"));
    // The second half of the same lines holds no repair.
    assert!(renderer.explain(&folder, "III.2-2").expect("known").repairs.is_empty());
    let error = renderer.explain(&folder, "III.2-9").expect_err("unknown");
    assert!(error.detail_text().is_some_and(|d| d.contains("III.2-")), "{error}");
}

fn calendar(outputs: &[Output]) -> String {
    let ics = outputs.iter().find(|o| o.path == "calendar.ics").expect("a calendar");
    String::from_utf8(ics.bytes.clone()).expect("UTF-8")
}

#[test]
fn the_calendar_keeps_the_rules_of_its_format() {
    let ics = calendar(&outputs(None));
    for line in ics.split_inclusive('\n') {
        assert!(line.ends_with("\r\n") && line.len() <= 77, "{line:?}");
    }
    assert!(ics.contains("RRULE:FREQ=WEEKLY;UNTIL=20251007T073000Z;BYDAY=TU\r\n"), "{ics}");
    assert!(ics.contains("DTSTART;VALUE=DATE:20250825\r\nDTEND;VALUE=DATE:20250826\r\n"), "before 26/8 is the end of 25/8");
    assert!(ics.contains("UID:41-KH-UBND.20250820.IV.1-1@plan-ingest\r\n"));
}

#[test]
fn an_event_that_changed_has_a_higher_sequence_and_the_others_stay() {
    let first = calendar(&outputs(None));
    assert_eq!(calendar(&outputs(Some(first.clone()))), first);
    let other = first.replace("X-PLAN-INGEST-HASH:", "X-PLAN-INGEST-HASH:0").replacen("X-PLAN-INGEST-HASH:0", "X-PLAN-INGEST-HASH:", 1);
    let second = calendar(&outputs(Some(other)));
    let count = |n: &str| second.matches(&format!("SEQUENCE:{n}\r\n")).count();
    assert_eq!(count("0"), 1);
    assert!(count("1") > 3);
    assert_eq!(calendar(&outputs(Some("not a calendar".into()))), first);
}
