//! Every kind of paper that an office sends beside PDF: Word, workbooks, web pages, old fonts, pictures in a folder; each made here.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use plan_ingest::read::{Input, Reader, Settings};
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Source, Words};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn settings() -> Settings {
    Settings { worker: Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest"))), office: office(), ..Settings::default() }
}

/// LibreOffice, where this machine has it.
fn office() -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|p| p.join("soffice")).find(|p| p.is_file())
}

fn read(path: &Path) -> Source {
    let reader = Reader::new(&RuleBook::embedded(), settings()).expect("our own rules are right");
    reader.read(&[Input { path: path.to_path_buf(), role: None }]).expect("a sound file")
}

/// A file of this name in a folder of its own.
fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    (dir, path)
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a name");
        zip.write_all(bytes).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

fn notes(source: &Source) -> Vec<(&str, &str)> {
    source.notes().iter().map(|n| (n.id.as_str(), n.detail.as_str())).collect()
}

const NUMBERING: &str = "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'><w:start w:val='1'/>\
    <w:numFmt w:val='upperRoman'/><w:lvlText w:val='%1.'/></w:lvl><w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/>\
    <w:lvlText w:val='%2.'/></w:lvl><w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%3)'/></w:lvl>\
    </w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num></w:numbering>";

/// A Word file with this body, its lists counted by [`NUMBERING`].
fn word(body: &str, styles: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w' xmlns:r='r'><w:body>{body}</w:body></w:document>");
    let styles = format!("<w:styles xmlns:w='w'>{styles}</w:styles>");
    archive(&[
        ("word/document.xml", document.as_bytes()),
        ("word/numbering.xml", NUMBERING.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
    ])
}

fn text_of_word(body: &str) -> String {
    let (_dir, path) = file("ke-hoach.docx", &word(body, ""));
    read(&path).text().to_owned()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn item(level: u8, text: &str) -> String {
    format!("<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn lists_are_counted_as_word_counts_them() {
    let items = [(0, "Mục đích"), (1, "Một"), (1, "Hai"), (2, "Ý nhỏ"), (2, "Ý nữa"), (0, "Tổ chức"), (1, "Lại một")];
    let body: String = items.iter().map(|(level, text)| item(*level, text)).collect();
    assert_eq!(text_of_word(&body), "I. Mục đích\n1. Một\n2. Hai\na) Ý nhỏ\nb) Ý nữa\nII. Tổ chức\n1. Lại một");
}

#[test]
fn tracked_changes_read_as_if_accepted() {
    let body = "<w:p><w:r><w:t xml:space='preserve'>xong trước ngày </w:t></w:r><w:del><w:r><w:delText>15/4</w:delText></w:r></w:del>\
        <w:ins><w:r><w:t>25/4</w:t></w:r></w:ins><w:r><w:t>/2025</w:t></w:r></w:p>\
        <w:moveFrom><w:r><w:t>đi</w:t></w:r></w:moveFrom><w:p><w:moveFrom><w:r><w:t>đi</w:t></w:r></w:moveFrom></w:p>\
        <w:p><w:moveTo><w:r><w:t>đến</w:t></w:r></w:moveTo></w:p>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>nửa trước</w:t></w:r></w:p><w:p><w:r><w:t>nửa sau</w:t></w:r></w:p>\
        <w:tbl><w:tblPr><w:tblBorders><w:top w:val='single'/><w:insideV w:val='single'/></w:tblBorders></w:tblPr>\
        <w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>bỏ</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:trPr><w:ins/></w:trPr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>\
        <w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>bỏ</w:t></w:r></w:p></w:tc>\
        <w:tc><w:p><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins></w:p></w:tc></w:tr></w:tbl>";
    assert_eq!(text_of_word(body), "xong trước ngày 25/4/2025\nđến\nnửa trước nửa sau\n1\tthêm");
}

#[test]
fn the_cells_of_a_table_stand_in_their_columns() {
    let cell = |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let inner = "<w:tc><w:tcPr/><w:tbl><w:tr><w:tc><w:p><w:r><w:t>trong</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc>".to_owned();
    let body = format!(
        "<w:tbl><w:tblPr><w:tblBorders><w:top w:val='single'/><w:insideH w:val='single'/></w:tblBorders></w:tblPr>{}{}{}</w:tbl>",
        row(&[cell("<w:vMerge w:val='restart'/>", "TT"), cell("<w:gridSpan w:val='2'/>", "Điểm thu gom"), cell("", "Ghi chú")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "Đã có"), cell("", "Làm mới"), cell("", "")]),
        row(&[cell("", "1"), cell("", "2"), cell("", ""), inner]),
    );
    assert_eq!(text_of_word(&body), "TT\tĐiểm thu gom\t\tGhi chú\n\tĐã có\tLàm mới\t\n1\t2\t\ttrong");
}

#[test]
fn what_word_does_not_show_is_not_read_and_what_stands_in_boxes_is() {
    let body = "<w:p><w:r><w:t>thấy</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>\
        <w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText><w:t>3</w:t></w:r></w:p>\
        <w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>trong ô điều khiển</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>\
        <w:p><w:r><AlternateContent><Choice><txbxContent><w:p><w:r><w:t>hộp chữ</w:t></w:r></w:p></txbxContent></Choice>\
        <Fallback><w:p><w:r><w:t>hộp chữ</w:t></w:r></w:p></Fallback></AlternateContent></w:r></w:p>";
    let (_dir, path) = file("ke-hoach.docx", &word(body, ""));
    let source = read(&path);
    assert_eq!(source.text(), "thấy\n3\ntrong ô điều khiển\nhộp chữ");
    assert_eq!(notes(&source), [("text-hidden", "")]);
}

#[test]
fn a_letterhead_set_with_tabs_keeps_its_columns() {
    let body = "<w:p><w:pPr><w:tabs><w:tab w:val='center' w:pos='2000'/><w:tab w:val='center' w:pos='7000'/></w:tabs></w:pPr>\
        <w:r><w:tab/><w:t>UBND XÃ MÂY TRẮNG</w:t><w:tab/><w:t>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</w:t></w:r></w:p>\
        <w:p><w:r><w:t>1.</w:t><w:tab/><w:t>Rà soát</w:t></w:r></w:p>";
    assert_eq!(text_of_word(body), "UBND XÃ MÂY TRẮNG\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n1. Rà soát");
}

#[test]
fn the_head_of_the_first_page_is_read_where_it_is_a_letterhead() {
    let document = "<w:document xmlns:w='w' xmlns:r='r'><w:body><w:p><w:r><w:t>KẾ HOẠCH</w:t></w:r></w:p>\
        <w:sectPr><w:headerReference w:type='first' r:id='h1'/><w:headerReference w:type='default' r:id='h2'/></w:sectPr></w:body></w:document>";
    let links = "<Relationships><Relationship Id='h1' Target='header1.xml'/><Relationship Id='h2' Target='header2.xml'/></Relationships>";
    let head = |text: &str| format!("<w:hdr xmlns:w='w'>{}</w:hdr>", paragraph(text));
    let bytes = archive(&[
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", links.as_bytes()),
        ("word/header1.xml", head("ỦY BAN NHÂN DÂN XÃ MÂY TRẮNG - CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").as_bytes()),
        ("word/header2.xml", head("Trang 2").as_bytes()),
    ]);
    let (_dir, path) = file("ke-hoach.docx", &bytes);
    assert_eq!(read(&path).text(), "ỦY BAN NHÂN DÂN XÃ MÂY TRẮNG - CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nKẾ HOẠCH");
}

/// What the letters of `text` look like where their TCVN3 bytes are taken for letters of Western Europe.
fn tcvn3(text: &str) -> String {
    let table: Vec<char> = RuleBook::embedded()
        .text("read/legacy.yaml")
        .expect("embedded")
        .lines()
        .find_map(|l| l.trim().strip_prefix("TCVN3: \"").map(|t| t.trim_end_matches('"').replace("\\u00A0", "\u{a0}")))
        .map(|t| {
            ["0300", "0309", "0303", "0301", "0323"].iter().fold(t, |t, mark| t.replace(&format!("\\u{mark}"), "\u{300}")).chars().collect()
        })
        .expect("its table");
    text.chars().map(|c| table.iter().rposition(|t| *t == c && !c.is_ascii()).map_or(c, |i| char::from(0x80 + i as u8))).collect()
}

#[test]
fn fonts_of_before_unicode_are_undone_with_their_capitals() {
    let run =
        |font: &str, text: &str| format!("<w:p><w:r><w:rPr><w:rFonts w:ascii='{font}'/></w:rPr><w:t>{}</w:t></w:r></w:p>", tcvn3(text));
    let body = run(".VnTimeH", "kế hoạch tổng vệ sinh đường làng")
        + &run(".VnTime", "Các thôn đăng ký số hộ tham gia và gửi về xã trước ngày 15/02/2025.")
        + "<w:p><w:r><w:rPr><w:rFonts w:ascii='Times New Roman'/></w:rPr><w:t>Chữ của hôm nay ở lại như nó vốn có.</w:t></w:r></w:p>";
    let (_dir, path) = file("cu.docx", &word(&body, ""));
    let source = read(&path);
    let due = "KẾ HOẠCH TỔNG VỆ SINH ĐƯỜNG LÀNG\nCác thôn đăng ký số hộ tham gia và gửi về xã trước ngày 15/02/2025.\n\
        Chữ của hôm nay ở lại như nó vốn có.";
    assert_eq!(source.text(), due);
    assert_eq!(notes(&source), [("decoded", "TCVN3")]);
}

#[test]
fn a_font_alone_proves_nothing() {
    let style = "<w:style w:type='paragraph' w:default='1' w:styleId='Normal'><w:rPr><w:rFonts w:ascii='.VnTime'/></w:rPr></w:style>";
    let text = "Các thôn đăng ký số hộ tham gia và gửi về xã.";
    let (_dir, path) = file("moi.docx", &word(&paragraph(text), style));
    let source = read(&path);
    assert_eq!((source.text(), notes(&source)), (text, Vec::new()));
    let old = "Các thôn đăng ký số hộ tham gia và gửi về xã trước ngày mười lăm.";
    let (_dir, path) = file("cu.docx", &word(&paragraph(&tcvn3(old)), style));
    assert_eq!(read(&path).text(), old);
}

const BOOK: &str = "<workbook xmlns:r='r'><sheets><sheet name='Biểu 1' sheetId='1' r:id='a'/>\
    <sheet name='Nháp' sheetId='2' state='hidden' r:id='b'/><sheet name='Biểu 2' sheetId='3' r:id='c'/></sheets></workbook>";
const ROOT: (&str, &[u8]) = (
    "_rels/.rels",
    b"<Relationships><Relationship Id='r' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' \
        Target='xl/workbook.xml'/></Relationships>",
);
const LINKS: &str = "<Relationships><Relationship Id='a' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' \
    Target='worksheets/sheet1.xml'/><Relationship Id='b' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' \
    Target='worksheets/sheet2.xml'/><Relationship Id='c' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' \
    Target='worksheets/sheet3.xml'/></Relationships>";

fn cell(at: &str, inner: &str) -> String {
    match inner.parse::<i64>() {
        Ok(number) => format!("<c r='{at}'><v>{number}</v></c>"),
        Err(_) if inner.starts_with('=') => format!("<c r='{at}'><f>{}</f></c>", &inner[1..]),
        Err(_) => format!("<c r='{at}' t='inlineStr'><is><t>{inner}</t></is></c>"),
    }
}

/// A workbook of three sheets, the second hidden; rows and a column of the first are hidden too.
fn workbook() -> Vec<u8> {
    let row = |n: u32, hidden: bool, cells: &[&str]| {
        let cells: String = cells.iter().zip(["A", "B", "C"]).map(|(c, column)| cell(&format!("{column}{n}"), c)).collect();
        format!("<row r='{n}'{}>{cells}</row>", if hidden { " hidden='1'" } else { "" })
    };
    let sheet = |columns: &str, rows: &[String]| {
        format!(
            "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>{columns}<sheetData>{}</sheetData></worksheet>",
            rows.concat()
        )
    };
    let first = sheet(
        "<cols><col min='3' max='3' hidden='1'/></cols>",
        &[
            row(1, false, &["Thôn", "Số hộ", "Mã"]),
            row(2, false, &["Khe Gió", "85", "K1"]),
            row(3, true, &["Bản Thượng", "1.250", "K2"]),
            row(4, false, &["Tổng cộng", "=SUM(B2:B3)", ""]),
        ],
    );
    let draft = sheet("", &[row(1, false, &["nháp", "1", "2"])]);
    let last = sheet("", &[row(1, false, &["Ngày", "Việc", ""]), row(2, false, &["15/02/2025", "Ra quân", ""])]);
    archive(&[
        ROOT,
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/worksheets/sheet1.xml", first.as_bytes()),
        ("xl/worksheets/sheet2.xml", draft.as_bytes()),
        ("xl/worksheets/sheet3.xml", last.as_bytes()),
    ])
}

#[test]
fn hidden_sheets_are_left_out_hidden_rows_are_read_and_both_are_said() {
    for name in ["phu-luc.xlsx", "phu-luc.xlsm"] {
        let (_dir, path) = file(name, &workbook());
        let source = read(&path);
        let due = "Thôn\tSố hộ\tMã\nKhe Gió\t85\tK1\nBản Thượng\t1.250\tK2\nTổng cộng\t1335\t\u{c}Ngày\tViệc\n15/02/2025\tRa quân";
        assert_eq!(source.text().trim_end_matches('\u{c}'), due);
        let due = [("sheet-hidden", "Nháp"), ("rows-hidden", "3"), ("columns-hidden", "C"), ("sum-computed", "B4")];
        assert_eq!(notes(&source), due);
    }
}

/// A record of the binary workbook: its kind and length in sevens of bits, then its bytes.
fn record(kind: u16, bytes: &[u8]) -> Vec<u8> {
    let mut out = if kind < 128 { vec![kind as u8] } else { vec![(kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8] };
    let mut length = bytes.len();
    while length >= 128 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(bytes);
    out
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    (units.len() as u32).to_le_bytes().into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn a_binary_workbook_is_read_too() {
    let book = [record(131, &[]), record(143, &[]), record(156, &[vec![0; 4], vec![1, 0, 0, 0], wide("a"), wide("Biểu 1")].concat())];
    let book = [book.concat(), record(144, &[]), record(132, &[])].concat();
    let place = |column: u32| [column.to_le_bytes(), [0; 4]].concat();
    let words = |column, text| record(6, &[place(column), wide(text)].concat());
    let number = |column, value: f64| record(5, &[place(column), value.to_le_bytes().to_vec()].concat());
    let row = |at: u32| record(0, &[at.to_le_bytes().to_vec(), vec![0; 13]].concat());
    let corners: Vec<u8> = [0_u32, 1, 0, 1].into_iter().flat_map(u32::to_le_bytes).collect();
    let cells = [row(0), words(0, "Thôn"), words(1, "Số hộ"), row(1), words(0, "Khe Gió"), number(1, 85.0)].concat();
    let sheet = [record(129, &[]), record(148, &corners), record(145, &[]), cells, record(146, &[]), record(130, &[])].concat();
    let links = LINKS.replace(".xml", ".bin");
    let parts: [(&str, &[u8]); 3] =
        [("xl/workbook.bin", &book), ("xl/_rels/workbook.bin.rels", links.as_bytes()), ("xl/worksheets/sheet1.bin", &sheet)];
    let (_dir, path) = file("phu-luc.xlsb", &archive(&parts));
    let source = read(&path);
    assert_eq!((source.text().trim_end_matches('\u{c}'), source.files()[0].words), ("Thôn\tSố hộ\nKhe Gió\t85", Words::Sheet));
}

#[test]
fn a_workbook_in_an_old_font_is_undone() {
    let rows = ["Các thôn đăng ký số hộ tham gia", "Phường xã quản lý đường làng ngõ xóm", "Tổng cộng số điểm thu gom rác thải"];
    let cells: String = (1..).zip(rows).map(|(n, text)| format!("<row r='{n}'>{}</row>", cell(&format!("A{n}"), &tcvn3(text)))).collect();
    let sheet =
        format!("<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{cells}</sheetData></worksheet>");
    let book = "<workbook xmlns:r='r'><sheets><sheet name='1' sheetId='1' r:id='a'/></sheets></workbook>";
    let parts: [(&str, &[u8]); 4] = [
        ROOT,
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    let (_dir, path) = file("cu.xlsx", &archive(&parts));
    let source = read(&path);
    assert_eq!((source.text(), notes(&source)), (rows.join("\n").as_str(), vec![("decoded", "TCVN3")]));
}

#[test]
fn utf16_and_utf8_read_as_latin_1_are_text() {
    let text = "Các thôn đăng ký số hộ tham gia, xong trước ngày 15/02/2025. Ủy ban nhân dân xã tổng hợp và báo cáo huyện.";
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let twice: String = text.bytes().map(char::from).collect();
    for (bytes, due) in [(wide, Vec::new()), (twice.into_bytes(), vec![("decoded", "UTF-8")])] {
        let (_dir, path) = file("kh.txt", &bytes);
        let source = read(&path);
        assert_eq!((source.text(), notes(&source)), (text, due));
    }
}

/// Runs the program itself on a paper; the tasks that stand in plan.yaml, each with its due.
fn tasks(path: &Path) -> Vec<(String, Option<String>)> {
    let out = path.with_extension("plan");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_plan-ingest")).arg(path).arg("--out").arg(&out).output().expect("it starts");
    assert!(out.join("plan.yaml").exists(), "{}", String::from_utf8_lossy(&done.stderr));
    let plan = std::fs::read_to_string(out.join("plan.yaml")).expect("readable");
    let report = plan_ingest::render::record::read(&plan).expect("our own");
    report.tasks.iter().map(|t| (t.what.clone(), t.due.as_ref().map(|d| d.says.clone()))).collect()
}

const DUTIES: [&str; 2] = [
    "Công chức Văn hóa - Xã hội tham mưu kế hoạch chi tiết, gửi Ủy ban nhân dân xã trước ngày 15/02/2025.",
    "Các thôn tổng hợp kết quả, báo cáo Ủy ban nhân dân xã trước ngày 20/12/2025.",
];

#[test]
fn from_word_to_plan_yaml() {
    let head =
        ["ỦY BAN NHÂN DÂN XÃ MÂY TRẮNG", "Số: 05/KH-UBND", "Mây Trắng, ngày 06 tháng 01 năm 2025", "KẾ HOẠCH", "Tổng vệ sinh năm 2025"];
    let body = head.map(paragraph).concat() + &item(0, "TỔ CHỨC THỰC HIỆN") + &DUTIES.map(|d| item(1, d)).concat();
    let (_dir, path) = file("ke-hoach.docx", &word(&body, ""));
    let found = tasks(&path);
    for (date, verb) in [("15/02/2025", "tham mưu"), ("20/12/2025", "tổng hợp")] {
        let fits =
            |(what, due): &(String, Option<String>)| what.to_lowercase().contains(verb) && due.as_ref().is_some_and(|d| d.contains(date));
        assert!(found.iter().any(fits), "{verb}: {found:?}");
    }
}

#[test]
fn from_a_web_page_to_plan_yaml() {
    if office().is_none() {
        return;
    }
    let head =
        ["ỦY BAN NHÂN DÂN XÃ MÂY TRẮNG", "Số: 05/KH-UBND", "Mây Trắng, ngày 06 tháng 01 năm 2025", "KẾ HOẠCH", "Tổng vệ sinh năm 2025"];
    let lines: String = head.iter().map(|l| format!("<p>{l}</p>")).collect();
    let duties: String = (1..).zip(DUTIES).map(|(n, d)| format!("<p>{n}. {d}</p>")).collect();
    let page =
        format!("<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{lines}<p>I. TỔ CHỨC THỰC HIỆN</p>{duties}</body></html>");
    let (_dir, path) = file("ke-hoach.html", page.as_bytes());
    let found = tasks(&path);
    for (date, verb) in [("15/02/2025", "tham mưu"), ("20/12/2025", "tổng hợp")] {
        let fits =
            |(what, due): &(String, Option<String>)| what.to_lowercase().contains(verb) && due.as_ref().is_some_and(|d| d.contains(date));
        assert!(found.iter().any(fits), "{verb}: {found:?}");
    }
}
