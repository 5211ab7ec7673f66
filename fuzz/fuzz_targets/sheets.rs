//! Workbooks of every format: the parts of an XLSX, an XLSB and an ODS in an archive of our own making, and an XLS as it is.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plan_ingest::read::fuzz::Doors;
use plan_ingest_fuzz::{archive, parts};

static DOORS: LazyLock<Doors> = LazyLock::new(|| {
    // The library that reads workbooks panics on many a crafted file; the worker holds that, and it is no finding. A panic of our own is.
    let end = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !info.location().is_some_and(|at| at.file().contains("calamine")) {
            end(info);
        }
    }));
    Doors::new().expect("our own rules")
});

const ROOT: (&str, &[u8]) = (
    "_rels/.rels",
    b"<Relationships><Relationship Id='r' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' \
        Target='xl/workbook.xml'/></Relationships>",
);
const XLSX: [&str; 5] =
    ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"];
const XLSB: [&str; 5] =
    ["xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/worksheets/sheet1.bin", "xl/sharedStrings.bin", "xl/styles.bin"];
const ODS: [&str; 2] = ["mimetype", "content.xml"];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let named = |names: &[&'static str]| archive([ROOT].into_iter().chain(names.iter().copied().zip(parts(rest))));
    let doors = &*DOORS;
    let read = || match kind {
        b'x' => doors.archive(named(&XLSX)),
        b'b' => doors.archive(named(&XLSB)),
        b'o' => doors.archive(named(&ODS)),
        _ => doors.compound(rest.to_vec()),
    };
    // What came through the hook above is a panic of the library.
    let _ = std::panic::catch_unwind(read);
});
