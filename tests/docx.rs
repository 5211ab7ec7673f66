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
fn every_mistake_is_a_sentence_with_its_place() {
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    for (text, says) in [
        ("{{ so_hieu }}", "so_hieu"),
        ("{{ head.nubmer }}", "nubmer"),
        ("{{ head.number | toupper }}", "toupper"),
        ("{% for t in tasks %}{{ t.what }}", ""),
        ("{% if late %}x", ""),
        ("{% endfor %}", ""),
        ("{% if %}x{% endif %}", ""),
        ("{{ head.number ", ""),
        ("{% fro t in tasks %}", ""),
        ("{{ tasks | join(sep=1) }}", ""),
        ("{{ 'x }}", ""),
        ("{% for t in late %}{% endfor %}", ""),
    ] {
        let body = format!("{}{}", p("Dòng đầu"), p(text));
        let error = docx::fill(&word(&body), &data()).expect_err(text);
        assert_eq!(error.kind(), Kind::BadTemplate, "{text}");
        assert_eq!(error.path().and_then(|p| p.to_str()), Some("word/document.xml"), "{text}");
        let detail = error.detail_text().unwrap_or_default();
        assert!(!detail.contains('\n') && detail.contains("(¶") && detail.contains(says), "{text}: {detail}");
        println!("{text}  →  {detail}");
    }
    for bytes in [b"not a package".as_slice(), b""] {
        assert_eq!(docx::fill(bytes, &data()).expect_err("no Word file").kind(), Kind::NotThisKind);
    }
    assert!(docx::fill(&word("<w:p><w:t>x</w:p>"), &data()).is_err());
}
