//! One invented plan as a print, a Word file of today, an old Word file and a page of the web: the same tasks and quotas come of each.
//! Old Word files and web pages need LibreOffice: without it one sentence says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// `plan-ingest extract` on a fixture, with nothing on the path where `office` is not wanted.
fn extract(fixture: &str, office: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plan-ingest"));
    command.args(["--lang", "en", "extract", "--ocr", "never"]).arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture));
    if !office {
        command.env("PATH", "");
    }
    command.output().expect("it starts")
}

/// Tasks with their dues and quotas, without the words in which they are said: a line each.
fn facts(fixture: &str) -> Vec<String> {
    let output = extract(fixture, true);
    assert!(output.status.success(), "{fixture}: {}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_yaml::from_slice(&output.stdout).expect("plan.yaml");
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    let due = |due: &serde_json::Value| {
        let parts = due.as_object().into_iter().flatten().filter(|(key, _)| *key != "says");
        parts.map(|(key, value)| format!("{key}={value} ")).collect::<String>()
    };
    let task = |t: serde_json::Value| format!("{} {} {} {}", t["id"], t["kind"], t["who"], due(&t["due"]));
    let quota = |q: serde_json::Value| format!("{} {} {}", q["amount"], q["unit"], q["bound"]);
    list("tasks").into_iter().map(task).chain(list("quotas").into_iter().map(quota)).collect()
}

const PRINT: &str = "plans/phan-loai-rac/input/plan-born-digital.pdf";
const PAGE: &str = "read/plan.html";

fn office() -> bool {
    let found = |dir: PathBuf| dir.join("soffice").is_file();
    std::env::var_os("PATH").is_some_and(|all| std::env::split_paths(&all).any(found))
}

#[test]
fn a_word_file_gives_what_the_print_gives() {
    let printed = facts(PRINT);
    assert!(printed.len() > 30, "{printed:#?}");
    assert_eq!(facts("read/plan.docx"), printed);
}

#[test]
fn an_old_word_file_and_a_web_page_give_it_too() {
    if office() {
        let printed = facts(PRINT);
        for fixture in ["read/plan.doc", PAGE] {
            assert_eq!(facts(fixture), printed, "{fixture}");
        }
    }
}

#[test]
fn without_libreoffice_one_sentence_says_what_is_missing() {
    for fixture in ["read/plan.doc", PAGE] {
        let output = extract(fixture, false);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("libreoffice") && said.contains("doctor"), "{fixture}: {said}");
    }
}
