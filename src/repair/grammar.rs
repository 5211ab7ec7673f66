//! Numbers, Roman numerals and codes whose strokes were read as letters or signs (`rules/repair/codes.yaml`).

use std::collections::HashMap;

use serde::Deserialize;

/// What strokes were read as.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grammar {
    digits: HashMap<char, char>,
    one_after_nought: Vec<char>,
    numeral: HashMap<char, char>,
    numbered: Vec<Numbered>,
    pub(super) examples: Vec<Example>,
    pub(super) rejects: Vec<String>,
}

/// A code that ends in a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbered {
    /// The letters before the number.
    ends: String,
    /// The highest number that there is.
    most: u32,
}

/// A run as read, and what it was.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    pub read: String,
    pub gives: String,
}

impl Grammar {
    /// `O1`, `2O24`, `3l`: a number in which noughts and ones were read as letters. It must hold a digit, and no other letter.
    pub(super) fn number(&self, read: &str) -> Option<String> {
        let twice = read.starts_with("O0");
        // The nought was read twice.
        let read = if twice { &read[1..] } else { read };
        if read.len() > 1 && read.bytes().all(|b| b.is_ascii_digit()) {
            return Some(read.to_owned()).filter(|_| twice);
        }
        // A nought and a single stroke, at whose foot or head something was seen.
        if let Some(stroke) = read.strip_prefix('O').filter(|s| s.chars().count() == 1) {
            return stroke.starts_with(self.one_after_nought.as_slice()).then(|| "01".to_owned());
        }
        let letters = read.chars().filter(|c| !c.is_ascii_digit()).count();
        let likely = read.starts_with('O') || (read.len() > 2 && 2 * letters < read.len());
        self.as_digits(read).filter(|_| letters > 0 && letters < read.chars().count() && likely)
    }

    fn as_digits(&self, read: &str) -> Option<String> {
        read.chars().map(|c| if c.is_ascii_digit() { Some(c) } else { self.digits.get(&c).copied() }).collect()
    }

    /// `UBTVQHI5`: a code whose number was read as letters in part; a number beyond all that there are had its first stroke seen twice.
    pub(super) fn code(&self, read: &str) -> Option<String> {
        self.numbered.iter().find_map(|code| {
            let at = read.rfind(&code.ends)? + code.ends.len();
            let (stem, tail) = read.split_at(at);
            let damaged = stem.chars().all(char::is_uppercase) && !tail.is_empty() && tail.bytes().any(|b| !b.is_ascii_digit());
            let digits = self.as_digits(tail).filter(|_| damaged && tail.bytes().any(|b| b.is_ascii_digit()))?;
            let there_is = |digits: &&str| !digits.starts_with('0') && digits.parse().is_ok_and(|n: u32| n <= code.most);
            let once = digits.strip_prefix("11").map(|rest| format!("1{rest}"));
            let number = Some(digits.as_str()).filter(there_is).or(once.as_deref().filter(there_is))?;
            Some(format!("{stem}{number}"))
        })
    }

    /// `Il`, `I11`, `|`: a Roman numeral up to thirty-nine, as it should stand; a lone `1` is a number and stays.
    pub(super) fn roman(&self, read: &str) -> Option<String> {
        if read.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let numeral: String = read.chars().map(|c| self.numeral.get(&c).copied()).collect::<Option<_>>()?;
        is_roman(&numeral).then_some(numeral)
    }

    /// What any part of the grammar makes of `read` where that is not what stands there.
    pub(super) fn mended(&self, read: &str) -> Option<String> {
        self.roman(read).or_else(|| self.number(read)).or_else(|| self.code(read)).filter(|mended| mended != read)
    }
}

fn is_roman(numeral: &str) -> bool {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let tens = numeral.len() - numeral.trim_start_matches('X').len();
    let with_nine = tens > 0 && ONES.contains(&&numeral[tens..]);
    !numeral.is_empty() && tens <= 3 && (with_nine || ONES.contains(&numeral))
}
