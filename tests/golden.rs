//! The invented plan in its four shapes, and everything that is written from it. `BLESS=1 cargo test --test golden` writes the expected
//! files anew, and `git diff` judges.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// The shapes of the plan: what is read, and where the expected files lie.
const SHAPES: [(&str, &[&str]); 4] = [
    ("text", &["plan.txt", "--annex", "phu-luc.xlsx"]),
    ("scan", &["plan.pdf", "--ocr", "never"]),
    ("print", &["plan-born-digital.pdf", "--ocr", "never"]),
    ("print-and-workbook", &["plan-born-digital.pdf", "--ocr", "never", "--annex", "phu-luc.xlsx"]),
];
const TODAY: &str = "2025-09-09";

fn cases() -> Vec<PathBuf> {
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans");
    fs::read_dir(plans).expect("the fixtures are there").map(|e| e.expect("an entry").path()).collect()
}

fn run(case: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::cargo_bin("plan-ingest").expect("the program is built");
    let output =
        command.current_dir(case.join("input")).args(["--lang", "vi", "--today", TODAY]).args(arguments).output().expect("it starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The text files under `dir` by their path; archives (Word, Excel) hold the same facts and are tested where they are made.
fn texts(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().map(|e| e.expect("an entry").path()) {
            let name = path.strip_prefix(dir).expect("inside").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                open.push(path);
            } else if let Some(text) = fs::read_to_string(&path).ok().filter(|_| !name.starts_with('.') && !name.ends_with(".html")) {
                found.insert(name, text);
            }
        }
    }
    found
}

/// Every file under `dir` to its last byte: pages, Word files and workbooks too.
fn bytes(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().map(|e| e.expect("an entry").path()) {
            match path.is_dir() {
                true => open.push(path),
                false => drop(found.insert(path.clone(), fs::read(&path).expect("reads"))),
            }
        }
    }
    found
}

#[test]
fn every_shape_gives_what_is_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    for case in cases() {
        for (shape, arguments) in SHAPES {
            let out = tempfile::tempdir().expect("a folder");
            let dir = out.path().join(shape);
            let mut all = arguments.to_vec();
            let to = dir.display().to_string();
            all.extend(["--out", &to, "--quiet"]);
            run(&case, &all);
            let expected = case.join("expected").join(shape);
            let mut found = texts(&dir);
            // The other outputs say the same of every shape in other words: they are kept for one.
            if shape != "text" {
                found.retain(|name, _| ["plan.yaml", "findings.txt", "repaired.txt"].contains(&name.as_str()));
            }
            if bless {
                let _ = fs::remove_dir_all(&expected);
                for (name, text) in &found {
                    let file = expected.join(name);
                    fs::create_dir_all(file.parent().expect("a folder")).expect("writes");
                    fs::write(file, text).expect("writes");
                }
            }
            let wanted = texts(&expected);
            assert_eq!(wanted.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>(), "{shape}: the files");
            for (name, text) in &wanted {
                same(shape, name, &text.replace("\r\n", "\n"), &found[name].replace("\r\n", "\n"));
            }
        }
    }
}

fn same(shape: &str, name: &str, wanted: &str, found: &str) {
    let line =
        wanted.lines().zip(found.lines()).position(|(a, b)| a != b).unwrap_or_else(|| wanted.lines().count().min(found.lines().count()));
    assert!(
        wanted == found,
        "{shape}/{name}, line {}:\n  expected {:?}\n  found    {:?}",
        line + 1,
        wanted.lines().nth(line).unwrap_or_default(),
        found.lines().nth(line).unwrap_or_default()
    );
}

#[test]
fn a_second_run_writes_the_same_bytes_and_render_writes_them_too() {
    for case in cases() {
        let out = tempfile::tempdir().expect("a folder");
        let dir = out.path().join("x");
        let to = dir.display().to_string();
        let arguments = ["plan.txt", "--annex", "phu-luc.xlsx", "--quiet", "--out", &to];
        run(&case, &arguments);
        let first = bytes(&dir);
        assert!(first.keys().any(|f| f.ends_with("plan.xlsx")) && first.keys().any(|f| f.ends_with("checklist.docx")));
        let same = |what: &str| {
            let now = bytes(&dir);
            let differs: Vec<_> = first.keys().chain(now.keys()).filter(|f| first.get(*f) != now.get(*f)).collect();
            assert!(differs.is_empty(), "{what}: {differs:?}");
        };
        run(&case, &arguments);
        same("a second run");
        run(&case, &["render", &to, "--quiet"]);
        same("render");
    }
}

#[test]
fn repair_keeps_every_line_and_comes_near_the_truth() {
    for case in cases() {
        let read = fs::read_to_string(case.join("input/plan.txt")).expect("reads");
        let repaired = String::from_utf8(run(&case, &["repair", "plan.txt"])).expect("UTF-8");
        let truth = fs::read_to_string(case.join("truth.txt")).expect("reads");
        assert_eq!(read.lines().count(), repaired.lines().count());
        let wrong = |text: &str| {
            let pairs = text.lines().zip(truth.lines());
            pairs.map(|(t, truth)| truth.split_whitespace().filter(|w| !t.split_whitespace().any(|v| v == *w)).count()).sum::<usize>()
        };
        assert!(wrong(&repaired) * 5 < wrong(&read), "{} of {} words are still wrong", wrong(&repaired), wrong(&read));
    }
}
