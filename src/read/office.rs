//! Knows which kind of office file an archive or a compound file is.

use std::io::Cursor;

use zip::ZipArchive;

use super::failure::{Failure, Limit};
use super::legacy::Legacy;
use super::limits::Limits;
use super::parsed::Parsed;
use super::{docx, sheet};

/// A zip archive: XLSX, XLSM, XLSB, ODS, DOCX.
pub(super) fn archive(bytes: Vec<u8>, legacy: &Legacy, limits: &Limits) -> Result<Parsed, Failure> {
    let mut zip = ZipArchive::new(Cursor::new(&bytes)).map_err(Failure::damaged)?;
    let mut unpacked = 0_u64;
    for i in 0..zip.len() {
        let entry = zip.by_index_raw(i).map_err(Failure::damaged)?;
        unpacked = unpacked.saturating_add(entry.size());
    }
    if unpacked > limits.unpacked {
        return Err(Failure::limit(Limit::Unpacked, limits.unpacked));
    }
    let names: Vec<String> = zip.file_names().filter_map(|n| n.ok()).map(|n| n.to_ascii_lowercase()).collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    if has("xl/workbook.bin") {
        sheet::xlsb(bytes, limits)
    } else if names.iter().any(|n| n.starts_with("xl/")) {
        sheet::xlsx(bytes, limits)
    } else if has("word/document.xml") {
        docx::read(&mut zip, legacy, limits)
    } else if has("content.xml") && has("mimetype") {
        sheet::ods(bytes, limits)
    } else {
        Err(Failure::UnknownKind("zip".into()))
    }
}

/// The older container: XLS; a locked file of the newer kinds is one too.
pub(super) fn compound(bytes: Vec<u8>, limits: &Limits) -> Result<Parsed, Failure> {
    if names(&bytes, "EncryptedPackage") {
        return Err(Failure::Locked);
    }
    if names(&bytes, "Workbook") || names(&bytes, "Book") {
        return sheet::xls(bytes, limits);
    }
    Err(Failure::UnknownKind(String::new()))
}

/// True when a compound file has an entry of this name; names are UTF-16 there.
fn names(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|w| w == name)
}
