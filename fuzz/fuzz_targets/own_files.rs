//! The files that we read back after a person had them: plan.yaml, repairs.yaml, corrections.yaml, and Word templates with tags.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plan_ingest::correct::Corrections;
use plan_ingest::render::{docx, record};
use plan_ingest_fuzz::archive;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    match kind {
        b'p' => {
            // What is read can be written, and is then read as the same.
            if let Ok(report) = record::read(text) {
                let written = report.write().expect("a report can be written");
                let again = record::read(&written).expect("our own plan.yaml");
                assert_eq!(again.write().expect("a report can be written"), written);
            }
        }
        b'c' => {
            if let Ok(corrections) = Corrections::read(text) {
                let written = corrections.write().expect("corrections can be written");
                let again = Corrections::read(&written).expect("our own corrections.yaml");
                assert_eq!(again.write().expect("corrections can be written"), written);
            }
        }
        _ => {
            let data = serde_json::json!({ "so": "12/KH-UBND", "viec": [{ "ten": "<b>Tổ dân phố</b>", "han": "25/4/2024" }] });
            let _ = docx::fill(&archive([("word/document.xml", rest)]), &data);
        }
    }
});
