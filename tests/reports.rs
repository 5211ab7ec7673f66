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

/// The real plan, where the data folder stands beside the checkout: the reports that it asks for, each for whom and when, and each made.
#[test]
fn the_real_plan_gets_the_reports_that_it_asks_for() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    let paper = seed.join("plan-77-born-digital.pdf");
    if !paper.is_file() {
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let (dir, annex) = (dir.path(), seed.join("phu-luc-01.xlsx"));
    let path = |p: &Path| p.display().to_string();
    done(dir, &[&path(&paper), "--annex", &path(&annex), "--ocr", "never", "--out", "p", "--today", "2024-04-24", "-q"]);
    let list = done(dir, &["report", "p"]);
    let of = |form: &str| -> Vec<String> {
        let mut parts =
            list.split("\n").skip_while(|l| !l.starts_with(&format!("{form}-")) || l[form.len() + 1..].starts_with(char::is_lowercase));
        let name = parts.next().unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned();
        std::iter::once(name).chain(parts.take_while(|l| l.starts_with(' ')).map(|l| l.trim().to_owned())).collect()
    };
    for (form, to, due) in [
        ("bao-cao-tuan-co-so", "Nơi nhận: Ban chỉ đạo phường", "Thứ ba hàng tuần"),
        ("bao-cao-tuan", "Nơi nhận: BCĐ thành phố", "Thứ tư hàng tuần"),
        ("bao-cao-nhanh", "Nơi nhận: Thường trực Ban chỉ đạo phường", "trước ngày 26/4/2024"),
        ("danh-sach", "Nơi nhận: Ban chỉ đạo phường", "ngày 28 hàng tháng"),
        ("bao-cao-tong-ket", "Người báo cáo: Ban chỉ đạo phường", "trong tháng 6/2024"),
        ("bao-cao-nam", "Nơi nhận: UBND phường", "trước ngày 05/12/2024"),
    ] {
        let told = of(form);
        assert!(told.iter().any(|l| l.starts_with(to)) && told.last().is_some_and(|l| l.ends_with(due)), "{form}: {told:?}\n{list}");
        let (_, out, err) = program(dir, &["report", "p", &told[0], "--as-of", "2024-05-07", "--format", "md"]);
        let text = read(dir, &format!("p/reports/{}-2024-05-07.md", told[0]));
        assert!(text.contains("Kế hoạch số 77/KH-UBND ngày 23/4/2024") && text.contains("Kính gửi:"), "{out}{err}{text}");
    }
    let quick = read(dir, &format!("p/reports/{}-2024-05-07.md", of("bao-cao-nhanh")[0]));
    assert!(quick.contains("Chuẩn bị nội dung, tài liệu tuyên truyền") && !quick.contains("tổng kết “Đợt cao điểm”"), "{quick}");
    let monthly = read(dir, &format!("p/reports/{}-2024-05-07.md", of("danh-sach")[0]));
    assert!(monthly.contains("Người đang tham gia, tăng mới, giảm"), "{monthly}");
    done(dir, &["report", "p", "cong-van-giao-chi-tieu", "--as-of", "2024-04-24", "--format", "md"]);
    let letter = read(dir, "p/reports/cong-van-giao-chi-tieu-2024-04-24.md");
    for total in ["128", "50", "54"] {
        assert!(letter.contains(&format!("**Tổng cộng** | **{total}** |")), "{letter}");
    }
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
    // It fills a report, in place of the form that the rules choose.
    std::fs::create_dir(dir.join("p")).expect("makes");
    for file in ["plan.yaml", "repaired.txt", "repairs.yaml"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan").join(file);
        std::fs::copy(from, dir.join("p").join(file)).expect("copies");
    }
    done(dir, &["render", "p", "-q", "--today", "2025-09-02"]);
    let ask = ["report", "p", "IV.1-1", "--template", "thang", "--rules", "luat", "--as-of", "2025-09-02", "--for", "Tổ dân phố 1"];
    done(dir, &ask);
    let filled = std::fs::read(dir.join("p/reports/bao-cao-tuan-co-so-IV.1-1-to-dan-pho-1-2025-09-02.docx")).expect("reads");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(filled)).expect("a package");
    let mut body = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").expect("a body"), &mut body).expect("UTF-8");
    assert!(body.contains("PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM SAU") && body.contains("TỔ DÂN PHỐ 1"), "{body}");
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
