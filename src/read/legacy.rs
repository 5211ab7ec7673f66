//! Undoes the encodings of the years before Unicode: TCVN3, VNI, VPS, VISCII, VIQR, code page 1258, and UTF-8 read as Latin-1.
//! None of them says its name: a text is tried in each, and the reading that gives Vietnamese words is the right one.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::text::letters::{is_marked, is_syllable};

/// The tables of `rules/read/legacy.yaml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Legacy {
    enough: f64,
    gain: f64,
    few_words: usize,
    cp1252: String,
    bytes: BTreeMap<String, String>,
    pairs: BTreeMap<String, String>,
    fonts: Vec<Font>,
}

/// The fonts that show one encoding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Font {
    begins: String,
    encoding: String,
    /// What the names of those end in that show every letter as a capital.
    capital: Option<String>,
}

impl Legacy {
    /// The text that was meant, and the name of the encoding; `None` where no encoding makes enough sense of it.
    pub fn undo(&self, text: &str) -> Option<(String, String)> {
        let before = sense(text, self.few_words)?;
        let mut best: Option<(f64, String, String)> = None;
        for (name, decoded) in self.readings(text) {
            let decoded: String = decoded.nfc().collect();
            let after = sense(&decoded, self.few_words).filter(|_| decoded.chars().any(is_marked)).unwrap_or(0.0);
            if after >= self.enough && after >= before + self.gain && best.as_ref().is_none_or(|b| after > b.0) {
                best = Some((after, name, decoded));
            }
        }
        best.map(|(_, name, decoded)| (name, decoded))
    }

    /// The encoding that the font `name` shows, and whether it shows capitals alone.
    pub fn font(&self, name: &str) -> Option<(&str, bool)> {
        let font = self.fonts.iter().find(|f| name.get(..f.begins.len()).is_some_and(|n| n.eq_ignore_ascii_case(&f.begins)))?;
        let capital = font.capital.as_deref().is_some_and(|end| name.ends_with(end));
        Some((&font.encoding, capital))
    }

    /// True when `text`, all that a file has in the fonts of the encoding `name`, makes sense in it, and more than as it stands.
    pub fn fits(&self, name: &str, text: &str) -> bool {
        let sense = |text: &str| sense(text, 1);
        match (sense(text), self.decode(name, text).and_then(|decoded| sense(&decoded))) {
            (Some(before), Some(after)) => after >= self.enough && after >= before + self.gain,
            _ => false,
        }
    }

    /// `text` as the encoding `name` means it.
    pub fn decode(&self, name: &str, text: &str) -> Option<String> {
        let decoded = match (self.bytes.get(name), self.pairs.get(name)) {
            (Some(table), _) => letters_of(table, &self.bytes_of(text)?),
            (None, Some(table)) => paired(text, table),
            (None, None) => return None,
        };
        Some(decoded.nfc().collect())
    }

    /// The letters of bytes that are no UTF-8, each as the letter of Western Europe that has its place; `None` for what is no text.
    pub fn letters(&self, bytes: &[u8]) -> Option<String> {
        let odd = bytes.iter().filter(|b| **b < 32 && !matches!(b, b'\t' | b'\n' | b'\r' | 12)).count();
        if bytes.contains(&0) || odd * 50 > bytes.len() {
            return None;
        }
        let specials: Vec<char> = self.cp1252.chars().collect();
        let letter = |b: &u8| match b {
            0x80..=0x9f => specials.get(usize::from(*b) - 0x80).copied().filter(|c| *c != '\u{fffd}').unwrap_or(char::from(*b)),
            _ => char::from(*b),
        };
        Some(bytes.iter().map(letter).collect())
    }

    fn readings(&self, text: &str) -> Vec<(String, String)> {
        if text.is_ascii() {
            return vec![("VIQR".to_owned(), viqr(text))];
        }
        let mut readings = Vec::new();
        if let Some(bytes) = self.bytes_of(text) {
            readings.extend(String::from_utf8(bytes.clone()).ok().map(|decoded| ("UTF-8".to_owned(), decoded)));
            for (name, table) in &self.bytes {
                readings.push((name.clone(), letters_of(table, &bytes)));
            }
        }
        for (name, table) in &self.pairs {
            readings.push((name.clone(), paired(text, table)));
        }
        readings
    }

    /// The bytes that were read as letters of Western Europe; `None` where there are other letters too.
    fn bytes_of(&self, text: &str) -> Option<Vec<u8>> {
        let specials: HashMap<char, u8> = self.cp1252.chars().zip(0x80_u8..).filter(|(c, _)| *c != '\u{fffd}').collect();
        text.chars().map(|c| u8::try_from(u32::from(c)).ok().or_else(|| specials.get(&c).copied())).collect()
    }
}

/// Bytes by a table of the letters from 80 to FF.
fn letters_of(table: &str, bytes: &[u8]) -> String {
    let high: Vec<char> = table.chars().collect();
    let letter = |b: &u8| if *b < 0x80 { char::from(*b) } else { high.get(usize::from(*b) - 0x80).copied().unwrap_or('\u{fffd}') };
    bytes.iter().map(letter).collect()
}

/// Share of the words that have the shape of a Vietnamese syllable; `None` where they are too few to tell.
fn sense(text: &str, few: usize) -> Option<f64> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '(' | ')' | '“' | '”' | '"' | '-'));
    let words =
        words.map(|w| w.trim_end_matches(['.', ':', '!', '?'])).filter(|w| !w.is_empty() && !w.contains(|c: char| c.is_ascii_digit()));
    let (all, good) = words.fold((0_usize, 0_usize), |(all, good), w| (all + 1, good + usize::from(is_syllable(w))));
    (all >= few).then(|| good as f64 / all as f64)
}

/// Replaces every pair of the table, and single letters that stand in it alone.
fn paired(text: &str, table: &str) -> String {
    let table: HashMap<&str, &str> = table.split_whitespace().filter_map(|p| p.split_once('=')).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let two = first.len_utf8() + rest[first.len_utf8()..].chars().next().map_or(0, char::len_utf8);
        let found = [two, first.len_utf8()].into_iter().find_map(|n| table.get(&rest[..n]).map(|to| (n, *to)));
        match found {
            Some((n, to)) => {
                out.push_str(to);
                rest = &rest[n..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// Marks written behind their letters: `Vie^.t Nam`, `dda?ng`. A stop or question mark at the end of a word is a tone only when the
/// sentence goes on in small letters.
fn viqr(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < letters.len() {
        let c = letters[i];
        let next = letters.get(i + 1).copied().unwrap_or(' ');
        if c == '\\' {
            i += 1;
            continue;
        }
        if matches!((c, next), ('d' | 'D', 'd' | 'D')) {
            out.push(if c == 'd' { 'đ' } else { 'Đ' });
            i += 2;
            continue;
        }
        out.push(c);
        i += 1;
        if !matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y') {
            continue;
        }
        let shape = match (c.to_ascii_lowercase(), next) {
            ('a' | 'e' | 'o', '^') => Some('\u{302}'),
            ('a', '(') => Some('\u{306}'),
            ('o' | 'u', '+' | '*') => Some('\u{31b}'),
            _ => None,
        };
        if let Some(mark) = shape {
            out.push(mark);
            i += 1;
        }
        let tone = match letters.get(i) {
            Some('\'') => Some('\u{301}'),
            Some('`') => Some('\u{300}'),
            Some('?') if goes_on(&letters[i + 1..]) => Some('\u{309}'),
            Some('~') => Some('\u{303}'),
            Some('.') if goes_on(&letters[i + 1..]) => Some('\u{323}'),
            _ => None,
        };
        if let Some(mark) = tone {
            out.push(mark);
            i += 1;
        }
    }
    out.nfc().collect()
}

fn goes_on(rest: &[char]) -> bool {
    match rest {
        [c, ..] if c.is_alphabetic() => true,
        [' ', c, ..] => c.is_lowercase(),
        [',' | ';' | '.', ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    const RIGHT: &str =
        "Các cơ quan, đơn vị và Ủy ban nhân dân xã tổ chức thực hiện kế hoạch; báo cáo kết quả về huyện trước ngày 15 tháng 02.";

    fn legacy() -> Legacy {
        RuleBook::embedded().load("read/legacy.yaml").expect("our own rules")
    }

    /// `text` as the single-byte encoding `name` writes it, read as letters of Western Europe.
    fn as_bytes(text: &str, name: &str) -> String {
        let legacy = legacy();
        let table: Vec<char> = legacy.bytes[name].chars().collect();
        let byte = |c: char| table.iter().position(|t| *t == c).map_or(c as u8, |i| 0x80 + i as u8);
        let text = if name == "cp1258" { text.nfd().collect::<String>() } else { text.to_owned() };
        // Code page 1258 has â, ê, ô, ă and their kin as letters, and tones as signs.
        let text = ["ă", "â", "ê", "ô", "ơ", "ư"].iter().fold(text, |t, l| t.replace(&l.nfd().collect::<String>(), l));
        let text = if name == "cp1258" { reordered(&text) } else { text };
        legacy.letters(&text.chars().map(byte).collect::<Vec<u8>>()).expect("text")
    }

    /// NFD puts the tone below a letter before its roof.
    fn reordered(text: &str) -> String {
        ["a", "e", "o"].iter().fold(text.to_owned(), |t, l| {
            let roof: String = format!("{l}\u{302}").nfc().collect();
            t.replace(&format!("{l}\u{323}\u{302}"), &format!("{roof}\u{323}"))
        })
    }

    #[test]
    fn every_encoding_is_known_by_the_words_it_gives() {
        let legacy = legacy();
        for name in ["TCVN3", "VPS", "VISCII", "cp1258"] {
            let text = if name == "VPS" || name == "TCVN3" { RIGHT.replace('Ủ', "ủ") } else { RIGHT.to_owned() };
            assert_eq!(legacy.undo(&as_bytes(&text, name)), Some((name.to_owned(), text)), "{name}");
        }
        let utf8 = legacy.letters(RIGHT.as_bytes()).expect("text");
        assert_eq!(legacy.undo(&utf8), Some(("UTF-8".to_owned(), RIGHT.to_owned())));
        let vni = "Caùc cô quan, ñôn vò vaø UÛy ban nhaân daân xaõ toå chöùc thöïc hieän keá hoaïch; baùo caùo keát quaû veà huyeän tröôùc ngaøy 15 \
            thaùng 02.";
        assert_eq!(legacy.undo(vni), Some(("VNI".to_owned(), RIGHT.to_owned())));
        let viqr = "Ca'c co+ quan, ddo+n vi. va` U?y ban nha^n da^n xa~ to^? chu+'c thu+.c hie^.n ke^' hoa.ch; ba'o ca'o ke^'t qua? ve^` huye^.n \
            tru+o+'c nga`y 15 tha'ng 02.";
        assert_eq!(legacy.undo(viqr), Some(("VIQR".to_owned(), RIGHT.to_owned())));
    }

    #[test]
    fn what_is_right_or_foreign_is_left_alone() {
        let legacy = legacy();
        assert_eq!(legacy.undo(RIGHT), None);
        assert_eq!(legacy.undo("The quick brown fox jumps over the lazy dog and then it sleeps. What? Yes."), None);
        assert_eq!(legacy.undo("Le café près de la forêt est fermé à cause de la fête, déjà là où l'été s'en va très tôt."), None);
        assert_eq!(
            legacy.undo("Thuc hién Ké hoach s6 12 cta Uy ban nhan dan x4 vé viéc t6 chirc tuyén truyén phd bién phap luat nam nay."),
            None
        );
        assert_eq!(legacy.letters(&[0, 1, 2, 200]), None);
    }
}
