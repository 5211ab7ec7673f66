//! The parts of a Word file: body, numbering, styles, links, the head of the first page.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plan_ingest::read::fuzz::Doors;
use plan_ingest_fuzz::{archive, parts};

static DOORS: LazyLock<Doors> = LazyLock::new(|| Doors::new().expect("our own rules"));

const NAMES: [&str; 5] = ["word/document.xml", "word/numbering.xml", "word/styles.xml", "word/_rels/document.xml.rels", "word/header1.xml"];

fuzz_target!(|bytes: &[u8]| {
    DOORS.archive(archive(NAMES.into_iter().zip(parts(bytes))));
});
