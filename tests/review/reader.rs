//! The page for those who read it with a narrow window, with the keyboard alone, or with a screen reader.

use fantoccini::key::Key;
use plan_ingest::correct::Corrections;

use super::browser::Window;
use super::{page, plans, with_page};

#[test]
fn the_line_of_an_item_is_found_where_lines_wrap() {
    let (report, reading) = plans::large(200);
    with_page(&page(&report, &reading, &Corrections::default()), false, |browser, window, file| async move {
        let _browser = browser;
        for (width, height) in [(1000, 700), (480, 900)] {
            window.client.set_window_size(width, height).await.expect("sizes");
            window.open(&file).await;
            let seen = "(() => { const line = document.querySelector('.page li.lit')?.getBoundingClientRect(), pane = document.querySelector('.pages').getBoundingClientRect(); \
                            return line && line.top >= pane.top && line.bottom <= pane.bottom + 1; })()";
            window.until(seen).await;
            for id in ["IV.33-1", "IV.171-1", "IV.90-1"] {
                window.fill("#search", id).await;
                window.ask("document.querySelector('.item .face').click()").await;
                window.until(seen).await;
            }
        }
        window.close().await;
    });
}

/// What axe-core finds wrong with the page as it stands.
async fn barriers(window: &Window, axe: &str) -> serde_json::Value {
    window.ask(&format!("if (!window.axe) {{ {axe}\n }}")).await;
    let script = "const done = arguments[0]; axe.run({ resultTypes: ['violations'] }).then((found) => \
                  done(found.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.html).slice(0, 3)])), (e) => done(String(e)))";
    window.client.execute_async(script, Vec::new()).await.expect("axe runs")
}

#[test]
fn nothing_stands_in_the_way_of_a_reader() {
    let axe = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/node/node_modules/axe-core/axe.min.js");
    let Ok(axe) = std::fs::read_to_string(axe) else {
        return eprintln!("skipped: no axe-core (npm install --prefix target/node axe-core)");
    };
    let (report, mut reading) = plans::small();
    plans::scanned(&mut reading);
    with_page(&page(&report, &reading, &Corrections::default()), false, |browser, window, _| async move {
        let _browser = browser;
        assert_eq!(barriers(&window, &axe).await, serde_json::json!([]), "as it opens");
        window.press_key(Key::Enter).await;
        window.press_key(Key::Delete).await;
        window.fill("#search", "III.1-1").await;
        window.click(".item .face").await;
        window.press_key(Key::F2).await;
        assert_eq!(barriers(&window, &axe).await, serde_json::json!([]), "while an item is edited");
        window.press_key(Key::Escape).await;
        window.fill("#search", "").await;
        window.ask("document.querySelector('.item .face').click()").await;
        window.press("?").await;
        assert_eq!(barriers(&window, &axe).await, serde_json::json!([]), "with the keys shown");
        window.close().await;
    });
}

#[test]
fn the_keyboard_reaches_everything_and_a_reader_is_told() {
    let (report, reading) = plans::small();
    with_page(&page(&report, &reading, &Corrections::default()), false, |browser, window, _| async move {
        // The driver ends with it.
        let _browser = browser;
        window.press("?").await;
        assert!(window.text("#help").await.contains("Ctrl+Z"));
        window.click("#help button").await;
        window.press_key(Key::Down).await;
        let first = window.ask("return document.activeElement.className").await;
        assert_eq!(first, "face");
        window.press_key(Key::Enter).await;
        assert!(window.text("#status").await.starts_with("Đã nhận"));
        // Every button and field has a name.
        let nameless = "return [...document.querySelectorAll('button, input, select, textarea')].filter((e) => \
                        !(e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label')?.textContent.trim())).map((e) => e.outerHTML)";
        assert_eq!(window.ask(nameless).await, serde_json::json!([]));
        // A task put in by hand, with the plan's own people to choose from.
        window.press_key(Key::Insert).await;
        window.fill("dialog textarea", "Treo băng rôn").await;
        window.click("dialog button[type=submit]").await;
        assert_eq!(window.count(".item.added").await, 1);
        window.control('z').await;
        assert_eq!(window.count(".item.added").await, 0);
        window.close().await;
    });
}
