//! Words with places and drawn lines, in any heap: the builder of lines, columns and tables.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plan_ingest::read::fuzz::Doors;

static DOORS: LazyLock<Doors> = LazyLock::new(|| Doors::new().expect("our own rules"));

fuzz_target!(|bytes: &[u8]| {
    let page = DOORS.page(bytes);
    // Every word at most once, a blank or a wall around each; the walls of a table are as many as its lines allow.
    let letters = page.chars().filter(|c| !c.is_whitespace()).count();
    assert!(letters <= 5 * (bytes.len() / 12), "{page:?}");
});
