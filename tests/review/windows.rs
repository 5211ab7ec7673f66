//! Several windows on one plan: two of one browser, and two browsers at the page that the program serves.

use fantoccini::key::Key;
use plan_ingest::correct::Corrections;

#[cfg(unix)]
use super::browser::Browser;
use super::{page, plans, with_page};

#[test]
fn two_windows_of_one_page_know_of_each_other() {
    let (report, reading) = plans::small();
    with_page(&page(&report, &reading, &Corrections::default()), false, |browser, window, file| async move {
        let first = window.client.window().await.expect("a window");
        let second = window.client.new_window(true).await.expect("another").handle;
        window.client.switch_to_window(second).await.expect("goes there");
        window.open(&file).await;
        window.press_key(Key::Enter).await;
        window.client.switch_to_window(first.clone()).await.expect("goes back");
        window.press_key(Key::Down).await;
        window.press_key(Key::Down).await;
        window.press_key(Key::Delete).await;
        assert_eq!((window.count(".item.accepted").await, window.count(".item.removed").await), (1, 1));
        window.control('s').await;
        let said = Corrections::read(&browser.downloaded("corrections.yaml").await).expect("reads");
        assert_eq!((said.accepted.len(), said.removed.len()), (1, 1), "both windows' words are in the file");
        window.close().await;
    });
}

/// The page served by the program itself: what is said is in the file at once, and Ctrl-C ends it well.
#[cfg(unix)]
#[test]
fn a_served_page_keeps_every_word_and_stops_on_ctrl_c() {
    use std::io::{BufRead as _, Read as _};
    use std::process::{Command, Stdio};
    let Some(browser) = Browser::start() else { return };
    let dir = tempfile::tempdir().expect("a folder");
    for file in ["plan.yaml", "repaired.txt", "repairs.yaml"] {
        let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan").join(file);
        std::fs::copy(from, dir.path().join(file)).expect("copies");
    }
    let mut server = Command::new(env!("CARGO_BIN_EXE_plan-ingest"))
        .args(["review", "--today", "2025-08-21", "--lang", "en"])
        .arg(dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut said = std::io::BufReader::new(server.stdout.take().expect("piped"));
    let mut line = String::new();
    said.read_line(&mut line).expect("speaks");
    let address = line.split_whitespace().find(|w| w.starts_with("http://127.0.0.1:")).expect("an address").to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let window = browser.window(false).await;
        window.client.goto(&address).await.expect("opens");
        for _ in 0..3 {
            window.press_key(Key::Enter).await;
        }
        window.press(" ").await;
        let words = || plan_ingest::render::folder::corrections(dir.path()).expect("reads");
        let saved = async |accepted: usize, done: usize, removed: usize| {
            for _ in 0..400 {
                if (words().accepted.len(), words().done.len(), words().removed.len()) == (accepted, done, removed) {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            assert_eq!((words().accepted.len(), words().done.len(), words().removed.len()), (accepted, done, removed));
        };
        saved(3, 1, 0).await;
        // The file is written before the page hears of it.
        window.until("document.querySelector('#unsaved').textContent === 'Mọi sửa đổi đã lưu'").await;
        // A second browser, with a memory of its own, says more; the first, which has not heard of it, saves over nothing.
        let other = browser.window(false).await;
        other.client.goto(&address).await.expect("opens");
        assert_eq!(other.count(".item.accepted").await, 3, "what was said is in the page");
        other.press_key(Key::Down).await;
        other.press_key(Key::Enter).await;
        saved(4, 1, 0).await;
        other.close().await;
        let open = "[...document.querySelectorAll('.item.open .face')].at(-1).click()";
        window.ask(open).await;
        window.press_key(Key::Delete).await;
        saved(4, 1, 1).await;
        window.until("document.querySelectorAll('.item.accepted').length === 4").await;
        assert_eq!(window.count(".item.removed").await, 1, "and shows both");
        window.close().await;
    });
    assert!(Command::new("kill").args(["-INT", &server.id().to_string()]).status().is_ok_and(|s| s.success()));
    assert!(server.wait().expect("ends").success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("speaks");
    assert!(rest.contains("what was saved is in corrections.yaml"), "{rest}");
}
