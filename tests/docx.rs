//! Word templates: tags that Word has split are filled in, and each mistake is one readable sentence with its place.

use std::io::{Cursor, Read, Write};

use plan_ingest::error::Kind;
use plan_ingest::render::docx;
use serde_json::json;

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
    text
}

/// The words of each paragraph, in order; empty ones left out.
fn paragraphs(xml: &str) -> Vec<String> {
    let words = |p: &str| -> String {
        let runs = p.split("<w:t").skip(1).filter(|r| r.starts_with(['>', ' ']));
        runs.filter_map(|r| r.split_once('>')?.1.split("</w:t>").next()).collect()
    };
    xml.split("</w:p>").map(words).filter(|p| !p.trim().is_empty()).collect()
}

fn word(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("word/document.xml", options).expect("starts");
    write!(zip, "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>").expect("writes");
    zip.finish().expect("ends").into_inner()
}

fn data() -> serde_json::Value {
    json!({
        "head": { "number": "41/KH-UBND", "issuer": "UBND <phường> & \"Bến Lá\"" },
        "to": ["A", "B"],
        "tasks": [{ "what": "Họp\ntổ", "dues": ["1/9", "2/9"] }, { "what": "{{ 7 * 7 }}", "dues": [] }],
        "late": false,
    })
}

#[test]
fn a_template_from_word_is_filled_in() {
    let template = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/render/split-tags.docx")).expect("a template");
    let filled = docx::fill(&template, &data()).expect("fills");
    assert_eq!(filled, docx::fill(&template, &data()).expect("fills"), "the same bytes twice");
    let body = part(&filled, "word/document.xml");
    assert_eq!(
        paragraphs(&body),
        ["Kính gửi: A; B", "Việc", "Hạn", "Họptổ", "- 1/9", "- 2/9", "{{ 7 * 7 }}", "Không có việc trễ hạn.", "Nhiều việc"]
    );
    assert!(body.contains("Họp</w:t><w:br/><w:t xml:space=\"preserve\">tổ"), "a line end is a break");
    assert_eq!(paragraphs(&part(&filled, "word/header1.xml")), ["Đầu trang: 41/KH-UBND"]);
    assert_eq!(paragraphs(&part(&filled, "word/footer1.xml")), ["UBND &lt;phường&gt; &amp; &quot;Bến Lá&quot;"]);
}

#[test]
fn rows_of_a_table_within_a_row_are_repeated_too() {
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let row = |inner: &str| format!("<w:tr><w:tc>{inner}</w:tc></w:tr>");
    let inner =
        format!("<w:tbl>{}{}{}</w:tbl>{}", row(&p("{%tr for d in t.dues %}")), row(&p("Hạn {{ d }}")), row(&p("{%tr endfor %}")), p("hết"));
    let rows = [row(&p("{%tr for t in tasks %}")), row(&(p("{{ t.what }}") + &inner)), row(&p("{%tr endfor %}"))];
    let filled = docx::fill(&word(&format!("<w:tbl>{}</w:tbl>", rows.concat())), &data()).expect("fills");
    let body = part(&filled, "word/document.xml");
    assert_eq!(paragraphs(&body), ["Họptổ", "Hạn 1/9", "Hạn 2/9", "hết", "{{ 7 * 7 }}", "hết"]);
    assert_eq!((body.matches("<w:tr>").count(), body.matches("<w:tbl>").count()), (4, 3));
}

#[test]
fn every_mistake_is_a_sentence_with_its_place() {
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    for (text, says) in [
        ("{{ so_hieu }}", "so_hieu"),
        ("{{ head.nubmer }}", "nubmer"),
        ("{{ head.number | toupper }}", "toupper"),
        ("{% for t in tasks %}{{ t.what }}", "`for` is never closed by `endfor`"),
        ("{% if late %}x", "`if` is never closed by `endif`"),
        ("{% endfor %}", "`endfor` closes nothing"),
        ("{% if %}x{% endif %}", "Found `%}`"),
        ("{{ head.number ", "`{{` is never closed by `}}`"),
        ("{% fro t in tasks %}", "Unknown tag"),
        ("{{ tasks | join(sep=1) }}", "expected `string`"),
        ("{{ 'x }}", "missing its closing"),
        ("{% for t in late %}{% endfor %}", "Iteration not possible"),
        ("{%p if late %}Chữ bên cạnh", "would be lost"),
        ("{%tr for t in tasks %}", "stands in no row of a table"),
    ] {
        let body = format!("{}{}", p("Dòng đầu"), p(text));
        let error = docx::fill(&word(&body), &data()).expect_err(text);
        assert_eq!(error.kind(), Kind::BadTemplate, "{text}");
        assert_eq!(error.path().and_then(|p| p.to_str()), Some("word/document.xml"), "{text}");
        let detail = error.detail_text().unwrap_or_default();
        assert!(!detail.contains('\n') && detail.contains("¶2 “") && detail.contains(says), "{text}: {detail}");
        println!("{text}  →  {detail}");
    }
    for bytes in [b"not a package".as_slice(), b""] {
        assert_eq!(docx::fill(bytes, &data()).expect_err("no Word file").kind(), Kind::NotThisKind);
    }
    assert!(docx::fill(&word("<w:p><w:t>x</w:p>"), &data()).is_err());
}

proptest::proptest! {
    #[test]
    fn whatever_stands_in_a_template_is_filled_or_told(text in "([{}%#]{1,2}|tr |p |for |if |end|in tasks|head\\.number|[ạ“”'\"|a-c ]|<w:br/>|</w:t>|\\PC){0,24}") {
        if let Err(e) = docx::fill(&word(&format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")), &data()) {
            proptest::prop_assert!([Kind::BadTemplate, Kind::Damaged].contains(&e.kind()), "{e}");
        }
    }
}

/// A report form of ours, with `change` made in the part `name`.
fn report(name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/render/report.docx")).expect("a report");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for nth in 0..archive.len() {
        let mut file = archive.by_index(nth).expect("a part");
        let part = file.name().expect("a name").into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).expect("UTF-8");
        zip.start_file(&part, zip::write::SimpleFileOptions::default()).expect("starts");
        zip.write_all(if part == name { change(&text) } else { text }.as_bytes()).expect("writes");
    }
    zip.finish().expect("ends").into_inner()
}

#[test]
fn a_document_is_held_against_the_norm_rule_by_rule() {
    let norm = docx::Norm::new(&plan_ingest::rules::RuleBook::embedded()).expect("our own rules");
    let ids = |bytes: &[u8]| -> Vec<String> { norm.check(bytes).expect("a Word file").into_iter().map(|d| d.id).collect() };
    const BODY: &str = "word/document.xml";
    assert_eq!(ids(&report(BODY, str::to_owned)), Vec::<String>::new(), "our own forms keep it");
    for (part, from, to, id) in [
        (BODY, "w:left=\"1701\"", "w:left=\"1134\"", "margin-left"),
        (BODY, "w:top=\"1134\"", "w:top=\"850\"", "margin-top"),
        (BODY, "w:bottom=\"1134\"", "w:bottom=\"1701\"", "margin-bottom"),
        (BODY, "w:right=\"1021\"", "w:right=\"1701\"", "margin-right"),
        (BODY, "w:w=\"11906\" w:h=\"16838\"", "w:w=\"12240\" w:h=\"15840\"", "page"),
        (BODY, "<w:titlePg/>", "", "page-number"),
        (BODY, "CỘNG HÒA XÃ HỘI", "Cộng hòa xã hội", "nation"),
        (BODY, "Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc", "motto"),
        (BODY, "Số: ……/BC-……", "Số: 5 /BC-UBND", "number"),
        (BODY, "ngày …… tháng …… năm ……", "ngày 5 tháng 2 năm 2025", "date"),
        (BODY, "Nơi nhận:", "Gửi:", "recipients"),
        (BODY, "Nơi nhận:", "NƠI NHẬN:", "recipients"),
        (BODY, ">BÁO CÁO<", ">Báo cáo<", "kind"),
        (BODY, "- Lưu: ……", "- Lưu văn thư", "filing"),
        (BODY, "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", "Người viết", "signature"),
        ("word/styles.xml", "w:ascii=\"Times New Roman\"", "w:ascii=\"Arial\"", "font"),
        ("word/styles.xml", "<w:sz w:val=\"28\"/>", "<w:sz w:val=\"32\"/>", "size"),
    ] {
        let found = ids(&report(part, |xml| {
            assert!(xml.contains(from), "{part} holds {from}");
            xml.replace(from, to)
        }));
        // A size that is wrong everywhere is wrong in the signature too.
        assert!(found.iter().any(|f| f == id) && (id == "size" || found.iter().all(|f| f == id)), "{id}: {found:?}");
    }
    // Letters of one part: too large or too small, not bold, not italic.
    let says =
        |bytes: &[u8]| -> Vec<(String, String)> { norm.check(bytes).expect("a Word file").into_iter().map(|d| (d.id, d.says)).collect() };
    for (words, id) in [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "nation"),
        ("Độc lập - Tự do - Hạnh phúc", "motto"),
        ("Số: ……/BC-……", "number"),
        ("tháng …… năm ……", "date"),
        ("Nơi nhận:", "recipients"),
        ("- Lưu: ……", "filing"),
        ("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", "signature"),
        ("BÁO CÁO", "kind"),
    ] {
        for (change, told) in [("size", "Cỡ chữ 9"), ("b", "Phải in đậm"), ("i", "Phải in nghiêng")] {
            let changed = std::cell::Cell::new(false);
            let bytes = report(BODY, |xml| {
                let at = xml.find(words).expect(words);
                let run = xml[..at].rfind("<w:r>").expect("a run");
                let (own, small) = (&xml[run..at], "<w:sz w:val=\"18\"/>");
                let look = match change {
                    "size" if own.contains("<w:sz ") => {
                        ["22", "24", "26", "28"].iter().fold(own.to_owned(), |l, n| l.replace(&format!("<w:sz w:val=\"{n}\"/>"), small))
                    }
                    "size" if own.contains("<w:rPr>") => own.replacen("<w:rPr>", &format!("<w:rPr>{small}"), 1),
                    "size" => own.replacen("<w:r>", &format!("<w:r><w:rPr>{small}</w:rPr>"), 1),
                    tag => own.replacen(&format!("<w:{tag}/>"), "", 1),
                };
                changed.set(look != own);
                format!("{}{look}{}", &xml[..run], &xml[at..])
            });
            let found = says(&bytes);
            assert!(
                !changed.get() || found.iter().any(|(rule, says)| rule == id && says.starts_with(told)),
                "{words}, {change}: {found:?}"
            );
            assert!(change != "size" || changed.get(), "{words}");
        }
    }
}
