//! Questions to the parser as a whole.

use super::*;

fn parse(text: &str) -> Document {
    Parser::new(&RuleBook::embedded()).expect("our own rules are right").parse(&proof::as_read(text))
}

fn paths(document: &Document) -> Vec<&str> {
    document.clauses.iter().map(|c| c.path.as_str()).collect()
}

#[test]
fn every_level_of_a_document_has_its_path() {
    let document = parse(
        "KẾ HOẠCH\nTrồng cây\n\nPhần I\nMỤC TIÊU\nChương II. NỘI DUNG\nMục 1. CÂY BÓNG MÁT\nĐiều 3. Chọn giống\n1. Các thôn:\na) Chọn cây.\n\
         - Cây xà cừ:\n+ Cây cao hai mét.\nb) Báo cáo.\n1.1. Mua cây\n1.2. Trồng cây\nĐiều 4. Chăm sóc\n1. Tưới nước.",
    );
    let document = paths(&document);
    for path in ["P1", "P1.C2", "P1.C2.M1", "P1.C2.M1.Đ3", "P1.C2.M1.Đ3.1", "P1.C2.M1.Đ3.1.a", "P1.C2.M1.Đ3.1.b", "P1.C2.M1.Đ4.1"] {
        assert!(document.contains(&path), "{path} is not among {document:?}");
    }
}

#[test]
fn headings_in_bold_and_headings_without_are_read_alike() {
    let plain = parse("KẾ HOẠCH\nDân vận\n\nI. MỤC ĐÍCH\n1. Yêu cầu\n- Đúng quy định.\nII. TỔ CHỨC THỰC HIỆN\n1. Công an xã:\n- Tuần tra.");
    let bold = parse(
        "**KẾ HOẠCH**\n**Dân vận**\n\n**I. MỤC ĐÍCH**\n*1. Yêu cầu*\n- Đúng quy định.\n**II. TỔ CHỨC THỰC HIỆN**\n**1. Công an xã:**\n- Tuần tra.",
    );
    assert_eq!(paths(&plain), ["I", "I.1", "I.1", "II", "II.1", "II.1"]);
    assert_eq!(paths(&plain), paths(&bold));
    assert_eq!(plain.header.title.map(|t| t.what), bold.header.title.map(|t| t.what));
}

#[test]
fn a_decision_carries_its_plan_and_annexes_and_forms_stand_apart() {
    let document = parse(
        "ỦY BAN NHÂN DÂN XÃ BÌNH LỘC\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 45/QĐ-UBND\tBình Lộc, ngày 04 tháng 3 năm 2026\nQUYẾT ĐỊNH\n\
         Ban hành Kế hoạch dân vận năm 2026\nCăn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;\nQUYẾT ĐỊNH:\n\
         Điều 1. Ban hành kèm theo Quyết định này Kế hoạch dân vận.\nĐiều 2. Quyết định này có hiệu lực từ ngày ký.\n\
         Nơi nhận:\tTM. ỦY BAN NHÂN DÂN\n- Các thôn;\tCHỦ TỊCH\n- Lưu: VT.\tTrần Văn Bình\n\n\
         KẾ HOẠCH\nDân vận năm 2026\n(Ban hành kèm theo Quyết định số 45/QĐ-UBND ngày 04/3/2026 của UBND xã)\n\n\
         I. MỤC ĐÍCH\nNâng cao nhận thức.\nII. TỔ CHỨC THỰC HIỆN\n1. Công an xã:\n- Tuần tra.\n\n\
         PHỤ LỤC I\nDANH MỤC NHIỆM VỤ\n1. Tuyên truyền.\n\nPHỤ LỤC II\nKINH PHÍ\n1. Ngân sách xã.\n\nMẪU SỐ 01\nBÁO CÁO KẾT QUẢ\n1. Kết quả:\n",
    );
    assert_eq!(document.header.kind.as_ref().map(|k| k.what.as_str()), Some("quyet-dinh"));
    let found = paths(&document);
    assert_eq!(found[..2], ["Đ1", "Đ2"]);
    for path in ["I", "II", "II.1", "PL1", "PL2", "PL3"] {
        assert!(found.contains(&path), "{path} is not among {found:?}");
    }
    assert!(found.iter().skip_while(|p| **p != "PL1").all(|p| p.starts_with("PL")), "{found:?}");
    assert_eq!(document.closing.signed.and_then(|s| s.by).as_deref(), Some("Trần Văn Bình"));
}

#[test]
fn numbers_that_an_ocr_damaged_keep_their_order() {
    let document = parse(
        "KẾ HOẠCH\nDân vận\n\n|. MỤC ĐÍCH\nl. Nâng cao nhận thức.\n2. Đúng quy định.\nIl. NỘI DUNG\n1. Tuyên truyền.\n111. KINH PHÍ\nTheo quy định.\n\
         Iv. TỔ CHỨC THỰC HIỆN\n1. Công an xã:\na) Tuần tra.\nb) Báo cáo.",
    );
    assert_eq!(paths(&document), ["I", "I.1", "I.2", "II", "II.1", "III", "III", "IV", "IV.1", "IV.1.a", "IV.1.b"]);
}

#[test]
fn whom_a_letter_is_addressed_to_is_no_part_of_its_body() {
    let document = parse(
        "UBND TỈNH TÂN AN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ NỘI VỤ\tĐộc lập - Tự do - Hạnh phúc\nSố: 12/SNV-CCHC\tThành phố Tân An, ngày 05 tháng 3 năm 2026\n\
         V/v rà soát số liệu\nKính gửi:\n- Các sở, ban, ngành;\n- UBND các xã, phường.\nSở Nội vụ đề nghị các đơn vị rà soát số liệu.\n1. Các xã báo cáo.",
    );
    assert_eq!(document.header.place.as_ref().map(|p| p.what.as_str()), Some("Thành phố Tân An"));
    assert_eq!(paths(&document), ["0", "1"]);
}

#[test]
fn every_rule_keeps_its_examples() {
    let book = RuleBook::embedded();
    assert_eq!(Parser::new(&book).expect("our own rules are right").prove(&book).expect("readable"), Vec::new());
}

#[test]
fn a_sentence_runs_on_over_the_page() {
    let text = "KẾ HOẠCH\nDân vận\n\nI. NỘI DUNG\n- Các thôn tuyên truyền đến từng hộ gia đình trên địa bàn, bảo đảm\n\u{c}\n2\n\nđúng đối tượng.\n- Báo cáo.";
    let document = parse(text);
    assert_eq!(document.clauses.iter().map(|c| c.marker).collect::<Vec<_>>(), [Marker::Roman, Marker::Dash, Marker::Dash]);
    assert_eq!(
        Prose::new(text, document.clauses[1].body).text().len(),
        "Các thôn tuyên truyền đến từng hộ gia đình trên địa bàn, bảo đảm đúng đối tượng.".len()
    );
}

#[test]
fn any_text_is_borne() {
    for text in [
        "",
        "\n\n\u{c}",
        "|||",
        "- ",
        "1.",
        "I.\n1.\na)\n-\n+",
        "(((((:",
        "KẾ HOẠCH",
        "Nơi nhận:",
        "TM. ",
        "Phụ lục",
        "Điều",
        "\u{300}\u{301}: x",
    ] {
        let document = parse(text);
        for clause in &document.clauses {
            assert!(clause.whole.holds(clause.body) && clause.whole.end <= text.len(), "{text:?}");
        }
    }
}
