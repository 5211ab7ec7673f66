//! Whatever a later run reads, a person's words stand: properties of corrections laid over plans that have changed since.

use std::path::Path;

use plan_ingest::calendar::Due;
use plan_ingest::correct::{About, Corrections, Entry, Fields, PERSON};
use plan_ingest::render::record::TaskRecord;
use plan_ingest::render::{Folder, Renderer, Report};
use plan_ingest::rules::RuleBook;
use plan_ingest::text::Sure;
use proptest::prelude::*;

static RENDERER: std::sync::LazyLock<Renderer> = std::sync::LazyLock::new(|| Renderer::new(&RuleBook::embedded()).expect("our own rules"));

/// What the duties of the plan rest on.
const QUOTES: [&str; 10] = [
    "Chuẩn bị tài liệu tuyên truyền xong trước ngày 26/8/2025.",
    "Họp triển khai với tổ trưởng các tổ dân phố vào 8 giờ 00.",
    "Đăng ký điểm tập kết rác với Công chức Địa chính.",
    "Vận động hội viên ký cam kết phân loại tại nguồn.",
    "Báo cáo Ban chỉ đạo phường trước 15 giờ thứ Ba hằng tuần.",
    "Tổng kết đợt cao điểm trong tháng 11/2025 tại hội trường.",
    "Kiểm tra việc thu gom ở chợ Bến Lá và khu tập thể cũ.",
    "Cấp phát thùng chứa cho từng hộ gia đình đã đăng ký.",
    "Đưa tin trên cổng thông tin điện tử và loa truyền thanh.",
    "Lập danh sách hộ khó khăn gửi Hội Chữ thập đỏ xem xét.",
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Word {
    Nothing,
    Accepted,
    Due,
    Who,
    What,
    Removed,
}

/// What has become of a duty in the later run.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Same,
    Moved,
    Reread,
    MovedAndReread,
    OtherDue,
    Gone,
}

fn due(day: i8) -> Due {
    serde_json::from_value(
        serde_json::json!({ "says": format!("trước ngày {day}/9/2025"), "bound": "before", "date": format!("2025-09-{day:02}") }),
    )
    .expect("a due")
}

fn task(nth: usize, like: &TaskRecord) -> TaskRecord {
    let mut task = like.clone();
    (task.id, task.what) = (format!("III.{}-1", nth + 1), QUOTES[nth].trim_end_matches('.').to_owned());
    (task.who, task.due) = (vec!["cc-moi-truong".to_owned()], Some(due(5)));
    (task.sure, task.at.quote) = (Sure::Doubtful, QUOTES[nth].to_owned());
    task
}

fn plan() -> Report {
    let mut report = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan")).expect("a folder").report;
    let like = report.tasks[0].clone();
    report.tasks = (0..QUOTES.len()).map(|n| task(n, &like)).collect();
    report.findings.clear();
    report
}

/// The same words as a worse or a better reading has them: a mark here, a comma there, one letter misread.
fn reread(quote: &str) -> String {
    quote.replace('ạ', "a").replace(" và ", ", và ").replacen("tr", "tt", 1)
}

/// What a person said of the plan, duty by duty, and one that they put in.
fn said(words: &[Word]) -> Corrections {
    let mut all = Corrections::default();
    let entry = |nth: usize, was: Fields, now: Fields| Entry {
        about: About::Task,
        id: format!("III.{}-1", nth + 1),
        quote: QUOTES[nth].to_owned(),
        was,
        now,
        note: None,
    };
    let none = Fields::default;
    for (nth, word) in words.iter().enumerate() {
        match word {
            Word::Nothing => {}
            Word::Accepted => all.accepted.push(entry(nth, none(), Fields { due: Some(Some(due(5))), ..none() })),
            Word::Due => {
                let (was, now) = (Fields { due: Some(Some(due(5))), ..none() }, Fields { due: Some(Some(due(12))), ..none() });
                all.changed.push(entry(nth, was, now));
            }
            Word::Who => {
                let of = |id: &str| Fields { who: Some(vec![id.to_owned()]), ..none() };
                all.changed.push(entry(nth, of("cc-moi-truong"), of("hoi-phu-nu")));
            }
            Word::What => {
                let now = Fields { what: Some(format!("Việc số {nth}")), ..none() };
                all.changed.push(entry(nth, none(), now));
            }
            Word::Removed => all.removed.push(entry(nth, none(), none())),
        }
    }
    let by_hand = Fields { what: Some("Treo băng rôn".to_owned()), who: Some(vec!["to-dan-pho".to_owned()]), ..none() };
    all.added.push(Entry { id: "IV.9-1".into(), quote: "Ngày hội môi trường".into(), ..entry(0, none(), by_hand) });
    all
}

/// The later run: the plan with every duty as its fate has it, in another order where `turned`.
fn later(fates: &[Fate], turned: bool) -> Report {
    let mut report = plan();
    for (task, fate) in report.tasks.iter_mut().zip(fates) {
        if matches!(fate, Fate::Moved | Fate::MovedAndReread) {
            task.id = format!("V.{}-2", task.id);
        }
        if matches!(fate, Fate::Reread | Fate::MovedAndReread) {
            task.at.quote = reread(&task.at.quote);
        }
        if *fate == Fate::OtherDue {
            task.due = Some(due(19));
        }
    }
    let mut fates = fates.iter();
    report.tasks.retain(|_| fates.next() != Some(&Fate::Gone));
    if turned {
        report.tasks.reverse();
    }
    report
}

/// The duty that began as the `nth`.
fn found(report: &Report, nth: usize) -> Option<&TaskRecord> {
    report.tasks.iter().find(|t| t.at.quote == QUOTES[nth] || t.at.quote == reread(QUOTES[nth]))
}

fn word() -> impl Strategy<Value = Word> {
    prop::sample::select(vec![Word::Nothing, Word::Accepted, Word::Due, Word::Who, Word::What, Word::Removed])
}

fn fate() -> impl Strategy<Value = Fate> {
    prop::sample::select(vec![Fate::Same, Fate::Moved, Fate::Reread, Fate::MovedAndReread, Fate::OtherDue, Fate::Gone])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_word_outlives_every_later_run(
        words in prop::collection::vec(word(), QUOTES.len()),
        fates in prop::collection::vec(fate(), QUOTES.len()),
        turned in any::<bool>(),
    ) {
        let corrections = said(&words);
        // What is saved is what is read again.
        prop_assert_eq!(&Corrections::read(&corrections.write().expect("writes")).expect("reads"), &corrections);
        let untouched = later(&fates, turned);
        let mut report = untouched.clone();
        RENDERER.correct(&mut report, &corrections, &[]);
        let told = |id: &str, nth: usize| {
            let entry = format!("mục III.{}-1 ", nth + 1);
            report.findings.iter().filter(|f| f.id == id && f.message.to_lowercase().contains(&entry.to_lowercase())).count()
        };
        for (nth, (word, fate)) in words.iter().zip(&fates).enumerate() {
            let (before, after) = (found(&untouched, nth), found(&report, nth));
            let third = *fate == Fate::OtherDue;
            match (word, after) {
                (Word::Removed, after) => prop_assert!(after.is_none(), "what was taken out stays out: {nth}"),
                (Word::Nothing, after) => prop_assert_eq!(after, before, "nobody spoke of it"),
                (_, None) => {
                    prop_assert_eq!(*fate, Fate::Gone);
                    prop_assert_eq!(told("correction-unfit", nth), 1, "{:?}", &report.findings);
                    prop_assert!(report.findings.iter().any(|f| f.message.contains(QUOTES[nth])), "with the words it was about");
                }
                (Word::Accepted, Some(t)) => {
                    prop_assert_eq!((&t.due, t.sure), (&Some(due(5)), Sure::Certain));
                    prop_assert_eq!(told("correction-differs", nth), usize::from(third));
                }
                (Word::Due, Some(t)) => {
                    prop_assert_eq!((&t.due, t.sure, t.rule.as_str()), (&Some(due(12)), Sure::Certain, PERSON));
                    prop_assert_eq!(told("correction-differs", nth), usize::from(third));
                }
                (Word::Who, Some(t)) => {
                    prop_assert_eq!((t.who.as_slice(), t.rule.as_str()), (&["hoi-phu-nu".to_owned()][..], PERSON));
                    // What the person did not speak of is read anew.
                    prop_assert_eq!(&t.due, &Some(due(if third { 19 } else { 5 })));
                }
                (Word::What, Some(t)) => prop_assert_eq!((&t.what, t.rule.as_str()), (&format!("Việc số {nth}"), PERSON)),
            }
        }
        let by_hand = |r: &Report| r.tasks.iter().filter(|t| t.what == "Treo băng rôn").count();
        prop_assert_eq!(by_hand(&report), 1);
        // Laid once more over what came of it, everything stands as it is.
        let mut again = report.clone();
        RENDERER.correct(&mut again, &corrections, &[]);
        prop_assert_eq!(again.tasks, report.tasks);
    }

    #[test]
    fn no_file_is_too_odd_to_be_told_off(text in "\\PC{0,200}|corrections: 1\n(accepted|changed|added|removed|done):\n\\PC{0,120}") {
        if let Ok(corrections) = Corrections::read(&text) {
            let mut report = plan();
            RENDERER.correct(&mut report, &corrections, &[]);
        }
    }
}
