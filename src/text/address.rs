//! What in a text is written for machines: addresses of mail and of the web, and names that are bound with `_`.

use std::ops::Range;

/// Where addresses and names for machines stand in `text`, in bytes, in order.
pub fn addresses(text: &str) -> Vec<Range<usize>> {
    let places = text.split_whitespace().filter(|run| is_address(run));
    places.map(|run| (run.as_ptr() as usize - text.as_ptr() as usize, run.len())).map(|(start, len)| start..start + len).collect()
}

fn is_address(run: &str) -> bool {
    let core = run.trim_matches(|c: char| !c.is_alphanumeric());
    core.contains("://") || (core.is_ascii() && (core.starts_with("www.") || is_mail(core) || is_bound(core)))
}

/// `a.b@example.vn`. An OCR writes `@` for letters too (`ngu@i.Khi`), but no two names of two letters and more behind it.
fn is_mail(core: &str) -> bool {
    let Some((name, host)) = core.split_once('@') else { return false };
    let labels = || host.split('.');
    let plain = |label: &str| label.len() > 1 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    !name.is_empty() && labels().count() > 1 && labels().all(plain)
}

/// `so_luong`
fn is_bound(core: &str) -> bool {
    core.contains('_') && core.split('_').all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_for_machines_is_told_from_words() {
        let text = "gửi về (a.b@xa.example.vn), https://example.vn/ke-hoach?id=7; www.example.vn hoặc so_luong.";
        let found: Vec<&str> = addresses(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["(a.b@xa.example.vn),", "https://example.vn/ke-hoach?id=7;", "www.example.vn", "so_luong."]);
        let words = "ngu@i.Khi d@n ______ n@i nhận: ___/___ số 12/KH-UBND @ a@b và/hoặc";
        assert!(addresses(words).is_empty(), "{:?}", addresses(words));
    }
}
