//! Reading, from the files of an office to one text, through the worker process as the program uses it.

use std::path::{Path, PathBuf};

use plan_ingest::error::Kind;
use plan_ingest::read::{Class, Input, Ocr, Reader, Settings, Tesseract};
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, Role, Source, Words};

fn reader() -> Reader {
    let worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest")));
    Reader::new(&RuleBook::embedded(), Settings { worker, ..Settings::default() }).expect("our own rules are right")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/read").join(name)
}

fn read(path: &Path) -> plan_ingest::Result<Source> {
    reader().read(&[Input { path: path.to_path_buf(), role: None }])
}

#[test]
fn a_letter_keeps_its_columns_and_its_table_apart() {
    let source = read(&fixture("letter.pdf")).expect("a sound file");
    insta::assert_snapshot!(source.text());
    assert_eq!((source.pages().len(), source.files()[0].words), (2, Words::Layer));
}

#[test]
fn a_plan_is_laid_out_as_its_reader_sees_it() {
    // Two-column head and foot, a table without lines whose cells wrap, merged heads, a table that goes on over the page, page numbers,
    // a page that lies on its side.
    let source = read(&fixture("layout.pdf")).expect("a sound file");
    insta::assert_snapshot!(source.text().replace('\u{c}', "\n--- page ---\n"));
}

#[test]
fn a_workbook_reads_alike_in_every_format() {
    let text = |name| read(&fixture(name)).expect("a sound file").text().to_owned();
    let xlsx = text("annex.xlsx");
    insta::assert_snapshot!(xlsx);
    // The other two were saved by a program that computes sums, and leaves out numbers typed as text.
    assert_eq!(text("annex.ods"), xlsx.replace("1302", "182"));
    assert_eq!(text("annex.xls"), xlsx.replace("1302", "182"));
}

#[test]
fn computed_sums_are_on_record() {
    let source = read(&fixture("annex.xlsx")).expect("a sound file");
    let cells: Vec<&str> = source.notes().iter().filter(|n| n.id == "sum-computed").map(|n| n.detail.as_str()).collect();
    assert_eq!(cells, ["C9", "D9", "E9"]);
    let total = source.place(source.text().find("1302").expect("computed")).expect("inside");
    assert_eq!((total.page.sheet.as_deref(), total.line, total.column), (Some("Phụ lục"), 9, 2));
}

#[test]
fn in_a_folder_the_plan_comes_first() {
    let dir = tempfile::tempdir().expect("a folder");
    for (from, to) in [("annex.xlsx", "a bieu 1.xlsx"), ("letter.pdf", "b ke hoach 05.pdf")] {
        std::fs::copy(fixture(from), dir.path().join(to)).expect("a copy");
    }
    let source = read(dir.path()).expect("a sound folder");
    let names: Vec<_> = source.files().iter().map(|f| (Path::new(&f.name).file_name().expect("a name").to_owned(), f.role)).collect();
    assert_eq!(names, [("b ke hoach 05.pdf".into(), Role::Plan), ("a bieu 1.xlsx".into(), Role::Annex)]);
}

#[test]
fn what_cannot_be_read_is_told_by_kind_and_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let made = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    let letter = std::fs::read(fixture("letter.pdf")).expect("the fixture");
    let cases = [
        (dir.path().join("nowhere.pdf"), Kind::NotFound),
        (made("empty.txt", b""), Kind::Empty),
        (made("text.pdf", "Kế hoạch".as_bytes()), Kind::NotThisKind),
        (made("noise.bin", &[0, 200, 3, 255, 1]), Kind::UnknownKind),
        (made("zip.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), Kind::UnknownKind),
        (made("blank.txt", b" \n\n"), Kind::NoText),
        (made("cut.pdf", &letter[..200]), Kind::Damaged),
        (fixture("locked.pdf"), Kind::Locked),
    ];
    for (path, kind) in cases {
        let error = read(&path).expect_err("not to be read");
        assert_eq!((error.kind(), error.path()), (kind, Some(path.as_path())), "{error}");
    }
}

fn classes(path: &Path) -> Vec<Option<Class>> {
    let verdicts = reader().verdicts(&[Input { path: path.to_path_buf(), role: None }]).expect("a sound file");
    verdicts.into_iter().map(|v| v.class.map(|c| c.0)).collect()
}

#[test]
fn a_text_layer_is_judged_page_by_page() {
    assert_eq!(classes(&fixture("letter.pdf")), [Some(Class::BornDigital); 2]);
    assert_eq!(classes(&fixture("scan.pdf")), [Some(Class::ForeignOcr); 2]);
    assert_eq!(classes(&fixture("annex.xlsx")), [None; 2]);
}

#[test]
fn the_verdicts_on_real_plans_are_right() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut judged = 0;
    let folders = [("plans", "txt"), ("plans/noisy", "txt"), ("plans/pdf", "pdf"), ("seed", "pdf"), ("seed", "txt")];
    for (folder, extension) in folders {
        let Ok(entries) = std::fs::read_dir(shared.join(folder)) else { return };
        for path in entries.map(|e| e.expect("readable").path()).filter(|p| p.extension().is_some_and(|e| e == extension)) {
            let name = path.to_string_lossy().into_owned();
            let due = match () {
                () if name.contains("noisy") || name.contains("bad-layer") || name.ends_with("plan-77.txt") => Class::ForeignOcr,
                () if name.contains("no-text") => Class::None,
                () => Class::BornDigital,
            };
            if due == Class::None {
                assert_eq!(read(&path).expect_err("pictures only").kind(), Kind::Missing);
            } else {
                let found = classes(&path);
                assert!(found.iter().all(|c| *c == Some(due)), "{name}: {found:?}");
            }
            judged += 1;
        }
    }
    assert!(judged >= 36, "{judged} files");
}

#[test]
fn without_tesseract_the_layer_is_read_and_one_note_tells_what_would_help() {
    let source = read(&fixture("scan.pdf")).expect("it has a layer");
    assert!(source.text().contains("UBND HUYEN SUOI NGAN\tCONG HOA XA HOI CHU NGHIA VIET NAM"));
    assert_eq!(source.pages()[0].condition, Condition::ForeignOcr);
    assert_eq!(source.notes().iter().map(|n| (n.id.as_str(), n.detail.as_str())).collect::<Vec<_>>(), [("tesseract-missing", "2")]);
}

/// A reader that reads pictures; `None` where this machine has no Tesseract with Vietnamese.
fn with_tesseract(ocr: Ocr) -> Option<Reader> {
    let tesseract = Tesseract::ask(Path::new("tesseract")).filter(|t| t.languages.iter().any(|l| l == "vie"))?;
    let worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest")));
    let settings = Settings { worker, ocr, tesseract: Some(tesseract), ..Settings::default() };
    Some(Reader::new(&RuleBook::embedded(), settings).expect("our own rules are right"))
}

/// How many words of `old` stand in `new` too, in the same order.
fn kept(old: &Source, new: &Source) -> (usize, usize) {
    let words = |s: &Source| s.text().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (words(old), words(new));
    let same = similar::capture_diff_slices(similar::Algorithm::Myers, &old, &new).iter().fold(0, |n, op| match op {
        similar::DiffOp::Equal { len, .. } => n + len,
        _ => n,
    });
    (same, old.len())
}

#[test]
fn letters_turned_to_outlines_and_pages_scanned_lying_are_read() {
    let Some(reader) = with_tesseract(Ocr::Auto) else { return };
    let truth = read(&fixture("layout.pdf")).expect("a sound file");
    // The first page alone is there as outlines; the first two were scanned, one upside down and one on its side.
    for (name, pages) in [("outlines.pdf", 1), ("turned.pdf", 2)] {
        let source = reader.read(&[Input { path: fixture(name), role: None }]).expect("a sound file");
        let end = truth.pages()[pages - 1].span.end;
        let (same, all) = kept(&Source::of_text("", &truth.text()[..end], Condition::Clean), &source);
        assert!(same * 100 >= all * 93, "{name}: {same} of {all}: {}", source.text());
        assert_eq!((source.pages().len(), source.files()[0].words), (pages, Words::Ocr));
    }
}

#[test]
fn a_page_of_outlines_that_nobody_reads_is_told() {
    let error = read(&fixture("outlines.pdf")).expect_err("no words without Tesseract");
    assert_eq!(error.kind(), Kind::Missing);
}

#[test]
fn what_the_reader_is_told_about_pictures_is_done() {
    let verdicts = |ocr: Ocr, name: &str| {
        let reader = with_tesseract(ocr)?;
        let pages = reader.verdicts(&[Input { path: fixture(name), role: None }]).expect("a sound file");
        Some(pages.into_iter().map(|v| v.words).collect::<Vec<_>>())
    };
    let Some(auto) = verdicts(Ocr::Auto, "scan.pdf") else { return };
    assert_eq!(auto, [Words::LayerAndOcr; 2]);
    assert_eq!(verdicts(Ocr::Never, "scan.pdf").expect("there is one"), [Words::Layer; 2]);
    assert_eq!(verdicts(Ocr::Always, "scan.pdf").expect("there is one"), [Words::LayerAndOcr; 2]);
    // A page without pictures stays as it is.
    assert_eq!(verdicts(Ocr::Always, "letter.pdf").expect("there is one"), [Words::Layer; 2]);
}

#[test]
fn a_bad_layer_is_read_anew_from_its_picture() {
    let Some(reader) = with_tesseract(Ocr::Auto) else { return };
    let source = reader.read(&[Input { path: fixture("scan.pdf"), role: None }]).expect("a sound file");
    let truth = read(&fixture("letter.pdf")).expect("a sound file");
    let (same, all) = kept(&truth, &source);
    assert!(same * 100 >= all * 94, "{same} of {all}: {}", source.text());
    assert_eq!((source.files()[0].words, source.pages()[0].condition), (Words::LayerAndOcr, Condition::VietnameseOcr));
    let other = source.pages()[0].other.as_ref().expect("it has a layer");
    assert!(other.text.contains("UY BAN NHAN DAN") && other.condition == Condition::ForeignOcr);
    // Every word between blanks has its confidence.
    let page = &source.text()[source.pages()[0].span.range()];
    assert_eq!(other.confidence.len(), page.split_whitespace().count());
    // The table's cells stand in their columns, blank ones too.
    assert!(source.text().lines().any(|l| l.starts_with("2\tThôn Khe Gió\t85\t\t2\t")), "{}", source.text());
}

/// What the program does with `arguments`: its exit status, and what it says on both streams.
fn program(arguments: &[&std::ffi::OsStr]) -> (Option<i32>, String) {
    let output =
        std::process::Command::new(env!("CARGO_BIN_EXE_plan-ingest")).args(arguments).args(["--lang", "vi"]).output().expect("it starts");
    (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn a_pdf_cut_short_tells_what_is_lost_and_is_no_success() {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans/phan-loai-rac/input");
    let dir = tempfile::tempdir().expect("a folder");
    let notes = |source: &Source| source.notes().iter().map(|n| (n.id.clone(), n.detail.clone())).collect::<Vec<_>>();
    let torn = |page: u32| ("page-damaged".to_owned(), page.to_string());
    // Only the drawing of the first page is left, without the font that gives its letters a meaning.
    let cut = dir.path().join("cut.pdf");
    std::fs::write(&cut, &std::fs::read(whole.join("plan.pdf")).expect("a fixture")[..20_000]).expect("written");
    let found = notes(&read(&cut).expect("some of it"));
    assert_eq!(found, [torn(1), ("letters-lost".to_owned(), "1".to_owned()), torn(2), torn(3), torn(4)]);
    let out = dir.path().join("out");
    let (status, said) = program(&[cut.as_os_str(), "--out".as_ref(), out.as_os_str()]);
    assert!(status == Some(2) && said.contains("Trang 1, 2, 3, 4: tệp bị hỏng hoặc bị cắt cụt"), "{status:?} {said}");
    let findings = std::fs::read_to_string(out.join("findings.txt")).expect("what could be read is kept");
    assert!(findings.contains("[file-damaged]") && findings.matches("[page-unreadable]").count() == 4, "{findings}");
    for command in ["read", "repair", "extract"] {
        let (status, said) = program(&[command.as_ref(), cut.as_os_str()]);
        assert!(status == Some(2) && said.contains("bị cắt cụt"), "{command}: {status:?}");
    }
    // A file that is whole says nothing of the kind.
    for name in ["plan.pdf", "plan-born-digital.pdf"] {
        let found = notes(&read(&whole.join(name)).expect("a sound file"));
        assert!(found.iter().all(|(id, _)| id == "tesseract-missing"), "{name}: {found:?}");
    }
}

#[test]
fn wherever_a_file_is_cut_it_is_told() {
    let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans/phan-loai-rac/input");
    let dir = tempfile::tempdir().expect("a folder");
    for (name, parts) in [("plan.pdf", 12), ("plan-born-digital.pdf", 12)] {
        let bytes = std::fs::read(sound.join(name)).expect("a fixture");
        let all = read(&sound.join(name)).expect("a sound file");
        for part in 1..parts {
            let path = dir.path().join(name);
            std::fs::write(&path, &bytes[..bytes.len() * part / parts]).expect("written");
            match read(&path) {
                Err(error) => assert_eq!(error.kind(), Kind::Damaged, "{name} {part}: {error}"),
                // The last bytes of a file may hold nothing that is missed.
                Ok(source) => {
                    assert!(
                        source.notes().iter().any(|n| n.is_damage()) || source.text() == all.text(),
                        "{name} {part}: {:?}",
                        source.notes()
                    );
                }
            }
        }
    }
}

#[test]
fn pictures_of_pages_are_one_document_in_the_order_of_their_numbers() {
    let Some(reader) = with_tesseract(Ocr::Auto) else { return };
    let input = |name: &str, role| Input { path: fixture(name), role };
    let given = [input("pages/trang10.tiff", None), input("pages/trang2.png", None)];
    for (inputs, name) in [(vec![input("pages", None)], "pages"), (given.to_vec(), "pages/trang2.png")] {
        let source = reader.read(&inputs).expect("sound files");
        assert_eq!(
            source.files().iter().map(|f| (f.name.as_str(), f.role)).collect::<Vec<_>>(),
            [(&*fixture(name).to_string_lossy(), Role::Plan)]
        );
        assert_eq!(source.pages().iter().map(|p| p.number).collect::<Vec<_>>(), [Some(1), Some(2)]);
        let first = &source.text()[source.pages()[0].span.range()];
        assert!(first.contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), "{first}");
        // The second page bears its number, which is no text.
        let second = &source.text()[source.pages()[1].span.range()];
        assert!(second.contains("2\tThôn Khe Gió\t85\t\t2\t") && !second.starts_with('2'), "{second}");
        let notes: Vec<_> = source.notes().iter().map(|n| (n.id.as_str(), n.detail.as_str())).collect();
        assert_eq!(notes, [("pages-joined", "1 = trang2.png, 2 = trang10.tiff")]);
    }
}

#[test]
fn a_photograph_cut_short_is_told() {
    let grey = image::GrayImage::from_fn(600, 800, |x, y| image::Luma([if (x / 7 + y / 5) % 9 == 0 { 0 } else { 255 }]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    grey.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("written");
    let jpeg = jpeg.into_inner();
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("trang1.jpg"), &jpeg[..jpeg.len() / 2]).expect("written");
    assert_eq!(read(&dir.path().join("trang1.jpg")).expect_err("no words").kind(), Kind::Damaged);
    std::fs::write(dir.path().join("trang1.jpg"), &jpeg).expect("written");
    assert_eq!(read(&dir.path().join("trang1.jpg")).expect_err("no Tesseract").kind(), Kind::Missing);
}

#[test]
fn a_word_document_reads_as_word_shows_it() {
    let source = read(&fixture("letter.docx")).expect("a sound file");
    insta::assert_snapshot!(source.text());
    assert_eq!(source.files()[0].words, Words::Native);
}

#[test]
fn old_encodings_are_undone_and_named() {
    for (name, encoding) in [("tcvn3.txt", "TCVN3"), ("vni.txt", "VNI"), ("viqr.txt", "VIQR"), ("vps.txt", "VPS"), ("cp1258.txt", "cp1258")]
    {
        let source = read(&fixture(name)).expect("text");
        let notes: Vec<_> = source.notes().iter().map(|n| (n.id.as_str(), n.detail.as_str())).collect();
        assert_eq!(notes, [("decoded", encoding)], "{name}");
        let text = source.text().to_lowercase();
        assert!(text.contains("các thôn đăng ký số hộ tham gia, xong trước ngày 15/02/2025."), "{name}: {text}");
        assert_eq!(source.pages()[0].condition, Condition::Clean);
    }
}

#[test]
fn unicode_in_other_clothes_is_read_and_named() {
    let text = "Các thôn đăng ký số hộ tham gia, xong trước ngày 15/02/2025.\nTrưởng thôn gửi danh sách về Ủy ban nhân dân xã.";
    let wide = |order: fn(u16) -> [u8; 2]| std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect::<Vec<u8>>();
    let twice: String = text.bytes().map(char::from).collect();
    let dir = tempfile::tempdir().expect("a folder");
    let cases = [
        ("utf16le.txt", wide(u16::to_le_bytes), None),
        ("utf16be.txt", wide(u16::to_be_bytes), None),
        ("latin1.txt", twice.into_bytes(), Some("UTF-8")),
    ];
    for (name, bytes, encoding) in cases {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        let source = read(&path).expect("text");
        assert_eq!(source.text(), text, "{name}");
        let told: Vec<_> = source.notes().iter().filter(|n| n.id == "decoded").map(|n| n.detail.clone()).collect();
        assert!(told.iter().map(String::as_str).eq(encoding), "{name}: {told:?}");
    }
}

#[test]
fn a_fax_is_read_from_its_pictures() {
    assert_eq!(read(&fixture("scan.tiff")).expect_err("no Tesseract was handed in").kind(), Kind::Missing);
    let Some(reader) = with_tesseract(Ocr::Auto) else { return };
    let source = reader.read(&[Input { path: fixture("scan.tiff"), role: None }]).expect("a sound file");
    assert_eq!(source.pages().iter().map(|p| p.number).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert!(source.text().contains("Công chức Địa chính - Môi trường: Tham mưu UBND xã"), "{}", source.text());
    assert!(source.text().contains("2\tThôn Khe Gió\t85\t\t2\t"), "{}", source.text());
}

#[test]
fn a_page_of_html_is_read_by_way_of_libreoffice() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("ke hoach.html");
    let page = "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body><p>Các thôn báo cáo trước ngày 15/02/2025.</p>\
        <table border=1><tr><td>Thôn</td><td>Số hộ</td></tr><tr><td>Khe Gió</td><td>85</td></tr></table></body></html>";
    std::fs::write(&path, page).expect("written");
    assert_eq!(read(&path).expect_err("no LibreOffice was handed in").kind(), Kind::Missing);
    let found = std::env::var_os("PATH").and_then(|all| std::env::split_paths(&all).map(|p| p.join("soffice")).find(|p| p.is_file()));
    let Some(office) = found else { return };
    let worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest")));
    let settings = Settings { worker, office: Some(office), ..Settings::default() };
    let reader = Reader::new(&RuleBook::embedded(), settings).expect("our own rules are right");
    let source = reader.read(&[Input { path, role: None }]).expect("a sound file");
    assert_eq!(source.text(), "Các thôn báo cáo trước ngày 15/02/2025.\nThôn\tSố hộ\nKhe Gió\t85");
}
