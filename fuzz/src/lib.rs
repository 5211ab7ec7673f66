//! What the targets share: archives around parts, so that the fuzzer writes XML and not checksums.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What parts an input.
pub const CUT: &[u8] = b"\n@@\n";

/// The parts of an input, in order.
pub fn parts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let here = rest?;
        let cut = here.windows(CUT.len()).position(|w| w == CUT);
        rest = cut.map(|at| &here[at + CUT.len()..]);
        Some(&here[..cut.unwrap_or(here.len())])
    })
}

/// An archive of these parts.
pub fn archive<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name, stored).expect("a name of our own");
        zip.write_all(bytes).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}
