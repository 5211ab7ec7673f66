use super::*;
use crate::parse::table::Tables;
use crate::text::{File, Role, Source, SourceBuilder};

fn read_with(repaired: &Repaired, period: Option<&Period>) -> Found {
    let book = RuleBook::embedded();
    let document = Document { tables: Tables::new(&book).expect("rules").find(repaired), ..Document::default() };
    let mut actor = |_: &str, _: Span| Some(0);
    Annexes::new(&book).expect("rules").find(repaired, &document, Context { period, actor: &mut actor })
}

fn read(repaired: &Repaired) -> Found {
    read_with(repaired, None)
}

fn of_text(text: &str, condition: Condition) -> Repaired {
    Repaired::new(Source::of_text("kh.txt", text, condition), Vec::new())
}

/// `.` for an empty cell, `?` for words.
fn cells(figures: &[Figure]) -> String {
    let one = |f: &Figure| match f {
        Figure::Whole(n) => n.to_string(),
        Figure::Number(n) => n.to_string(),
        Figure::Words(_) => "?".to_owned(),
        Figure::Empty(()) => ".".to_owned(),
    };
    figures.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn table(annex: &Annex) -> Vec<String> {
    let rows = annex.rows.iter().map(|r| format!("{}: {}", r.label, cells(&r.cells)));
    rows.chain(annex.totals.as_deref().map(|t| format!("= {}", cells(t)))).collect()
}

const WALLED: &str = "PHỤ LỤC 01\nGIAO CHỈ TIÊU TRỒNG CÂY\n(Kèm theo Kế hoạch số 12/KH-UBND ngày 03/3/2026)\n\
    STT\tThôn\tSố cây giao năm 2026\tĐã trồng\tMất\tChỉ tiêu\t\n\t\t\t\t\tđợt cao điểm\tcuối năm\n\
    1\tThôn Thượng\t50\t10\t\t30\t10\n2\tThôn Trung\t40\t\t\t25\t15\n3\tThôn Hạ\t35\t5\t\t20\t10\n\tTổng cộng\t125\t15\t\t75\t35\n";

#[test]
fn the_rules_hold_for_their_own_examples() {
    let book = RuleBook::embedded();
    assert_eq!(Annexes::new(&book).expect("rules").prove(&book).expect("rules"), []);
}

#[test]
fn an_annex_with_walls_sets_quotas() {
    let period = Period { from: Some(jiff::civil::date(2026, 3, 5)), to: Some(jiff::civil::date(2026, 5, 31)), until: None };
    let found = read_with(&of_text(WALLED, Condition::Clean), Some(&period));
    let annex = &found.annexes[0];
    assert_eq!(annex.title, "GIAO CHỈ TIÊU TRỒNG CÂY");
    assert_eq!(table(annex), ["Thôn Thượng: 50 10 . 30 10", "Thôn Trung: 40 . . 25 15", "Thôn Hạ: 35 5 . 20 10", "= 125 15 . 75 35"]);
    assert_eq!(annex.sums, [Sum { target: 0, parts: vec![1, 3, 4] }]);
    assert_eq!(annex.added, [0, 1, 3, 4]);
    assert!(annex.mended.is_empty() && annex.doubtful.is_empty());
    let quotas = found.quotas(&["thon".to_owned()]);
    assert_eq!(quotas.len(), 9);
    let by = |i: usize| match &quotas[i].what.by {
        Some(crate::calendar::Due { when: crate::calendar::When::Day { date, .. }, .. }) => date.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!([by(0), by(1), by(2)], ["2026-12-31", "2026-05-31", "2026-12-31"]);
    assert_eq!(
        (quotas[1].what.amount, quotas[1].what.unit.as_str(), quotas[1].what.who.as_slice()),
        (30.0, "cây", &["thon".to_owned()][..])
    );
    assert_eq!(quotas[0].id, "PL1.1-1");
}

#[test]
fn text_that_never_was_an_image_is_not_mended() {
    let wrong = WALLED.replace("\t35\t5\t", "\t36\t5\t");
    let annex = read(&of_text(&wrong, Condition::Clean)).annexes.remove(0);
    assert_eq!(cells(&annex.rows[2].cells), "36 5 . 20 10");
    assert!(annex.mended.is_empty() && !annex.added.contains(&0));
}

#[test]
fn a_scanned_annex_is_mended_and_says_so() {
    let more = "4\tThôn Đông\t20\t8\t\t7\t5\n5\tThôn Tây\t30\t6\t\t14\t10\n\tTổng cộng\t175\t29\t\t96\t50\n";
    let scanned =
        format!("{}{more}", WALLED.split("\tTổng").next().unwrap_or("")).replace("\t35\t5\t", "\t35\tS\t").replace("\t25\t15", "\t25\t16");
    let annex = read(&of_text(&scanned, Condition::ForeignOcr)).annexes.remove(0);
    assert_eq!(table(&annex)[1..3], ["Thôn Trung: 40 . . 25 15", "Thôn Hạ: 35 5 . 20 10"]);
    let mended: Vec<_> = annex.mended.iter().map(|m| (m.row, m.column, m.as_read.as_deref(), m.value.clone())).collect();
    assert_eq!(mended, [(2, 5, Some("16"), Figure::Whole(15)), (3, 2, Some("S"), Figure::Whole(5))]);
    assert!(annex.mended[0].why.contains("cột 1 = cột 2 + cột 4 + cột 5"), "{}", annex.mended[0].why);
}

#[test]
fn two_cells_that_one_sum_must_prove_are_kept_as_read() {
    // Without a total row the second row has one sum and two cells that no one can read.
    let text = "STT\tThôn\tCả năm\tĐợt 1\tĐợt 2\n1\tThôn Thượng\t50\t30\t20\n2\tThôn Trung\t40\tS\t?\n3\tThôn Hạ\t35\t15\t20\n\
                4\tThôn Đông\t30\t10\t20\n5\tThôn Tây\t27\t10\t17\n";
    let annex = read(&of_text(text, Condition::ForeignOcr)).annexes.remove(0);
    assert_eq!(cells(&annex.rows[1].cells), "40 ? ?");
    assert!(annex.mended.is_empty(), "{:?}", annex.mended);
    assert_eq!(annex.doubtful.iter().map(|d| (d.row, d.column)).collect::<Vec<_>>(), [(2, 2), (2, 3)]);
}

#[test]
fn what_sums_do_not_settle_is_kept_as_read_and_named() {
    let text = "1 | Thôn Thượng 7 7\n2 | Thôn Hạ 7 7\n3 | Thôn Trung 9 8 1\n4 | Thôn Đông 6 4 2\n5 | Thôn Tây 8 5 3\nTổng cộng 37 24 13\n";
    let annex = read(&of_text(text, Condition::ForeignOcr)).annexes.remove(0);
    assert_eq!(annex.doubtful.len(), 4);
    assert!(annex.doubtful.iter().all(|d| d.row <= 2 && d.column > 1 && !d.others.is_empty()));
}

#[test]
fn subtotals_of_groups_mend_their_rows() {
    let text = "PHỤ LỤC 01\nGIAO CHỈ TIÊU TRỒNG CÂY\nSTT\tThôn\tChỉ tiêu cả năm\tĐợt 1\nI\tKhu Bắc\t75\t30\n1\tThôn Thượng\t40\t10\n\
                2\tThôn Trung\t3S\t20\nII\tKhu Nam\t60\t25\n1\tThôn Hạ\t35\t15\n2\tThôn Đông\t25\t1O\n\tTổng cộng\t135\t55\n";
    let annex = read(&of_text(text, Condition::ForeignOcr)).annexes.remove(0);
    assert_eq!(table(&annex), ["Thôn Thượng: 40 10", "Thôn Trung: 35 20", "Thôn Hạ: 35 15", "Thôn Đông: 25 10", "= 135 55"]);
    assert_eq!(annex.added, [0, 1]);
    // A total that the groups do not come to is told.
    let wrong = read(&of_text(&text.replace("3S", "35").replace("1O", "10").replace("135", "136"), Condition::Clean)).annexes.remove(0);
    assert_eq!(wrong.not_added, [0]);
}

#[test]
fn the_workbook_wins_over_the_body() {
    let mut b = SourceBuilder::default();
    b.file(File { name: "kh.pdf".into(), sha256: String::new(), role: Role::Plan, words: Words::Layer });
    b.page(Some(1), None, Condition::Clean, &WALLED.replace("30\t10", "30\t19"), Vec::new());
    b.file(File { name: "pl.xlsx".into(), sha256: String::new(), role: Role::Annex, words: Words::Sheet });
    b.page(None, Some("Sheet1".into()), Condition::Clean, WALLED, Vec::new());
    let found = read(&Repaired::new(b.finish(), Vec::new()));
    assert_eq!(found.annexes.len(), 1);
    let annex = &found.annexes[0];
    assert_eq!(cells(&annex.rows[0].cells), "50 10 . 30 10");
    let differs: Vec<_> = annex.differs.iter().map(|d| (d.label.as_str(), d.here.clone(), d.there.clone())).collect();
    assert_eq!(differs, [("Thôn Thượng", Figure::Whole(10), Figure::Whole(19))]);
}

#[test]
fn tasks_forms_and_letters_are_no_annexes() {
    let tasks = "STT\tNhiệm vụ\tChủ trì\tThời gian\n1\tMở lớp\tPhòng Văn hóa\t2026\n2\tThi\tPhòng Nội vụ\t2027\n";
    let form = "TT\tTên dự án\tTổng mức\tĐã chi\n1\t\t\t\n2\t\t\t\n";
    for text in [tasks, form, ""] {
        assert!(read(&of_text(text, Condition::Clean)).annexes.is_empty(), "{text}");
    }
}

/// The real plan's annex, where its data stands beside the checkout: repaired text, text as an OCR left it, and the gold rows.
#[test]
fn the_real_annex_comes_out_whole() {
    let seed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    let Ok(gold) = std::fs::read_to_string(seed.join("plan-77.gold.yaml")) else { return };
    let gold: serde_json::Value = crate::rules::read_yaml(&gold).expect("the gold file");
    let gold = &gold["annexes"][0];
    let row = |cells: &serde_json::Value| {
        let one = |c: &serde_json::Value| c.as_i64().map_or_else(|| ".".to_owned(), |n| n.to_string());
        cells.as_array().expect("cells").iter().map(one).collect::<Vec<_>>().join(" ")
    };
    let mut wanted: Vec<String> = gold["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|r| format!("{}: {}", r["label"].as_str().unwrap_or(""), row(&r["cells"])))
        .collect();
    wanted.push(format!("= {}", row(&gold["totals"])));

    let truth = std::fs::read_to_string(seed.join("plan-77.truth.txt")).expect("the text");
    let found = read(&of_text(&truth, Condition::Unknown));
    assert_eq!(table(&found.annexes[0]), wanted);
    assert!(found.annexes[0].mended.is_empty());

    // The same text with the figures as the OCR read them.
    let read_by_ocr = std::fs::read_to_string(seed.join("plan-77.txt")).expect("the text");
    let tail = |line: &str| line.rsplit(' ').next().unwrap_or("").to_owned();
    let damaged: Vec<String> = truth
        .lines()
        .zip(read_by_ocr.lines())
        .map(|(t, o)| if t.contains(" | Tổ dân phố") { format!("{} {}", &t[..t.len() - tail(t).len() - 1], tail(o)) } else { t.to_owned() })
        .collect();
    let annex = read(&of_text(&damaged.join("\n"), Condition::ForeignOcr)).annexes.remove(0);
    assert_eq!(table(&annex), wanted);
    assert_eq!(annex.mended.iter().map(|m| (m.row, m.column)).collect::<Vec<_>>(), [(1, 5), (2, 5), (10, 5), (15, 5)]);
    assert!(annex.doubtful.is_empty());
}
