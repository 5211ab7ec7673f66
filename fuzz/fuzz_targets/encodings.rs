//! Bytes of unknown encoding: what is decoded is text without controls, and is Vietnamese enough to stay as it is.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plan_ingest::read::fuzz::Doors;

static DOORS: LazyLock<Doors> = LazyLock::new(|| Doors::new().expect("our own rules"));

fuzz_target!(|bytes: &[u8]| {
    let Some((text, _)) = DOORS.text(bytes) else { return };
    assert!(!text.contains(|c: char| c.is_control() && !"\n\r\t\u{c}".contains(c)), "{text:?}");
});
