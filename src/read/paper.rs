//! Knows what kind of file lies before us: by its bytes, the name only where the two contradict each other.

use std::path::Path;

use super::failure::Failure;
use super::legacy::Legacy;
use super::{plain, scan};

/// What the bytes of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    Text(String),
    Pdf,
    /// A picture of a page, or of several: PNG, JPEG, TIFF.
    Scan,
    /// A zip archive: XLSX, XLSB, ODS, DOCX.
    Archive,
    /// The older container of Microsoft Office: XLS, DOC, and locked files of the newer kinds.
    Compound,
}

const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Names of files that are never plain text.
const BINARY: [&str; 9] = ["pdf", "xlsx", "xlsm", "xlsb", "xls", "ods", "docx", "doc", "odt"];

/// What `bytes` are.
///
/// # Errors
/// When they are nothing that we read, or plain text under the name of another kind.
pub(super) fn of(path: &Path, bytes: &[u8], legacy: &Legacy) -> Result<Paper, Failure> {
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|w| w == b"%PDF-") {
        return Ok(Paper::Pdf);
    }
    if scan::format(bytes).is_some() {
        return Ok(Paper::Scan);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Paper::Archive);
    }
    if bytes.starts_with(&COMPOUND) {
        return Ok(Paper::Compound);
    }
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let promised = BINARY.contains(&extension.as_str());
    match (plain::decode(bytes, legacy), promised) {
        (Some(text), false) => Ok(Paper::Text(text)),
        (Some(_), true) => Err(Failure::NotThisKind(format!("text, not {extension}"))),
        (None, true) => Err(Failure::NotThisKind(format!("not {extension}"))),
        (None, false) => Err(Failure::UnknownKind(String::new())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_and_a_false_name_is_told() {
        let legacy: Legacy = crate::rules::RuleBook::embedded().load("read/legacy.yaml").expect("our own rules");
        let of = |name: &str, bytes: &[u8]| of(Path::new(name), bytes, &legacy);
        assert_eq!(of("a.txt", b"%PDF-1.7 ..."), Ok(Paper::Pdf));
        assert_eq!(of("a", "Kế hoạch".as_bytes()), Ok(Paper::Text("Kế hoạch".into())));
        assert_eq!(of("a.pdf", b"hello"), Err(Failure::NotThisKind("text, not pdf".into())));
        assert_eq!(of("a.bin", &[0, 159, 146, 150]), Err(Failure::UnknownKind(String::new())));
    }
}
