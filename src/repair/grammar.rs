//! Numbers and Roman numerals whose strokes were read as letters or signs.

/// `O1`, `2O24`, `3l`: a number in which noughts and ones were read as letters. It must hold a digit, and no other letter.
pub(super) fn number(read: &str) -> Option<String> {
    let twice = read.starts_with("O0");
    // The nought was read twice.
    let read = if read.starts_with("O0") { &read[1..] } else { read };
    if read.len() > 1 && read.bytes().all(|b| b.is_ascii_digit()) {
        return Some(read.to_owned()).filter(|_| twice);
    }
    // A nought and a single stroke, at whose foot or head something was seen.
    if let Some(stroke) = read.strip_prefix('O').filter(|s| s.chars().count() == 1) {
        return stroke.chars().next().filter(|c| matches!(c, '1' | 'l' | 'I' | 'L' | 'i' | 'F' | 'f' | '|')).map(|_| "01".to_owned());
    }
    let digits: Option<String> = read.chars().map(digit).collect();
    let letters = read.chars().filter(|c| !c.is_ascii_digit()).count();
    let likely = read.starts_with('O') || (read.len() > 2 && 2 * letters < read.len());
    digits.filter(|_| letters > 0 && letters < read.chars().count() && likely)
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        _ => None,
    }
}

/// `Il`, `I11`, `|`: a Roman numeral up to thirty-nine, as it should stand; a lone `1` is a number and stays.
pub(super) fn roman(read: &str) -> Option<String> {
    if read.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let numeral: String = read.chars().map(stroke).collect::<Option<_>>()?;
    is_roman(&numeral).then_some(numeral)
}

fn stroke(c: char) -> Option<char> {
    match c {
        'I' | 'l' | '1' | '|' => Some('I'),
        'V' | 'X' => Some(c),
        _ => None,
    }
}

fn is_roman(numeral: &str) -> bool {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let tens = numeral.len() - numeral.trim_start_matches('X').len();
    let with_nine = tens > 0 && ONES.contains(&&numeral[tens..]);
    !numeral.is_empty() && tens <= 3 && (with_nine || ONES.contains(&numeral))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_become_digits_and_numerals() {
        assert_eq!(number("O1").as_deref(), Some("01"));
        assert_eq!(number("OF").as_deref(), Some("01"));
        assert_eq!(number("O01").as_deref(), Some("01"));
        assert_eq!(number("Oa"), None);
        assert_eq!(number("2O24").as_deref(), Some("2024"));
        assert_eq!((number("T6"), number("1a"), number("Il"), number("24")), (None, None, None, None));
        for (read, numeral) in [("Il", "II"), ("I11", "III"), ("|", "I"), ("XIl", "XII"), ("IX", "IX")] {
            assert_eq!(roman(read).as_deref(), Some(numeral));
        }
        assert_eq!((roman("1"), roman("la"), roman("IIII"), roman("VX")), (None, None, None, None));
    }
}
