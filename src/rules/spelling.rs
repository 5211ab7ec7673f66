//! Text spelled one byte a letter, in lower case, blanks and line ends run together, with the way back to the text: what patterns are
//! matched on, so that each is a small automaton over bytes, and a letter with marks can also match without them.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// First byte of the marked letters: twelve vowels by six tones, then đ.
const MARKED: u8 = 0x80;
const VOWELS: [char; 12] = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
const TONES: u8 = 6;
const D_STROKE: u8 = MARKED + 12 * TONES;
/// First byte that stands for a whole phrase put in by [`Spelled::put`].
pub const FIRST_TOKEN: u8 = 0xd0;
/// The last such byte.
pub const LAST_TOKEN: u8 = 0xef;
const AT_LEAST: u8 = 0xf0;
const AT_MOST: u8 = 0xf1;
const OTHER_LETTER: u8 = 0xfe;
const OTHER: u8 = 0xff;

/// The marked letters below U+0250 and from U+1EA0 on: every letter of Vietnamese lies in one of the two.
static LETTERS: LazyLock<([u8; 0x250], [u8; 0x60])> = LazyLock::new(|| {
    let (mut low, mut high) = ([0; 0x250], [0; 0x60]);
    for (i, byte) in low.iter_mut().enumerate() {
        *byte = char::from_u32(i as u32).map_or(0, marked_byte);
    }
    for (i, byte) in high.iter_mut().enumerate() {
        *byte = char::from_u32(0x1ea0 + i as u32).map_or(0, marked_byte);
    }
    (low, high)
});

fn marked_byte(c: char) -> u8 {
    if matches!(c, 'đ' | 'Đ') {
        return D_STROKE;
    }
    let (mut base, mut tone) = (String::new(), 0);
    for part in c.to_lowercase().nfd() {
        match part {
            '\u{300}' => tone = 1,
            '\u{301}' => tone = 2,
            '\u{309}' => tone = 3,
            '\u{303}' => tone = 4,
            '\u{323}' => tone = 5,
            other => base.push(other),
        }
    }
    let whole: String = base.nfc().collect();
    let vowel = VOWELS.iter().position(|v| whole.chars().eq([*v]));
    vowel.map_or(0, |v| MARKED + v as u8 * TONES + tone)
}

pub(super) fn letter(c: char) -> u8 {
    if c.is_ascii() {
        return c.to_ascii_lowercase() as u8;
    }
    let at = c as usize;
    let marked = match at {
        0..0x250 => LETTERS.0[at],
        0x1ea0..0x1f00 => LETTERS.1[at - 0x1ea0],
        _ => 0,
    };
    match c {
        _ if marked != 0 => marked,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => b' ',
        '–' | '—' | '−' | '‐' | '‑' | '‒' => b'-',
        '“' | '”' | '„' | '«' | '»' => b'"',
        '’' | '‘' | '′' => b'\'',
        '…' => b'.',
        '≥' => AT_LEAST,
        '≤' => AT_MOST,
        _ if c.is_alphabetic() => OTHER_LETTER,
        _ => OTHER,
    }
}

/// True for letters that say nothing: markdown stars, soft hyphens, blanks of no width.
fn is_silent(c: char) -> bool {
    matches!(c, '*' | '?' | '’' | '‘' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// A text, or a part of one, spelled one byte a letter, with the way back.
#[derive(Clone, Debug, Default)]
pub struct Spelled {
    bytes: Vec<u8>,
    /// Where each byte comes from in the text.
    from: Vec<(u32, u32)>,
    /// Which bytes there are, a bit each.
    present: [u64; 4],
}

impl Spelled {
    /// `text` (up to 4 GB) spelled. Blanks and line ends become one blank; a tab, which is a cell wall, becomes `|`.
    pub fn new(text: &str) -> Self {
        let mut out = Self { bytes: Vec::with_capacity(text.len()), from: Vec::with_capacity(text.len()), present: [0; 4] };
        for (at, c) in text.char_indices() {
            let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
            let byte = match letter(c) {
                b'\n' | b'\r' | b'\x0c' | b'\x0b' => b' ',
                // A cell wall is drawn as a line wherever text shows one.
                b'\t' => b'|',
                byte => byte,
            };
            if is_silent(c) {
                continue;
            }
            if byte == b' '
                && let (Some(b' '), Some(last)) = (out.bytes.last(), out.from.last_mut())
            {
                last.1 = end;
                continue;
            }
            if byte.is_ascii_digit() && out.ends_in_a_word() {
                out.bytes.push(b' ');
                out.from.push((start, start));
            }
            out.bytes.push(byte);
            out.from.push((start, end));
        }
        out.noted()
    }

    /// With the record of which bytes there are.
    fn noted(mut self) -> Self {
        for b in &self.bytes {
            self.present[usize::from(b >> 6)] |= 1 << (b & 63);
        }
        self
    }

    pub(super) fn has(&self, byte: u8) -> bool {
        self.present[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    /// A number written onto its word (`ngày15/4`) stands apart; one after a letter or two is a code (`QH15`).
    fn ends_in_a_word(&self) -> bool {
        let bytes = &self.bytes;
        bytes.len() >= 3 && bytes[bytes.len() - 3..].iter().all(|b| is_word(*b) && !b.is_ascii_digit())
    }

    /// A part of a spelling, without a way back to its text.
    pub fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), from: vec![(0, 0); bytes.len()], present: [0; 4] }.noted()
    }

    /// The spelling.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of the text behind `range` of the spelling.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        match (self.from.get(range.start), range.end.checked_sub(1).and_then(|e| self.from.get(e))) {
            (Some(first), Some(last)) if range.start < range.end => first.0 as usize..last.1 as usize,
            (Some(first), _) => first.0 as usize..first.0 as usize,
            _ => 0..0,
        }
    }

    /// The same text with each of `tokens` (sorted, not overlapping) standing as one byte.
    #[must_use]
    pub fn put(&self, tokens: &[(Range<usize>, u8)]) -> Self {
        let mut out = Self { bytes: Vec::with_capacity(self.bytes.len()), from: Vec::with_capacity(self.bytes.len()), present: [0; 4] };
        let mut at = 0;
        for (range, token) in tokens {
            out.bytes.extend_from_slice(&self.bytes[at..range.start]);
            out.from.extend_from_slice(&self.from[at..range.start]);
            out.bytes.push(*token);
            out.from.push((self.from[range.start].0, self.from[range.end - 1].1));
            at = range.end;
        }
        out.bytes.extend_from_slice(&self.bytes[at..]);
        out.from.extend_from_slice(&self.from[at..]);
        out.noted()
    }
}

/// True for a byte of a spelling that belongs to a word or a number.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || (MARKED..=D_STROKE).contains(&byte) || byte == OTHER_LETTER
}

/// The letters that `byte` may appear as when some of its marks are lost; itself first.
pub(super) fn loose(byte: u8) -> Vec<u8> {
    if byte == D_STROKE {
        return vec![byte, b'd'];
    }
    if !(MARKED..D_STROKE).contains(&byte) {
        return vec![byte];
    }
    let (vowel, tone) = ((byte - MARKED) / TONES, (byte - MARKED) % TONES);
    let bare = match VOWELS[usize::from(vowel)] {
        'ă' | 'â' => 0,
        'ê' => 3,
        'ô' | 'ơ' => 6,
        'ư' => 9,
        _ => vowel,
    };
    let mut all: Vec<u8> = [(vowel, tone), (vowel, 0), (bare, tone), (bare, 0)].into_iter().map(|(v, t)| spell_vowel(v, t)).collect();
    all.dedup();
    all
}

fn spell_vowel(vowel: u8, tone: u8) -> u8 {
    let letter = VOWELS[usize::from(vowel)];
    if tone == 0 && letter.is_ascii() { letter as u8 } else { MARKED + vowel * TONES + tone }
}

/// True when `read` is `meant` with some marks lost (or none).
pub fn reads_as(read: &[u8], meant: &[u8]) -> bool {
    read.len() == meant.len() && read.iter().zip(meant).all(|(r, m)| r == m || loose(*m).contains(r))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_goes_back_to_the_text() {
        let text = "  Đến\u{a0}*hết*\r\nnăm ế";
        let spelled = Spelled::new(text);
        assert_eq!(spelled.bytes().len(), " đến hết năm ế".chars().count());
        let whole = spelled.origin(0..spelled.bytes().len());
        assert_eq!(&text[whole], text);
        let put = spelled.put(&[(1..4, FIRST_TOKEN)]);
        assert_eq!(&text[put.origin(1..2)], "Đến");
    }
}
