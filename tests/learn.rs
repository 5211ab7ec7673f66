//! What a person set right in one plan is read rightly in the next, and nothing that corrections hold is written anywhere else.

use std::path::Path;

use assert_cmd::Command;

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/plans/phan-loai-rac/input/plan.txt");

fn program(dir: &Path, arguments: &[&str]) -> (i32, String) {
    let output =
        Command::cargo_bin("plan-ingest").expect("the program is built").current_dir(dir).args(arguments).output().expect("it starts");
    (output.status.code().expect("an exit status"), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Every file beneath `dir`, by its path.
fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("reads") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path)
            } else {
                found.push(path.strip_prefix(dir).expect("inside").to_string_lossy().replace('\\', "/"))
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_second_run_uses_what_was_learnt() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    assert_eq!(program(dir, &["run", PLAN, "--out", "p", "-q"]).0, 0);
    let read = |path: &str| std::fs::read_to_string(dir.join(path)).expect(path);
    let (before, yaml) = (read("p/repaired.txt"), read("p/plan.yaml"));
    assert!(before.contains("hai ngân") && !before.contains("hai ngăn"), "the fixture is misread at first");
    // A person sets the word right in the quota that holds it.
    let what = yaml.lines().filter_map(|l| l.trim().strip_prefix("what: ")).find(|l| l.contains("hai ngân")).expect("the quota");
    let quote = yaml.lines().filter_map(|l| l.trim().strip_prefix("quote: ")).find(|l| l.contains("hai ngân")).expect("its quote");
    let id = yaml[..yaml.find(what).expect("there")].rsplit("- id: ").next().expect("an id").lines().next().expect("a line");
    let right = what.replace("hai ngân", "hai ngăn");
    let said = format!(
        "corrections: 1\nchanged:\n  - about: quota\n    id: {id}\n    quote: {quote}\n    was:\n      what: {what}\n    now:\n      what: {right}\n"
    );
    std::fs::write(dir.join("p/corrections.yaml"), said).expect("writes");
    std::fs::create_dir(dir.join("luat")).expect("makes");
    assert_eq!(program(dir, &["learn", "p"]).0, 64, "without a folder of rules there is nowhere to write");
    let (code, err) = program(dir, &["learn", "p", "--rules", "luat"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(files(&dir.join("luat")), ["lexicon/office/learned.yaml"]);
    assert_eq!(program(dir, &["run", PLAN, "--out", "q", "-q", "--rules", "luat"]).0, 0);
    let after = read("q/repaired.txt");
    assert!(after.contains("hai ngăn") && !after.contains("hai ngân"), "{}", read("luat/lexicon/office/learned.yaml"));
}

#[test]
fn corrections_that_mean_harm_write_nowhere_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    assert_eq!(program(dir, &["run", PLAN, "--out", "p", "-q"]).0, 0);
    let said = "corrections: 1\nactors:\n  - { id: ../../x, name: \"../../../x Y\\n- z: !!python/object 1\" }\naccepted:\n  - { about: task, id: ../../../etc/passwd, quote: \"Tổ /etc/passwd Gò\\u202e Sành .. C:\\\\x\" }\n";
    std::fs::write(dir.join("p/corrections.yaml"), said).expect("writes");
    std::fs::create_dir(dir.join("luat")).expect("makes");
    let before = files(dir);
    let (code, err) = program(dir, &["learn", "p", "--rules", "luat"]);
    assert_eq!(code, 0, "{err}");
    let new: Vec<String> = files(dir).into_iter().filter(|f| !before.contains(f)).collect();
    assert_eq!(new, ["luat/lexicon/office/learned.yaml"]);
    let learned = std::fs::read_to_string(dir.join("luat/lexicon/office/learned.yaml")).expect("reads");
    assert!(!learned.contains("..") && !learned.contains('/') && !learned.contains("python") && !learned.contains('\u{202e}'), "{learned}");
    assert_eq!(program(dir, &["rules", "check", "luat"]).0, 0);
}
