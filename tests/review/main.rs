//! The review page as a person uses it: looked at in a browser, its file of corrections laid over the plan.

mod browser;
mod plans;
mod reader;
mod windows;

use std::future::Future;
use std::path::PathBuf;

use browser::{Browser, Window};
use fantoccini::key::Key;
use plan_ingest::correct::Corrections;
use plan_ingest::render::{Home, Reading, Renderer, Report};
use plan_ingest::rules::RuleBook;

fn renderer() -> Renderer {
    Renderer::new(&RuleBook::embedded()).expect("our own rules")
}

fn page(report: &Report, reading: &Reading, corrections: &Corrections) -> String {
    let today = jiff::civil::date(2025, 8, 21);
    renderer().review(report, reading, corrections, today, Home::File).expect("a page")
}

/// Runs `drive` in a browser with the page of a plan; does nothing where there is no browser.
fn with_page<F: Future<Output = ()>>(html: &str, forgetful: bool, drive: impl FnOnce(Browser, Window, PathBuf) -> F) {
    let Some(browser) = Browser::start() else { return };
    let temp = tempfile::tempdir().expect("a folder");
    let file = temp.path().join("review.html");
    std::fs::write(&file, html).expect("writes");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let window = browser.window(forgetful).await;
        window.open(&file).await;
        drive(browser, window, file).await;
    });
}

#[test]
fn a_person_accepts_edits_rejects_undoes_reloads_and_saves() {
    let (mut report, reading) = plans::small();
    let html = page(&report, &reading, &Corrections::default());
    with_page(&html, false, |browser, window, file| async move {
        // What a machine doubts comes first, its line lit and the doubtful digits told.
        assert!(window.text(".item.current").await.contains("IV.2-1"));
        assert_eq!(window.text(".page li.lit mark").await, "28");
        let told = window.ask("return document.querySelector('.page li.lit mark').title").await;
        assert!(told.as_str().is_some_and(|t| t.contains("Z8") && t.contains("78")), "{told}");
        window.shot("1-open").await;

        window.press_key(Key::Enter).await;
        assert_eq!(window.count(".item.accepted").await, 1);
        assert!(!window.text(".item.current").await.contains("IV.2-1"), "it moves on");

        // The due that stands before its day is set to another one.
        window.fill("#search", "tài liệu tuyen truyen").await;
        assert_eq!(window.count(".item").await, 1);
        window.click(".item .face").await;
        window.press_key(Key::F2).await;
        window.fill(".editor input[type=date]", "2025-08-28").await;
        window.fill(".editor input[list=known-who]", "Tổ văn thư").await;
        window.shot("2-edit").await;
        window.click(".editor button[type=submit]").await;
        assert!(window.text(".item.current").await.contains("trước ngày 28/8/2025 (xong trong ngày 27/8/2025)"));
        window.shot("3-edited").await;

        window.fill("#search", "").await;
        window.fill("#search", "vận động").await;
        window.click(".item .face").await;
        window.press_key(Key::Delete).await;
        window.fill("#search", "cập nhật").await;
        window.click(".item .face").await;
        window.press_key(Key::Delete).await;
        assert_eq!(window.count(".item.removed").await, 1);
        window.control('z').await;
        assert_eq!(window.count(".item.removed").await, 0);

        // Nothing is lost when the page is opened again.
        window.open(&file).await;
        let states = "return ['accepted', 'changed', 'removed'].map((s) => document.querySelectorAll(`.item.${s}`).length)";
        assert_eq!(window.ask(states).await, serde_json::json!([1, 1, 1]));
        window.shot("4-reloaded").await;
        window.control('s').await;
        let text = browser.downloaded("corrections.yaml").await;
        window.close().await;

        let corrections = Corrections::read(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!((corrections.accepted.len(), corrections.changed.len(), corrections.removed.len()), (1, 1, 1), "{text}");
        let renderer = renderer();
        renderer.correct(&mut report, &corrections, &[]);
        let due =
            |id: &str| report.tasks.iter().find(|t| t.id == id).and_then(|t| t.due.clone()).map(|d| serde_json::to_value(d).expect("json"));
        let set = due("III.1-1").expect("a due");
        assert_eq!((set["bound"].as_str(), set["date"].as_str()), (Some("before"), Some("2025-08-28")), "{set}");
        assert_eq!(set["says"], "xong trước ngày 26/8/2025", "the plan's own words stay");
        let task = report.tasks.iter().find(|t| t.id == "III.1-1").expect("there");
        assert_eq!(
            task.who.iter().map(|w| report.name_of(w)).collect::<Vec<_>>(),
            ["Công chức Địa chính - Môi trường phường", "Tổ văn thư"]
        );
        assert!(!report.tasks.iter().any(|t| t.id == "III.3-1"), "what was rejected is gone");
        assert!(report.tasks.iter().any(|t| t.id == "III.2-2"), "what was undone is there");
        assert_eq!(report.findings.iter().filter(|f| f.id.starts_with("correction-")).count(), 0);

        // The next page starts from what was said, and the same words are the same file.
        let next = page(&report, &reading, &corrections);
        std::fs::write(&file, next).expect("writes");
        let window = browser.window(false).await;
        window.open(&file).await;
        assert_eq!(window.ask(states).await, serde_json::json!([1, 1, 1]));
        window.until("document.querySelector('#unsaved').textContent === 'Mọi sửa đổi đã lưu'").await;
        window.control('s').await;
        let again = Corrections::read(&browser.downloaded("corrections.yaml").await).expect("reads");
        assert_eq!(again, corrections);
        window.close().await;
    });
}

#[test]
fn five_hundred_tasks_are_no_burden() {
    let (report, reading) = plans::large(500);
    let html = page(&report, &reading, &Corrections::default());
    with_page(&html, false, |browser, window, file| async move {
        window.open(&file).await;
        let loaded = window.ask("return performance.getEntriesByType('navigation')[0].domComplete").await;
        let mended = report.annexes.iter().map(|a| a.mended.len()).sum::<usize>();
        assert_eq!(window.count(".item").await, report.tasks.len() + report.quotas.len() + report.findings.len() + mended);
        window.shot("5-large").await;
        // A key is answered before the eye notices.
        let script = "const start = performance.now(); for (let n = 0; n < 50; n += 1) \
                      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })); \
                      document.body.offsetHeight; return (performance.now() - start) / 50";
        let key = window.ask(script).await;
        println!("500 tasks: loaded in {loaded} ms, {key} ms a key");
        assert!(loaded.as_f64().is_some_and(|ms| ms < 20_000.0) && key.as_f64().is_some_and(|ms| ms < 500.0), "{loaded} {key}");
        assert_eq!(window.count(".item.accepted").await, 50);
        // A day set otherwise, one taken out, another taken out and brought back; all of it outlives the window.
        let find = |id: &str| {
            format!(
                "[...document.querySelectorAll('.item.task')].find((i) => i.querySelector('.id').textContent === '{id}').querySelector('.face').click()"
            )
        };
        let dated =
            report.tasks.iter().rfind(|t| t.due.as_ref().is_some_and(|d| matches!(d.when, plan_ingest::calendar::When::Day { .. })));
        let dated = dated.expect("a day").id.clone();
        window.ask(&find(&dated)).await;
        window.press_key(Key::F2).await;
        window.fill(".editor input[type=date]", "2025-09-05").await;
        window.click(".editor button[type=submit]").await;
        let [gone, kept] = [&report.tasks[300].id, &report.tasks[301].id];
        for id in [gone, kept] {
            window.ask(&find(id)).await;
            window.press_key(Key::Delete).await;
        }
        window.control('z').await;
        window.open(&file).await;
        let states = "return ['accepted', 'changed', 'removed'].map((s) => document.querySelectorAll(`.item.${s}`).length)";
        let told = window.ask(states).await;
        assert!(told == serde_json::json!([50, 1, 1]) || told == serde_json::json!([49, 1, 1]), "{told}");
        window.control('s').await;
        let said = Corrections::read(&browser.downloaded("corrections.yaml").await).expect("reads");
        window.close().await;
        let mut next = report.clone();
        renderer().correct(&mut next, &said, &[]);
        assert_eq!(next.tasks.len(), report.tasks.len() - 1);
        assert!(next.tasks.iter().all(|t| t.id != *gone) && next.tasks.iter().any(|t| t.id == *kept));
        let due = next.tasks.iter().find(|t| t.id == dated).and_then(|t| serde_json::to_value(&t.due).ok()).expect("a due");
        assert_eq!(due["date"], "2025-09-05");
        assert!(next.findings.iter().all(|f| !f.id.starts_with("correction-")));
    });
}

#[test]
fn words_that_mean_harm_are_shown_as_words() {
    let long = "ạ".repeat(10_000);
    let harm = [
        "<script>document.title='x'</script>",
        "</script><script>document.title='x'</script>",
        "\" onload=\"document.title='x'",
        "=HYPERLINK(\"http://x\")",
        "../../x",
        "\u{202e}gpj.exe \u{2066}",
        "{{style}} {{data}} {what} $& ${x}",
        "<!--",
        "javascript:alert(1)",
        "\u{2028}\u{2029}\u{0}\u{7f}\u{85}\u{fffe}",
        "- a: b # c\n\"'\\",
        long.as_str(),
    ];
    for words in harm {
        let (report, reading) = plans::of_words(words);
        let html = page(&report, &reading, &Corrections::default());
        with_page(&html, false, |browser, window, _file| async move {
            let short: String = words.chars().take(20).collect();
            assert!(window.client.title().await.expect("a title").starts_with("Rà soát"), "{short}");
            assert_eq!(window.count("script").await, 2, "{short}");
            assert_eq!(window.count("[onload], iframe, img, object").await, 0, "{short}");
            let shown = window.ask("return document.querySelector('.item.current .what').textContent").await;
            assert_eq!(shown.as_str(), Some(report.tasks[0].what.as_str()), "{short}");
            let wide = window.ask("return document.documentElement.scrollWidth <= innerWidth").await;
            assert_eq!(wide, serde_json::json!(true), "{short} makes the page wider than the window");
            window.press_key(Key::Enter).await;
            window.press_key(Key::Delete).await;
            window.control('s').await;
            let text = browser.downloaded("corrections.yaml").await;
            let said = Corrections::read(&text).unwrap_or_else(|e| panic!("{short}: {e}"));
            assert_eq!((said.accepted.len(), said.removed.len()), (1, 1), "{short}");
            // What was said of it is found again in the next run.
            let mut next = report.clone();
            renderer().correct(&mut next, &said, &[]);
            assert_eq!(
                next.tasks.len() + next.quotas.len() + next.findings.len() + 1,
                report.tasks.len() + report.quotas.len() + report.findings.len()
            );
            window.close().await;
        });
    }
}

#[test]
fn what_is_done_is_ticked_off_and_shows_in_what_is_written_next() {
    let (report, reading) = plans::small();
    let html = page(&report, &reading, &Corrections::default());
    with_page(&html, false, |browser, window, file| async move {
        window.fill("#search", "III.1-1").await;
        window.click(".item .face").await;
        window.press(" ").await;
        assert_eq!(window.count(".item .chip.done").await, 1);
        // A weekly duty is ticked off one day at a time.
        window.fill("#search", "IV.1-1").await;
        window.click(".item .face").await;
        window.press(" ").await;
        window.click(".ticks input[data-due='2025-09-09']").await;
        assert!(window.text(".item .chip.done").await.contains("2/7"));
        window.fill("#search", "III.3-1").await;
        window.click(".item .face").await;
        window.press(" ").await;
        window.control('z').await;
        assert_eq!(window.count(".item .chip.done").await, 0);
        window.open(&file).await;
        assert!(window.text("#count-done").await.starts_with("Xong 1/"));
        window
            .client
            .find(fantoccini::Locator::Css("#filters select:nth-of-type(2)"))
            .await
            .expect("a filter")
            .select_by_value("done")
            .await
            .expect("picks");
        assert_eq!(window.count(".item").await, 1);
        window.shot("6-done").await;
        window.control('s').await;
        let text = browser.downloaded("corrections.yaml").await;
        window.close().await;

        let corrections = Corrections::read(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let days: Vec<_> = corrections.done.iter().map(|t| (t.id.as_str(), t.due.map(|d| d.to_string()))).collect();
        assert_eq!(days, [("III.1-1", None), ("IV.1-1", Some("2025-08-26".into())), ("IV.1-1", Some("2025-09-09".into()))], "{text}");
        let options =
            plan_ingest::render::Options { today: jiff::civil::date(2025, 8, 21), calendar: None, corrections: corrections.clone() };
        let written = renderer().render(&report, &reading, &options).expect("renders");
        let checklist = written.iter().find(|o| o.path == "checklist.md").expect("a checklist");
        let checklist = String::from_utf8(checklist.bytes.clone()).expect("UTF-8");
        assert_eq!(checklist.matches("- [x] ").count(), 1, "{checklist}");
        assert!(
            checklist.contains("**Đã xong ngày 21/8/2025**") && checklist.contains("**Đã xong 2/7 lần: 26/8/2025, 09/9/2025**"),
            "{checklist}"
        );
        // So do the reports that are due next.
        let reports = |options: &plan_ingest::render::Options| {
            let ask = plan_ingest::render::Ask {
                as_of: Some(jiff::civil::date(2025, 9, 2)),
                format: plan_ingest::render::Format::Markdown,
                ..Default::default()
            };
            let made = |w: &plan_ingest::render::Wanted| renderer().report(&report, w, &ask, options).expect("a report").output.bytes;
            renderer().wanted(&report).iter().map(|w| String::from_utf8(made(w)).expect("UTF-8")).collect::<Vec<_>>()
        };
        let told = |reports: &[String]| reports.iter().filter(|r| r.contains("- Chuẩn bị tài liệu tuyên truyền")).count();
        assert_eq!(told(&reports(&plan_ingest::render::Options { corrections: Corrections::default(), ..options })), 0);
        let options =
            plan_ingest::render::Options { today: jiff::civil::date(2025, 8, 21), calendar: None, corrections: corrections.clone() };
        assert!(told(&reports(&options)) > 0, "{:?}", reports(&options));
        // The next page knows them, and the same words are the same file.
        let window = browser.window(false).await;
        std::fs::write(&file, page(&report, &reading, &corrections)).expect("writes");
        window.open(&file).await;
        assert!(window.text("#count-done").await.starts_with("Xong 1/"));
        window.until("document.querySelector('#unsaved').textContent === 'Mọi sửa đổi đã lưu'").await;
        window.control('s').await;
        assert_eq!(Corrections::read(&browser.downloaded("corrections.yaml").await).expect("reads"), corrections);
        window.close().await;
    });
}

#[test]
fn a_scanned_page_is_shown_with_the_line_of_the_item_lit() {
    let (report, mut reading) = plans::small();
    plans::scanned(&mut reading);
    with_page(&page(&report, &reading, &Corrections::default()), false, |browser, window, _| async move {
        let _browser = browser;
        let shown = "const image = document.querySelector('.picture img'); await image.decode?.(); return image.naturalWidth";
        assert_eq!(window.ask(&format!("return (async () => {{ {shown} }})()")).await, 100, "its own policy lets the picture in");
        window.fill("#search", "III.2-1").await;
        window.click(".item .face").await;
        // Lines 2 and 3 of page 2, each 10 dots high, falling to the right.
        let lit = "return [...document.querySelectorAll('.picture polygon[points]')].map((p) => p.getAttribute('points'))";
        assert_eq!(window.ask(lit).await, serde_json::json!(["0,6 100,16 100,44 0,34"]));
        assert!(window.text(".strip mark").await.contains("tổ"), "what was repaired is told beside the picture");
        assert!(window.ask("return document.querySelector('.strip mark').title").await.as_str().is_some_and(|t| t.contains("t6")));
        window.shot("7-scan").await;
        window.click(".choice label:nth-of-type(2)").await;
        assert_eq!(window.count(".strip li").await, 0);
        assert!(window.text(".page li.lit").await.contains("tổ dân phố"));
        window.close().await;
    });
}

/// The real plan, where the data folder stands beside the checkout: read, gone over, and read again with what was said.
#[test]
fn the_real_plan_is_gone_over_and_read_again() {
    let seed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed");
    let paper = seed.join("plan-77-born-digital.pdf");
    if !paper.is_file() {
        return;
    }
    let Some(browser) = Browser::start() else { return };
    let temp = tempfile::tempdir().expect("a folder");
    let out = temp.path().join("kế hoạch 77");
    let run = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_plan-ingest"));
        command.arg(&paper).arg("--annex").arg(seed.join("phu-luc-01.xlsx")).args(["--today", "2024-04-24", "--quiet", "--out"]).arg(&out);
        assert!(command.status().expect("starts").success());
        plan_ingest::render::Folder::open(&out).expect("a folder")
    };
    let before = run();
    let dated = before.report.tasks.iter().find(|t| {
        matches!(
            t.due.as_ref().map(|d| &d.when),
            Some(plan_ingest::calendar::When::Day { bound: plan_ingest::calendar::Bound::Before, .. })
        )
    });
    let dated = dated.expect("a due").id.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let rejected = runtime.block_on(async {
        let window = browser.window(false).await;
        window.open(&out.join("review.html")).await;
        window.press_key(Key::Enter).await;
        assert_eq!(window.count(".item.accepted").await, 1);
        let choose = format!("[...document.querySelectorAll('.item.task')].find((i) => i.querySelector('.id').textContent === '{dated}').querySelector('.face').click()");
        window.ask(&choose).await;
        window.press_key(Key::F2).await;
        window.fill(".editor input[type=date]", "2024-05-03").await;
        window.shot("8-real-edit").await;
        window.click(".editor button[type=submit]").await;
        // Two go, the second comes back.
        let gone = "return document.querySelector('.item.task.removed .id').textContent";
        window.ask("document.querySelector('.item.task.open .face').click()").await;
        window.press_key(Key::Delete).await;
        let rejected = window.ask(gone).await.as_str().expect("an id").to_owned();
        window.ask("document.querySelector('.item.task.open .face').click()").await;
        window.press_key(Key::Delete).await;
        window.control('z').await;
        window.open(&out.join("review.html")).await;
        let states = "return ['accepted', 'changed', 'removed'].map((s) => document.querySelectorAll(`.item.${s}`).length)";
        assert_eq!(window.ask(states).await, serde_json::json!([1, 1, 1]));
        window.shot("9-real-reloaded").await;
        window.control('s').await;
        let text = browser.downloaded("corrections.yaml").await;
        std::fs::write(out.join("corrections.yaml"), text).expect("writes");
        window.close().await;
        rejected
    });
    let after = run();
    assert_eq!(after.report.tasks.len() + 1, before.report.tasks.len());
    assert!(!after.report.tasks.iter().any(|t| t.id == rejected), "{rejected}");
    let task = after.report.tasks.iter().find(|t| t.id == dated).expect("it is there");
    let due = serde_json::to_value(&task.due).expect("json");
    assert_eq!((due["date"].as_str(), task.rule.as_str()), (Some("2024-05-03"), plan_ingest::correct::PERSON), "{due}");
    let ics = std::fs::read_to_string(out.join("calendar.ics")).expect("reads").replace("\r\n ", "");
    let event = ics.split("BEGIN:VEVENT").find(|e| e.contains(&format!(".{dated}@plan-ingest"))).expect("its event");
    assert!(event.contains("DTSTART;VALUE=DATE:20240502") && event.contains("SEQUENCE:1"), "{event}");
    assert!(!after.report.findings.iter().any(|f| f.id.starts_with("correction-")));
}

#[test]
fn a_browser_that_remembers_nothing_still_saves() {
    let (report, reading) = plans::small();
    with_page(&page(&report, &reading, &Corrections::default()), true, |browser, window, _| async move {
        window.press_key(Key::Enter).await;
        assert!(window.text("#unsaved").await.contains("không cho ghi nhớ"));
        window.control('s').await;
        assert_eq!(Corrections::read(&browser.downloaded("corrections.yaml").await).expect("reads").accepted.len(), 1);
        window.close().await;
    });
}
