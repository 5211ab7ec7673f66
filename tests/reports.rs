//! The whole cycle through the program: a plan is read, corrected, two weeks of results are entered, and both weekly reports tell them.

use std::path::Path;

use assert_cmd::Command;

const INPUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/plans/phan-loai-rac/input");

fn program(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("plan-ingest").expect("the program is built");
    let output = command.current_dir(dir).args(arguments).args(["--lang", "vi"]).output().expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit status"), text(output.stdout), text(output.stderr))
}

fn done(dir: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = program(dir, arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    out
}

/// A copy of the sheet of progress in `book`, with `results` by id and column of day, as a person saves it.
fn entered(book: &Path, to: &Path, results: &[(&str, usize, &str)]) {
    use calamine::{Data, Reader};
    let mut read: calamine::Xlsx<_> = calamine::open_workbook(book).expect("a workbook");
    let range = read.worksheet_range("Tiến độ").expect("the sheet of progress");
    let mut written = rust_xlsxwriter::Workbook::new();
    let sheet = written.add_worksheet().set_name("Tiến độ").expect("a name");
    let days = range.rows().next().expect("heads").iter().filter(|c| matches!(c, Data::DateTime(_))).count();
    for (row, cells) in (0u32..).zip(range.rows()) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Data::DateTime(d) => {
                    let (year, month, day, ..) = d.to_ymd_hms_milli();
                    sheet.write_string(row, column, format!("{day:02}/{month:02}/{year}")).expect("writes");
                }
                Data::Float(n) if column < 7 || usize::from(column) >= 7 + days => {
                    sheet.write_number(row, column, *n).expect("writes");
                }
                Data::String(s) => {
                    sheet.write_string(row, column, s).expect("writes");
                }
                _ => {}
            }
        }
        for (id, day, value) in results.iter().filter(|r| matches!(&cells[0], Data::String(s) if s == r.0)) {
            let column = 7 + u16::try_from(*day).expect("small");
            match value.parse::<f64>() {
                Ok(n) => sheet.write_number(row, column, n).expect("writes"),
                Err(_) => sheet.write_string(row, column, *value).unwrap_or_else(|e| panic!("{id}: {e}")),
            };
        }
    }
    written.save(to).expect("saves");
}

fn read(dir: &Path, path: &str) -> String {
    std::fs::read_to_string(dir.join(path)).expect(path)
}

/// What the report called `name` by its form is called in this plan.
fn name(list: &str, form: &str) -> String {
    let of = |line: &&str| line.strip_prefix(form).is_some_and(|rest| rest.starts_with('-') && rest[1..].starts_with(['I', 'V', 'X']));
    list.lines().find(of).and_then(|l| l.split_whitespace().next()).unwrap_or_else(|| panic!("{form} in\n{list}")).to_owned()
}

#[test]
fn from_a_plan_to_both_weekly_reports() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let (plan, annex) = (format!("{INPUT}/plan-born-digital.pdf"), format!("{INPUT}/phu-luc.xlsx"));
    let run = ["--annex", &annex, "--out", "p", "--today", "2025-09-10", "--ocr", "never", "-q"];
    done(dir, &[&[plan.as_str()], run.as_slice()].concat());
    // A person corrects a quota: 100 households, not 150.
    let yaml = read(dir, "p/plan.yaml");
    let of_one = &yaml[yaml.find("- id: PL1.1-1\n").expect("the first quota of the annex")..];
    let quote = of_one.lines().find_map(|l| l.trim().strip_prefix("quote: ")).expect("a quote").to_owned();
    let said = format!(
        "corrections: 1\nchanged:\n  - about: quota\n    id: PL1.1-1\n    quote: {quote}\n    was: {{ amount: 150 }}\n    now: {{ amount: 100 }}\n"
    );
    std::fs::write(dir.join("p/corrections.yaml"), said).expect("writes");
    done(dir, &[&[plan.as_str()], run.as_slice()].concat());
    assert!(read(dir, "p/checklists/to-dan-pho-so-1.md").contains("100 hộ"), "the correction is laid over the next run");
    // Two weeks of results, a blank, a word for a number and a unit that is not in the plan.
    let results =
        [("PL1.1-1", 0, "10"), ("PL1.1-1", 1, "15"), ("PL1.2-1", 0, "20"), ("PL1.3-1", 0, "4"), ("PL1.3-1", 1, "tám"), ("PL1.4-1", 1, "6")];
    entered(&dir.join("p/plan.xlsx"), &dir.join("hai-tuan.xlsx"), &results);
    let list = done(dir, &["report", "p"]);
    let (units, whole) = (name(&list, "bao-cao-tuan-co-so"), name(&list, "bao-cao-tuan"));
    let as_of = ["--progress", "hai-tuan.xlsx", "--as-of", "2025-09-25", "--format", "md"];
    let (code, out, err) = program(dir, &[&["report", "p", &units, "--for", "Tổ dân phố Số 1"], as_of.as_slice()].concat());
    assert_eq!(code, 1, "a wrong number is told: {out}{err}");
    assert!(err.contains("Tiến độ, dòng ") && err.contains("“tám” ở cột 25/9/2025 không phải là số"), "{err}");
    let text = read(dir, &format!("p/reports/{units}-to-dan-pho-so-1-2025-09-25.md"));
    assert!(text.contains("| 100 hộ | 15 | 25 | 25% |"), "{text}");
    assert!(text.contains("TỔ DÂN PHỐ SỐ 1") && text.contains("ngày 25 tháng 9 năm 2025") && text.contains("TỔ TRƯỞNG"), "{text}");
    let (_, out, _) = program(dir, &[&["report", "p", &whole], as_of.as_slice()].concat());
    assert!(out.contains("Chưa có số liệu: ") && out.contains("Tổ dân phố Số 2"), "{out}");
    let text = read(dir, &format!("p/reports/{whole}-2025-09-25.md"));
    for row in [
        "Tổ dân phố Số 1 | 100 | 15 | 25 | 25% | 75 |",
        "Tổ dân phố Số 2 | 165 |  | 20 | 12,1% | 145 |",
        "Tổ dân phố Số 3 | 140 |  | 4 | 2,9% | 136 |",
        "Tổ dân phố Gò Sành | 120 | 6 | 6 | 5% | 114 |",
    ] {
        assert!(text.contains(row), "{row}\n{text}");
    }
    assert!(text.contains("**Tổng cộng** | **1.190** | **21** | **55** | **4,6%**"), "{text}");
    // For each unit one; and again, the same files.
    let each = ["report", "p", &units, "--each", "--progress", "hai-tuan.xlsx", "--as-of", "2025-09-25", "-q"];
    program(dir, &each);
    let count = || {
        std::fs::read_dir(dir.join("p/reports"))
            .expect("reads")
            .filter(|e| e.as_ref().expect("an entry").path().to_string_lossy().contains("2025-09-25.docx"))
            .count()
    };
    let first = count();
    assert!(first >= 9, "{first}");
    program(dir, &each);
    assert_eq!(count(), first);
    // What was filed by day outlives the next writing of the folder.
    done(dir, &["render", "p", "--today", "2025-09-10", "-q"]);
    assert_eq!(count(), first);
}

#[test]
fn a_template_is_made_edited_and_tried() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    std::fs::create_dir(dir.join("luat")).expect("makes");
    done(dir, &["template", "new", "thang", "--from", "bao-cao-nam", "--rules", "luat"]);
    assert_eq!(program(dir, &["template", "new", "thang", "--rules", "luat"]).0, 2, "a template that is there is never overwritten");
    assert!(done(dir, &["template", "list", "--rules", "luat"]).contains("thang  (của cơ quan)"));
    assert!(done(dir, &["template", "check", "--rules", "luat"]).contains("thang.docx"));
    assert!(done(dir, &["check-form", concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/render/report.docx")]).contains("Nghị định 30"));
    std::fs::write(dir.join("hong.docx"), "không phải Word").expect("writes");
    let (code, _, err) = program(dir, &["template", "check", "hong.docx"]);
    assert!(code == 2 && err.contains("hong.docx"), "{err}");
}

#[test]
fn shells_and_readers_of_manuals_are_served() {
    let dir = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(done(dir.path(), &["completions", shell]).contains("check-form"), "{shell}");
    }
    let page = done(dir.path(), &["man"]);
    assert!(page.starts_with(".ie") || page.contains(".TH plan-ingest"), "{page}");
    assert!(done(dir.path(), &["man", "report"]).contains("as\\-of"));
    assert_eq!(program(dir.path(), &["man", "reprot"]).0, 64);
}
