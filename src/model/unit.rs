//! What the language model counts as one word: syllables, numbers, codes, and the breaks between sentences.

use std::ops::Range;

/// A word of the language model as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Letters only.
    Word,
    /// Digits, with the marks that hold dates and amounts together (`25/4/2024`, `2.989,5`).
    Number,
    /// Letters and digits in one run (`UBTVQH15`, `15h00`).
    Code,
    /// A sentence, a clause or a heading ends.
    Break,
}

/// The units of `text` with the bytes each stands on. A break stands on the mark that makes it; blanks, line ends and marks that end
/// nothing are no units.
pub fn units(text: &str) -> Units<'_> {
    Units { text, at: 0 }
}

/// Iterator over the units of a text.
#[derive(Clone, Debug)]
pub struct Units<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Units<'_> {
    type Item = (Range<usize>, Unit);

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(c) = self.text[self.at..].chars().next() {
            let start = self.at;
            if c.is_alphanumeric() {
                return Some(self.run(start));
            }
            self.at += c.len_utf8();
            if ends_clause(c) && self.text[self.at..].chars().next().is_none_or(|n| !n.is_alphanumeric()) {
                return Some((start..self.at, Unit::Break));
            }
        }
        None
    }
}

impl Units<'_> {
    fn run(&mut self, start: usize) -> (Range<usize>, Unit) {
        let bytes = self.text.as_bytes();
        let mut end = start;
        loop {
            end += run_length(&self.text[end..]);
            // A mark between two digits belongs to the number.
            let joins =
                end + 1 < bytes.len() && joins_digits(bytes[end]) && bytes[end - 1].is_ascii_digit() && bytes[end + 1].is_ascii_digit();
            if !joins || !self.text[start..end].bytes().all(|b| b.is_ascii_digit() || joins_digits(b)) {
                break;
            }
            end += 1;
        }
        self.at = end;
        let run = &self.text[start..end];
        let unit = if !run.chars().any(char::is_alphabetic) {
            Unit::Number
        } else if run.chars().any(char::is_numeric) {
            Unit::Code
        } else {
            Unit::Word
        };
        (start..end, unit)
    }
}

fn run_length(text: &str) -> usize {
    text.char_indices().find(|(_, c)| !c.is_alphanumeric()).map_or(text.len(), |(i, _)| i)
}

/// Marks that hold the digits of one number, date or hour together.
pub fn joins_digits(byte: u8) -> bool {
    matches!(byte, b'.' | b',' | b'/' | b'-' | b':')
}

fn ends_clause(c: char) -> bool {
    matches!(c, '.' | ';' | ':' | '?' | '!' | '…')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_falls_into_its_units() {
        let text = "a) Kế hoạch số 77/KH-UBND, ngày 23/4/2024: đạt 95,5%; lúc 15h00.";
        let got: Vec<(&str, Unit)> = units(text).map(|(r, u)| (&text[r], u)).collect();
        use Unit::{Break, Code, Number, Word};
        assert_eq!(
            got,
            [
                ("a", Word),
                ("Kế", Word),
                ("hoạch", Word),
                ("số", Word),
                ("77", Number),
                ("KH", Word),
                ("UBND", Word),
                ("ngày", Word),
                ("23/4/2024", Number),
                (":", Break),
                ("đạt", Word),
                ("95,5", Number),
                (";", Break),
                ("lúc", Word),
                ("15h00", Code),
                (".", Break)
            ]
        );
    }
}
