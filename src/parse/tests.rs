//! Questions to the parser as a whole.

use super::*;

fn parse(text: &str) -> Document {
    let repaired = Repaired::new(Source::of_text("x.txt", text, Condition::Clean), Vec::new());
    Parser::new(&RuleBook::embedded()).expect("our own rules are right").parse(&repaired)
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
