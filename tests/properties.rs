//! Properties over any text: nothing panics, places stay inside, quotes are the text at their place, protected words stay, two runs agree.

use std::sync::LazyLock;

use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Condition, Source, Span};
use plan_ingest::{Corridor, Ingested, read};
use proptest::prelude::*;

static CORRIDOR: LazyLock<Corridor> =
    LazyLock::new(|| Corridor::new(&RuleBook::embedded(), read::Settings::default()).expect("our own rules are right"));

fn ingest(text: &str, condition: Condition) -> Ingested {
    CORRIDOR.understand(Source::of_text("kh.txt", text, condition), &plan_ingest::correct::Corrections::default(), &mut |_| {})
}

/// Text that looks like a plan here and there, and like nothing elsewhere.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => prop::sample::select(vec![
            "KE HOACH", "KẾ HOẠCH", "Số: 12/KH-UBND", "S6: 12/KH-UBND", "I. MỤC ĐÍCH", "1. ", "- ", "a) ", "trước ngày 25/4/2024", "truoc ngay 03/5",
            "t6 dan phd", "Tổ dân phố Số 1 | 5 | 1 | 2", "Tổng cộng 128 24 50 54", "PHỤ LỤC", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "hàng tuần",
            "ngày 31/02/2024", "ngày 28 hàng tháng", "5 người", "100%", "0912345678", "a@b.vn", "08-CT/TU", "kinh phi 1.200.000 d6ng", "Dugc", "cta",
            "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{ 7*7 }}", "\u{202e}", "\t", "\u{c}",
        ]).prop_map(str::to_owned),
        2 => "\\PC{0,12}",
        1 => any::<String>(),
    ];
    let end = prop::sample::select(vec![" ", "\n", "\n\n", "; ", "."]);
    prop::collection::vec((pieces, end), 0..40).prop_map(|parts| parts.into_iter().map(|(p, e)| p + e).collect())
}

fn conditions() -> impl Strategy<Value = Condition> {
    prop::sample::select(vec![Condition::Unknown, Condition::Clean, Condition::ForeignOcr, Condition::VietnameseOcr, Condition::Stripped])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_goes_through_and_every_place_lies_in_it(text in texts(), condition in conditions()) {
        let done = ingest(&text, condition);
        let whole = done.repaired.text();
        let spans = done.plan.tasks.iter().map(|t| t.at).chain(done.plan.quotas.iter().map(|q| q.at)).chain(done.findings.iter().filter_map(|f| f.at));
        for at in spans.chain(done.document.clauses.iter().map(|c| c.whole)) {
            prop_assert!(whole.get(at.range()).is_some(), "{at:?} is not a part of {whole:?}");
            let cited = done.repaired.cite(at);
            if !cited.quote.ends_with('…') {
                prop_assert_eq!(cited.quote, whole[at.range()].split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }

    #[test]
    fn edits_lead_there_and_back(text in texts(), condition in conditions()) {
        let done = ingest(&text, condition);
        let (repaired, raw) = (&done.repaired, done.repaired.source().text());
        prop_assert_eq!(repaired.log().apply(raw), repaired.text());
        for edit in repaired.log().edits() {
            let at = repaired.log().to_fixed(edit.raw);
            prop_assert_eq!(repaired.words(at), &edit.fixed);
            prop_assert_eq!(repaired.log().to_raw(Span::new(at.start, at.end)).range(), edit.raw.range());
        }
    }

    #[test]
    fn figures_and_codes_are_never_changed_without_a_trace(text in texts(), condition in conditions()) {
        let done = ingest(&text, condition);
        let digits = |t: &str| t.chars().filter(char::is_ascii_digit).collect::<String>();
        for edit in done.repaired.log().edits() {
            let read = &done.repaired.source().text()[edit.raw.range()];
            // A word that an OCR wrote with a digit in it (t6, H6i) may lose it; a number stays a number.
            let number = read.chars().any(|c| c.is_ascii_digit()) && !read.chars().any(char::is_alphabetic);
            prop_assert!(!number || digits(read) == digits(&edit.fixed) || edit.sure == plan_ingest::text::Sure::Doubtful, "{read:?} → {:?}", edit.fixed);
        }
        for kept in ["0912345678", "a@b.vn", "08-CT/TU"] {
            prop_assert_eq!(text.matches(kept).count() <= done.repaired.text().matches(kept).count(), true, "{} is kept", kept);
        }
    }

    #[test]
    fn the_same_text_gives_the_same_plan(text in texts()) {
        let [one, two] = [0, 1].map(|_| ingest(&text, Condition::Unknown).report.write().expect("writes"));
        prop_assert_eq!(&one, &two);
        prop_assert!(plan_ingest::render::record::read(&one).is_ok(), "what is written can be read back");
    }

    #[test]
    fn clean_text_stays_as_it_is(text in texts()) {
        let done = ingest(&text, Condition::Clean);
        prop_assert_eq!(done.repaired.text(), done.repaired.source().text());
    }
}

/// The plan of the fixtures as it should read.
#[test]
fn clean_vietnamese_of_unknown_origin_stays_as_it_is() {
    let truth = include_str!("../fixtures/plans/phan-loai-rac/truth.txt");
    let done = ingest(truth, Condition::Unknown);
    let log = done.repaired.log();
    let changed: Vec<(&str, &str)> =
        log.edits().iter().map(|e| (&done.repaired.source().text()[e.raw.range()], e.fixed.as_str())).collect();
    assert!(changed.is_empty(), "{changed:?}");
}
