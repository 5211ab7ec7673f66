use super::*;
use crate::extract::Extractor;
use crate::parse::Parser;
use crate::rules::proof::Proof;
use crate::text::{Condition, File, Role, Source, SourceBuilder, Words as From};

fn found(repaired: &Repaired) -> Vec<Finding> {
    let book = RuleBook::embedded();
    let document = Parser::new(&book).expect("rules").parse(repaired);
    let plan = Extractor::new(&book).expect("rules").extract(repaired, &document);
    Checker::new(&book).expect("rules").check(repaired, &document, &plan)
}

fn of_text(text: &str) -> Vec<Finding> {
    found(&Repaired::new(Source::of_text("kh.txt", text, Condition::Clean), Vec::new()))
}

#[test]
fn every_rule_holds_for_its_own_plans() {
    let book = RuleBook::embedded();
    let failures = Checker::new(&book).expect("rules").prove(&book).expect("rules");
    let said: Vec<String> = failures.iter().map(|f| format!("{}:{}: {}", f.path, f.spot.line, f.reason)).collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn every_check_has_a_rule_file_and_every_rule_file_a_check() {
    let book = RuleBook::embedded();
    let mut files: Vec<String> = CHECKS.iter().map(|c| rule_file(c.id)).chain(["check/frame.yaml".to_owned()]).collect();
    files.sort();
    assert_eq!(book.list("check/"), files);
}

#[test]
fn a_plan_of_nothing_and_a_letter_deserve_no_finding() {
    for text in ["", "Kính gửi: Các thôn\n\nĐề nghị các thôn quan tâm.\n", "KẾ HOẠCH\n"] {
        assert!(of_text(text).is_empty(), "{text}");
    }
}

#[test]
fn a_plan_with_no_fault_deserves_no_finding() {
    let frame: serde_json::Value = RuleBook::embedded().load("check/frame.yaml").expect("the frame");
    let text = format!("{}1. Các thôn: Trồng cây.\n{}", frame["head"].as_str().unwrap_or(""), frame["tail"].as_str().unwrap_or(""));
    assert_eq!(of_text(&text), []);
}

#[test]
fn body_and_workbook_that_differ_are_told() {
    let annex = "PHỤ LỤC 01\nGIAO CHỈ TIÊU TRỒNG CÂY\nSTT\tThôn\tChỉ tiêu\n1\tThôn Thượng\t50\n2\tThôn Hạ\t40\n3\tThôn Trung\t30\n";
    let mut b = SourceBuilder::default();
    b.file(File { name: "kh.pdf".into(), sha256: String::new(), role: Role::Plan, words: From::Layer });
    b.page(Some(1), None, Condition::Clean, annex, Vec::new());
    b.file(File { name: "pl.xlsx".into(), sha256: String::new(), role: Role::Annex, words: From::Sheet });
    b.page(None, Some("Sheet1".into()), Condition::Clean, &annex.replace("40", "45"), Vec::new());
    let findings = found(&Repaired::new(b.finish(), Vec::new()));
    let differs: Vec<&Finding> = findings.iter().filter(|f| f.id == "annex-differs").collect();
    assert_eq!(differs.len(), 1);
    assert!(differs[0].message.contains("Thôn Hạ") && differs[0].message.contains("45") && differs[0].message.contains("40"));
}

#[test]
fn a_page_without_words_is_told() {
    let mut b = SourceBuilder::default();
    b.file(File { name: "kh.pdf".into(), sha256: String::new(), role: Role::Plan, words: From::Layer });
    for (i, text) in ["KẾ HOẠCH trồng cây xanh", "", "Nơi nhận: các thôn"].into_iter().enumerate() {
        b.page(u32::try_from(i + 1).ok(), None, Condition::Clean, text, Vec::new());
    }
    let findings = found(&Repaired::new(b.finish(), Vec::new()));
    assert_eq!(
        findings.iter().filter(|f| f.id == "page-unreadable").map(|f| f.message.as_str()).collect::<Vec<_>>(),
        ["Trang 2 hầu như không đọc được."]
    );
}

#[test]
fn words_of_the_document_fill_no_holes_of_a_message() {
    let rule: Rule = RuleBook::embedded().load("check/no-due.yaml").expect("rule");
    assert!(!rule.message(&[("says", "{task}".into()), ("task", "bí mật".into())]).contains("“bí mật”"));
}

/// The real plan, where its data stands beside the checkout, deserves exactly the findings of its gold file.
#[test]
fn the_real_plan_deserves_its_findings() {
    let seed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    let Ok(gold) = std::fs::read_to_string(seed.join("plan-77.gold.yaml")) else { return };
    let gold: serde_json::Value = crate::rules::read_yaml(&gold).expect("the gold file");
    let mut wanted: Vec<(String, String)> = gold["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|f| (f["id"].as_str().unwrap_or("").to_owned(), f["level"].as_str().unwrap_or("").to_owned()))
        .collect();
    let text = std::fs::read_to_string(seed.join("plan-77.truth.txt")).expect("the text");
    let findings = of_text(&text);
    let mut given: Vec<(String, String)> = findings
        .iter()
        .map(|f| (f.id.to_owned(), serde_json::to_value(f.level).expect("a level").as_str().unwrap_or("").to_owned()))
        .collect();
    wanted.sort();
    given.sort();
    let said: Vec<String> = findings.iter().map(|f| format!("{} {}", f.id, f.message)).collect();
    assert_eq!(given, wanted, "{}", said.join("\n"));
}
