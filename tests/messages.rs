//! The terminal text of each common mistake, and its exit status: messages are product.

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

const INPUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/plans/phan-loai-rac/input");

fn program(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("plan-ingest").expect("the program is built");
    command.current_dir(dir).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "vi_VN.UTF-8").args(arguments);
    command.env("HOME", dir.join("nha")).env("USERPROFILE", dir.join("nha"));
    command.output().expect("it starts")
}

/// What the program says when it can't do its work: its exit status and the text, paths of the machine left out.
fn said(dir: &Path, arguments: &[&str]) -> String {
    let output = program(dir, arguments);
    assert!(output.stdout.is_empty(), "nothing goes to standard output: {}", String::from_utf8_lossy(&output.stdout));
    let text = String::from_utf8(output.stderr).expect("UTF-8").replace('\\', "/");
    let dir = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_path_buf()).display().to_string();
    format!("{}\n{}", output.status.code().expect("an exit status"), text.replace(&dir, "DIR"))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).expect("reads").map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_missing_file() {
    let dir = folder();
    insta::assert_snapshot!(said(dir.path(), &["ke hoach.pdf"]));
    insta::assert_snapshot!(said(dir.path(), &["--lang", "en", "ke hoach.pdf"]));
    assert!(names(dir.path()).is_empty());
}

#[test]
fn an_empty_file() {
    let dir = folder();
    fs::write(dir.path().join("plan.txt"), "").expect("writes");
    insta::assert_snapshot!(said(dir.path(), &["plan.txt"]));
    assert_eq!(names(dir.path()), ["plan.txt"]);
}

#[test]
fn a_text_file_named_pdf() {
    let dir = folder();
    fs::copy(format!("{INPUT}/plan.txt"), dir.path().join("plan.pdf")).expect("copies");
    insta::assert_snapshot!(said(dir.path(), &["plan.pdf"]));
    assert_eq!(names(dir.path()), ["plan.pdf"]);
}

#[test]
fn a_locked_pdf() {
    let locked = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/bad/co-mat-khau.pdf");
    let dir = folder();
    fs::copy(locked, dir.path().join("plan.pdf")).expect("copies");
    insta::assert_snapshot!(said(dir.path(), &["plan.pdf"]));
    assert_eq!(names(dir.path()), ["plan.pdf"]);
}

#[test]
fn a_picture_cut_short() {
    let dir = folder();
    fs::write(dir.path().join("anh.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("writes");
    insta::assert_snapshot!(said(dir.path(), &["anh.png"]));
}

#[test]
fn an_annex_that_is_not_there_stops_before_anything_is_written() {
    let dir = folder();
    fs::copy(format!("{INPUT}/plan.txt"), dir.path().join("plan.txt")).expect("copies");
    insta::assert_snapshot!(said(dir.path(), &["plan.txt", "--annex", "phu-luc.xlsx"]));
    assert_eq!(names(dir.path()), ["plan.txt"]);
}

#[test]
fn a_place_that_cannot_be_written() {
    let dir = folder();
    fs::copy(format!("{INPUT}/plan.txt"), dir.path().join("plan.txt")).expect("copies");
    // A file where the folder should be: like a folder without permission, and so for every user, root too.
    fs::write(dir.path().join("ket-qua"), "x").expect("writes");
    insta::assert_snapshot!(said(dir.path(), &["plan.txt", "--out", "ket-qua"]));
    assert_eq!(names(dir.path()), ["ket-qua", "plan.txt"]);
}

#[test]
fn a_rule_with_a_typo_is_shown_in_its_line() {
    let dir = folder();
    fs::create_dir_all(dir.path().join("quy-tac/read")).expect("a folder");
    let limits = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/read/limits.yaml")).expect("reads");
    fs::write(dir.path().join("quy-tac/read/limits.yaml"), limits.replace("\npages:", "\npagse:")).expect("writes");
    insta::assert_snapshot!(said(dir.path(), &["rules", "check", "quy-tac"]));
    fs::copy(format!("{INPUT}/plan.txt"), dir.path().join("plan.txt")).expect("copies");
    assert!(said(dir.path(), &["plan.txt", "--rules", "quy-tac"]).starts_with("2\n"));
    assert_eq!(names(dir.path()), ["plan.txt", "quy-tac"]);
}

#[test]
fn a_rule_file_with_a_wrong_name() {
    let dir = folder();
    fs::create_dir_all(dir.path().join("quy-tac/extract")).expect("a folder");
    fs::write(dir.path().join("quy-tac/extract/dues.yaml"), "").expect("writes");
    insta::assert_snapshot!(said(dir.path(), &["rules", "check", "quy-tac"]));
}

/// A Word file of one paragraph.
fn word(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).expect("starts");
    let open = "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>Số: </w:t></w:r></w:p><w:p><w:r><w:t>";
    write!(zip, "{open}{text}</w:t></w:r></w:p></w:body></w:document>").expect("writes");
    zip.finish().expect("ends").into_inner()
}

#[test]
fn a_broken_template_is_told_in_a_sentence() {
    let dir = folder();
    let mistakes = [
        "{{ so_hieu }}",
        "{{ head.nubmer }}",
        "{{ head.number | toupper }}",
        "{% for q in quotas %}{{ q.what }}",
        "{% if behind %}Chậm",
        "Hết {% endfor %}",
        "{% if %}x{% endif %}",
        "{{ head.number ",
        "{% fro q in quotas %}",
        "{{ to | join(sep=1) }}",
        "{{ via | default(value='x) }}",
        "{% for q in as_of %}{% endfor %}",
        "{%p if behind %} Đề nghị đẩy nhanh",
        "{%tr for q in quotas %}",
        "{% if behind %}{% for q in quotas %}{% endif %}{% endfor %}",
    ];
    for lang in ["vi", "en"] {
        let mut told = String::new();
        for text in mistakes {
            fs::write(dir.path().join("mau.docx"), word(text)).expect("writes");
            told += &said(dir.path(), &["--lang", lang, "template", "check", "mau.docx"]);
        }
        insta::assert_snapshot!(format!("broken-template-{lang}"), told);
    }
}

/// What is said of reports, templates and the review page when they can't be had.
#[test]
fn reports_that_cannot_be_had() {
    let dir = folder();
    let plan = dir.path().join("p");
    fs::create_dir(&plan).expect("makes");
    for file in ["plan.yaml", "repaired.txt", "repairs.yaml"] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan").join(file), plan.join(file)).expect("copies");
    }
    fs::create_dir(dir.path().join("khac")).expect("makes");
    fs::write(dir.path().join("ghi chu.docx"), "không phải Word").expect("writes");
    for lang in ["vi", "en"] {
        let mut told = String::new();
        let _ = fs::remove_file(plan.join("plan.xlsx"));
        told += &said(dir.path(), &["--lang", lang, "report", "p", "IV.1-1"]);
        assert!(program(dir.path(), &["render", "p", "--quiet"]).status.success());
        for arguments in [
            ["report", "p", "bao-cao-thang"].as_slice(),
            &["report", "p", "bao-cao"],
            &["report", "p", "IV.1-1", "--for", "Tổ dân phố 9"],
            &["report", "p", "IV.1-1", "--template", "mot-trang"],
            &["report", "p", "IV.1-1", "--progress", "tien-do.xlsx"],
            &["report", "khac"],
            &["review", "khac"],
            &["review", "khong-co"],
            &["template", "new", "thang", "--from", "bao-cao-tang"],
            &["check-form", "ghi chu.docx"],
        ] {
            told += &format!("$ plan-ingest {}\n", arguments.join(" "));
            told += &said(dir.path(), &[&["--lang", lang], arguments].concat());
        }
        insta::assert_snapshot!(format!("reports-that-cannot-be-had-{lang}"), told);
    }
}

#[test]
fn wrong_use() {
    let dir = folder();
    for (name, arguments) in [
        ("unknown-option", vec!["plan.txt", "--annexx", "x"]),
        ("unknown-level", vec!["check", "x", "--fail-on", "warn"]),
        ("no-file", vec!["run"]),
        ("no-date", vec!["plan.txt", "--today", "31/2/2025"]),
        ("no-subcommand", vec!["rules"]),
        ("no-value", vec!["plan.txt", "--out"]),
    ] {
        let text = said(dir.path(), &arguments);
        assert!(text.starts_with("64\n"), "{name}: {text}");
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn help_is_for_people() {
    let dir = folder();
    for (name, arguments) in
        [("help-vi", vec!["--help"]), ("help-en", vec!["--lang", "en", "--help"]), ("help-check", vec!["check", "--help"])]
    {
        let output = program(dir.path(), &arguments);
        assert!(output.status.success());
        insta::assert_snapshot!(name, String::from_utf8(output.stdout).expect("UTF-8"));
    }
}

#[test]
fn a_folder_that_is_not_ours() {
    let dir = folder();
    insta::assert_snapshot!(said(dir.path(), &["check", "."]));
    fs::write(dir.path().join("plan.yaml"), "plan_ingest: 1\nsource: []\ndocument: {}\ntaskz: []\n").expect("writes");
    insta::assert_snapshot!(said(dir.path(), &["check", "plan.yaml"]));
}
