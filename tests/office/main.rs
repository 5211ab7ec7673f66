//! Word files and workbooks as other people's programs read them: LibreOffice prints each, python-docx and openpyxl read the values back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use plan_ingest::render::{Folder, Options, Renderer};
use plan_ingest::rules::RuleBook;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The outputs of the plan of the fixtures, its words changed by `change`; those that are packed are written into a folder.
fn written(change: impl Fn(&mut plan_ingest::render::Report)) -> (tempfile::TempDir, Vec<PathBuf>) {
    let Folder { mut report, reading, .. } = Folder::open(Path::new(ROOT).join("fixtures/render/plan")).expect("a folder");
    change(&mut report);
    let options = Options { today: jiff::civil::date(2025, 8, 21), calendar: None, corrections: Default::default() };
    let outputs = Renderer::new(&RuleBook::embedded()).expect("our own rules").render(&report, &reading, &options).expect("renders");
    let dir = tempfile::tempdir().expect("a folder");
    let mut paths = Vec::new();
    for output in outputs.iter().filter(|o| o.path.ends_with(".docx") || o.path.ends_with(".xlsx")) {
        let path = dir.path().join(&output.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("makes");
        std::fs::write(&path, &output.bytes).expect("writes");
        paths.push(path);
    }
    (dir, paths)
}

/// True where `program` answers; says that the test skips where it does not.
#[expect(clippy::print_stderr, reason = "a test that skips says so")]
fn answers(program: &str, arguments: &[&str]) -> bool {
    let there = Command::new(program).args(arguments).output().is_ok_and(|o| o.status.success());
    if !there {
        eprintln!("skipped: {program} {arguments:?} does not answer");
    }
    there
}

#[test]
fn libreoffice_prints_every_word_file_and_workbook() {
    if !answers("soffice", &["--version"]) || !answers("pdftotext", &["-v"]) {
        return;
    }
    let (dir, paths) = written(|_| {});
    let out = dir.path().join("pdf");
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    // Two papers may have one name in two folders: each folder by itself.
    let mut folders: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for path in &paths {
        folders.entry(path.parent().expect("a folder")).or_default().push(path);
    }
    assert!(folders.len() >= 3, "reports, checklists and the folder itself");
    for (folder, files) in folders {
        let to = out.join(folder.file_name().expect("a name"));
        let converted = Command::new("soffice")
            .args(["--headless", &profile, "--convert-to", "pdf", "--outdir"])
            .arg(&to)
            .args(&files)
            .output()
            .expect("starts");
        assert!(converted.status.success(), "{}", String::from_utf8_lossy(&converted.stderr));
        for file in files {
            let pdf = to.join(file.file_name().expect("a name")).with_extension("pdf");
            let text = Command::new("pdftotext").args(["-layout"]).arg(&pdf).arg("-").output().expect("starts").stdout;
            let text = String::from_utf8(text).expect("UTF-8");
            assert!(text.contains("41/KH-UBND"), "{}: {text}", file.display());
            // What LibreOffice can't count, it says so.
            assert!(!text.contains("Err:") && !text.contains("#NAME") && !text.contains("#REF"), "{}: {text}", file.display());
        }
    }
}

/// What python-docx and openpyxl find in `paths`, by the file's path below `dir`.
fn read_back(dir: &Path, paths: &[PathBuf]) -> Option<Value> {
    if !answers("python3", &["-c", "import docx, openpyxl"]) {
        return None;
    }
    let names = paths.iter().map(|p| p.strip_prefix(dir).expect("below"));
    let told =
        Command::new("python3").current_dir(dir).arg(format!("{ROOT}/tests/office/read_back.py")).args(names).output().expect("starts");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    Some(serde_json::from_slice(&told.stdout).expect("JSON"))
}

#[test]
fn python_reads_the_right_values_back() {
    let (dir, paths) = written(|_| {});
    let Some(told) = read_back(dir.path(), &paths) else { return };
    let book = &told["plan.xlsx"];
    let cells = |sheet: &str, row: usize| book[sheet]["cells"][row].as_array().unwrap_or_else(|| panic!("{sheet} {row}: {book}")).clone();
    let heads: Vec<Value> = ["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn", "Sản phẩm", "Nơi nhận báo cáo", "Nguồn (trang, dòng)"]
        .map(Value::from)
        .into();
    assert_eq!(cells("Nhiệm vụ", 0)[..8], heads);
    let first = cells("Nhiệm vụ", 1);
    assert_eq!(first[1], "Chuẩn bị tài liệu tuyên truyền");
    assert_eq!(
        (&first[5], &first[7], &first[9]),
        (&"Tờ rơi, đề cương tuyên truyền".into(), &"trang 1, dòng 15".into(), &"2025-08-25".into())
    );
    let quota = book["Tiến độ"]["cells"].as_array().expect("rows").iter().find(|r| r[1] == "Tổ dân phố 1").expect("a unit");
    assert_eq!((&quota[4], &quota[5], &quota[6]), (&40.into(), &"hộ".into(), &"2025-10-10".into()));
    for sheet in ["Nhiệm vụ", "Lịch", "Chỉ tiêu", "Tiến độ"] {
        let s = &book[sheet];
        assert!(s["frozen"].is_string() && s["filter"].is_string() && s["titles"].is_string(), "{sheet}: {s}");
    }
    let progress = &book["Tiến độ"];
    assert!(progress["validations"].as_u64() > Some(0) && progress["colours"].as_u64() > Some(0), "{progress}");
    assert_eq!(progress["charts"], 1);
    assert!(progress["formulas"].as_array().is_some_and(|f| f.iter().any(|f| f.as_str().is_some_and(|f| f.starts_with("=SUM(")))));

    let form = &told["reports/bao-cao-tuan-co-so-IV.1-1.docx"];
    assert_eq!(form["margins"], serde_json::json!([20, 18, 20, 30]));
    assert_eq!((&form["page"], &form["font"]), (&serde_json::json!([210, 297]), &"Times New Roman".into()));
    let head = form["tables"][0].as_array().expect("the head");
    assert!(head[0][0].as_str().is_some_and(|t| t.starts_with("UBND PHƯỜNG BẾN LÁ\nTỔ DÂN PHỐ")), "{head:?}");
    assert_eq!(form["tables"][1][1], serde_json::json!(["1", "Hộ cam kết", "", "", "", ""]), "each unit's own number is for it to fill in");
    let list = &told["checklist.docx"];
    assert!(list["boxes"].as_u64() >= Some(9), "a box to tick for each duty: {list}");
    let rows: Vec<&Value> = list["tables"].as_array().expect("tables").iter().flat_map(|t| t.as_array().expect("rows")).collect();
    assert!(rows.iter().any(|r| r[1].as_str().is_some_and(|t| t.starts_with("Đăng ký điểm tập kết rác"))
        && r[2] == "trước ngày 03/9/2025 (xong trong ngày 02/9/2025)"));
}

#[test]
fn no_cell_of_a_document_is_taken_for_a_formula() {
    let harm = ["=HYPERLINK(\"http://x\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1"];
    let (dir, paths) = written(|report| {
        for (nth, task) in report.tasks.iter_mut().enumerate() {
            task.what = harm[nth % harm.len()].to_owned();
            task.product = Some(harm[(nth + 1) % harm.len()].to_owned());
        }
        for quota in &mut report.quotas {
            (quota.what, quota.unit) = (harm[0].to_owned(), harm[1].to_owned());
        }
        report.actors.iter_mut().for_each(|a| a.name = harm[0].to_owned());
        report.annexes[0].title = harm[0].to_owned();
        report.annexes[0].rows[0].label = harm[2].to_owned();
    });
    let book: Vec<PathBuf> = paths.into_iter().filter(|p| p.ends_with("plan.xlsx")).collect();
    let Some(told) = read_back(dir.path(), &book) else { return };
    for (name, sheet) in told["plan.xlsx"].as_object().expect("sheets") {
        for formula in sheet["formulas"].as_array().expect("formulas") {
            let ours = ["=SUM(", "=IF(", "=IFERROR(", "=MAX(0,", "=0"].iter().any(|f| formula.as_str().is_some_and(|t| t.starts_with(f)));
            assert!(ours && !formula.to_string().contains("HYPERLINK"), "{name}: {formula}");
        }
    }
    assert!(told.to_string().contains("=HYPERLINK("), "it stands there as words");
}

/// What a person enters with another program is read as they meant it: the same report from a workbook saved by openpyxl and by LibreOffice.
#[test]
fn results_entered_in_other_programs_are_reported() {
    if !answers("python3", &["-c", "import docx, openpyxl"]) {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let plan = dir.path().join("p");
    std::fs::create_dir(&plan).expect("makes");
    for file in ["plan.yaml", "repaired.txt", "repairs.yaml"] {
        std::fs::copy(Path::new(ROOT).join("fixtures/render/plan").join(file), plan.join(file)).expect("copies");
    }
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan-ingest"));
        let output =
            command.current_dir(dir.path()).args(["--lang", "vi", "--today", "2025-08-21"]).args(arguments).output().expect("starts");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    program(&["render", "p", "--quiet"]);
    let enter = "import openpyxl\n\
        book = openpyxl.load_workbook('p/plan.xlsx')\n\
        rows = {row[1].value: row for row in book['Tiến độ'].iter_rows()}\n\
        for unit, results in {'Tổ dân phố 1': [3, 4], 'Tổ dân phố 2': ['5', None]}.items():\n\
        \x20   for cell, result in zip(rows[unit][7:], results):\n\
        \x20       cell.value = result\n\
        book.save('openpyxl.xlsx')\n";
    assert!(Command::new("python3").current_dir(dir.path()).args(["-c", enter]).status().is_ok_and(|s| s.success()));
    let mut books = vec!["openpyxl.xlsx"];
    if answers("soffice", &["--version"]) {
        let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
        let converted = Command::new("soffice")
            .current_dir(dir.path())
            .args(["--headless", &profile, "--convert-to", "ods", "--outdir", ".", "openpyxl.xlsx"])
            .output()
            .expect("starts");
        assert!(converted.status.success(), "{}", String::from_utf8_lossy(&converted.stderr));
        books.push("openpyxl.ods");
    }
    for book in books {
        for (unit, id, row) in [
            ("Tổ dân phố 1", "to-dan-pho-1", "| 1 | Hộ cam kết | 40 hộ | 4 | 7 | 17,5% |"),
            ("Tổ dân phố 2", "to-dan-pho-2", "| 1 | Hộ cam kết | 35 hộ |  | 5 | 14,3% |"),
        ] {
            let day = ["--as-of", "2025-09-02", "--format", "md", "--quiet"];
            program(&[["report", "p", "IV.1-1", "--progress", book, "--for", unit].as_slice(), &day].concat());
            let path = plan.join(format!("reports/bao-cao-tuan-co-so-IV.1-1-{id}-2025-09-02.md"));
            let text = std::fs::read_to_string(&path).expect("reads");
            assert!(text.contains(row), "{book}: {text}");
            std::fs::remove_file(path).expect("removes");
        }
    }
}
