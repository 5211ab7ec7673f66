//! Each limit of `rules/read/limits.yaml`, reached: one failure that names the file and the limit.

use std::path::{Path, PathBuf};

use plan_ingest::error::Kind;
use plan_ingest::read::{Input, Reader, Settings, Tesseract};
use plan_ingest::rules::RuleBook;

/// What reading `path` comes to when the limit `name` is `most`: the kind of failure, the file, and what is said of it.
fn with_limit(name: &str, most: u64, path: &Path, tesseract: Option<Tesseract>) -> (Kind, PathBuf, String) {
    let rules = tempfile::tempdir().expect("a folder");
    let limits = RuleBook::embedded().text("read/limits.yaml").expect("embedded").into_owned();
    let line = limits.lines().find(|l| l.starts_with(&format!("{name}: "))).expect("the limit is there");
    std::fs::create_dir_all(rules.path().join("read")).expect("a folder");
    std::fs::write(rules.path().join("read/limits.yaml"), limits.replace(line, &format!("{name}: {most}"))).expect("written");
    let book = RuleBook::with_overlay(rules.path()).expect("good rules");
    let worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest")));
    let reader = Reader::new(&book, Settings { worker, tesseract, ..Settings::default() }).expect("good rules");
    let error = reader.read(&[Input { path: path.to_path_buf(), role: None }]).expect_err(&format!("over the limit {name}"));
    (error.kind(), error.path().expect("a file").to_path_buf(), error.detail_text().unwrap_or_default().to_owned())
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/read").join(name)
}

#[test]
fn a_limit_that_is_reached_is_named_with_the_file() {
    let cases = [
        ("pages", 1, "letter.pdf"),
        ("glyphs", 100, "letter.pdf"),
        ("rules", 3, "letter.pdf"),
        ("text", 50, "letter.pdf"),
        ("file", 1000, "annex.xlsx"),
        ("sheets", 1, "annex.xlsx"),
        ("rows", 3, "annex.xlsx"),
        ("columns", 2, "annex.xlsx"),
        ("cells", 20, "annex.xlsx"),
        ("unpacked", 1000, "letter.docx"),
        ("nesting", 3, "letter.docx"),
        ("files", 1, "pages"),
        ("pages", 1, "scan.tiff"),
        ("text", 50, "tcvn3.txt"),
        ("cells", 20, "annex.xls"),
        ("rows", 3, "annex.ods"),
    ];
    for (name, most, file) in cases {
        let found = with_limit(name, most, &fixture(file), None);
        assert_eq!(found, (Kind::TooBig, fixture(file), format!("{name}: {most}")), "{name} of {file}");
    }
    let found = with_limit("seconds", 0, &fixture("letter.pdf"), None);
    assert_eq!(found, (Kind::TooSlow, fixture("letter.pdf"), "seconds: 0".to_owned()));
}

#[test]
fn a_picture_of_too_many_dots_is_named() {
    let Some(tesseract) = Tesseract::ask(Path::new("tesseract")).filter(|t| t.languages.iter().any(|l| l == "vie")) else { return };
    let found = with_limit("pixels", 1000, &fixture("scan.tiff"), Some(tesseract));
    assert_eq!(found, (Kind::TooBig, fixture("scan.tiff"), "pixels: 1000".to_owned()));
}

/// PDF's run-length code: a length and a byte for every run, 128 at the end.
fn run_length(bytes: &[u8]) -> Vec<u8> {
    let runs = bytes.chunk_by(|a, b| a == b).flat_map(|run| run.chunks(128));
    runs.flat_map(|run| [if run.len() == 1 { 0 } else { (257 - run.len()) as u8 }, run[0]]).chain([128]).collect()
}

#[test]
#[cfg(any(target_os = "linux", windows))]
fn a_bomb_dies_in_the_child() {
    let bomb = run_length(&run_length(&vec![b' '; 1 << 27]));
    let mut pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n".to_vec();
    let page = "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>endobj\n4 0 obj";
    pdf.extend(format!("{page}<</Length {}/Filter[/RunLengthDecode/RunLengthDecode]>>stream\n", bomb.len()).bytes());
    pdf.extend(bomb);
    pdf.extend(b"\nendstream endobj trailer<</Root 1 0 R>>");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("bomb.pdf");
    std::fs::write(&path, pdf).expect("written");
    let found = with_limit("memory", 150_000_000, &path, None);
    assert_eq!(found, (Kind::TooBig, path, "memory: 150000000".to_owned()));
}

/// Found by the fuzzer: two cells far apart, and the reader of XLS lays out all that lies between.
#[test]
#[cfg(any(target_os = "linux", windows))]
fn a_workbook_of_two_cells_far_apart_is_too_big() {
    let mut book = std::fs::read(fixture("annex.xls")).expect("the fixture");
    // The last number of a sheet (record 0203, 14 bytes) says that it stands in the last row and column that two bytes can tell.
    let at = book.windows(4).rposition(|w| w == [0x03, 0x02, 0x0e, 0x00]).expect("a number");
    book[at + 4..at + 8].fill(0xff);
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("far.xls");
    std::fs::write(&path, book).expect("written");
    let found = with_limit("memory", 2_147_483_648, &path, None);
    assert_eq!(found, (Kind::TooBig, path, "memory: 2147483648".to_owned()));
}
