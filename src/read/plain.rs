//! Knows how bytes of plain text become letters: byte order marks, UTF-8 and UTF-16.

use super::legacy::Legacy;
use super::parsed::{Parsed, ParsedPage};
use crate::text::{Condition, Words};

/// A text file as one page, or as many as it has form feeds.
pub(super) fn read(text: &str) -> Parsed {
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    let page = |(number, text): (u32, &&str)| ParsedPage {
        number: (pages.len() > 1).then_some(number),
        ..ParsedPage::whole(Condition::Unknown, text)
    };
    Parsed::new(Words::Native, (1..).zip(&pages).map(page).collect())
}

/// The text of `bytes`: where their encoding is beyond doubt, or where an older one gives Vietnamese words.
pub(super) fn decode(bytes: &[u8], legacy: &Legacy) -> Option<String> {
    unicode(bytes).or_else(|| legacy.letters(bytes).filter(|text| legacy.undo(text).is_some()))
}

fn unicode(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    }
    .filter(|text| is_text(text))
}

fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Option<String> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

/// Control characters beyond line ends, tabs and form feeds are a sign of something else; those from 80 to 9F are bytes of UTF-8 that
/// were taken for letters.
fn is_text(text: &str) -> bool {
    let odd = text.chars().filter(|c| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{b}' | '\u{1a}')).count();
    odd * 200 <= text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_heeded() {
        let utf16 = |order: fn(u16) -> [u8; 2], mark: &[u8]| -> Vec<u8> {
            mark.iter().copied().chain("Kế hoạch".encode_utf16().flat_map(order)).collect()
        };
        assert_eq!(unicode("\u{feff}Kế hoạch".as_bytes()).as_deref(), Some("Kế hoạch"));
        assert_eq!(unicode(&utf16(u16::to_le_bytes, &[0xff, 0xfe])).as_deref(), Some("Kế hoạch"));
        assert_eq!(unicode(&utf16(u16::to_be_bytes, &[0xfe, 0xff])).as_deref(), Some("Kế hoạch"));
        assert_eq!(unicode(b"\x00\x01\x02\x03binary\x05"), None);
    }

    #[test]
    fn form_feeds_part_pages() {
        let parsed = read("một\u{c}hai\u{c}");
        assert_eq!(parsed.pages.iter().map(|p| (p.number, p.text.as_str())).collect::<Vec<_>>(), [(Some(1), "một"), (Some(2), "hai")]);
    }
}
