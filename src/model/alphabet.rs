//! The letters of which a true word is made, numbered: each Vietnamese letter with each mark and tone, small and capital.

/// Number of small letters; a capital's number is that of its small letter plus this.
pub const SMALL: usize = 93;
/// Number of all letters.
pub const LETTERS: usize = 2 * SMALL;

/// Vowels stand in runs of six: level, huyền, hỏi, ngã, sắc, nặng.
const SMALL_LETTERS: [char; SMALL] = [
    'a', 'à', 'ả', 'ã', 'á', 'ạ', 'ă', 'ằ', 'ẳ', 'ẵ', 'ắ', 'ặ', 'â', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ', 'e', 'è', 'ẻ', 'ẽ', 'é', 'ẹ', 'ê', 'ề', 'ể',
    'ễ', 'ế', 'ệ', 'i', 'ì', 'ỉ', 'ĩ', 'í', 'ị', 'o', 'ò', 'ỏ', 'õ', 'ó', 'ọ', 'ô', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ', 'ơ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ',
    'u', 'ù', 'ủ', 'ũ', 'ú', 'ụ', 'ư', 'ừ', 'ử', 'ữ', 'ứ', 'ự', 'y', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ', 'b', 'c', 'd', 'đ', 'f', 'g', 'h', 'j', 'k',
    'l', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'z',
];

const CAPITAL_LETTERS: [char; SMALL] = [
    'A', 'À', 'Ả', 'Ã', 'Á', 'Ạ', 'Ă', 'Ằ', 'Ẳ', 'Ẵ', 'Ắ', 'Ặ', 'Â', 'Ầ', 'Ẩ', 'Ẫ', 'Ấ', 'Ậ', 'E', 'È', 'Ẻ', 'Ẽ', 'É', 'Ẹ', 'Ê', 'Ề', 'Ể',
    'Ễ', 'Ế', 'Ệ', 'I', 'Ì', 'Ỉ', 'Ĩ', 'Í', 'Ị', 'O', 'Ò', 'Ỏ', 'Õ', 'Ó', 'Ọ', 'Ô', 'Ồ', 'Ổ', 'Ỗ', 'Ố', 'Ộ', 'Ơ', 'Ờ', 'Ở', 'Ỡ', 'Ớ', 'Ợ',
    'U', 'Ù', 'Ủ', 'Ũ', 'Ú', 'Ụ', 'Ư', 'Ừ', 'Ử', 'Ữ', 'Ứ', 'Ự', 'Y', 'Ỳ', 'Ỷ', 'Ỹ', 'Ý', 'Ỵ', 'B', 'C', 'D', 'Đ', 'F', 'G', 'H', 'J', 'K',
    'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Z',
];

/// Vietnamese letters end here in Unicode.
const END: usize = 0x1F00;

static NUMBERS: [u8; END] = numbers();

const fn numbers() -> [u8; END] {
    let mut table = [u8::MAX; END];
    let mut i = 0;
    while i < SMALL {
        table[SMALL_LETTERS[i] as usize] = i as u8;
        table[CAPITAL_LETTERS[i] as usize] = (i + SMALL) as u8;
        i += 1;
    }
    table
}

/// The number of a letter; `None` for what no Vietnamese word is written with.
pub fn number(c: char) -> Option<u8> {
    NUMBERS.get(c as usize).copied().filter(|&n| n != u8::MAX)
}

/// The letter of a number below [`LETTERS`].
pub fn letter(number: u8) -> char {
    let n = usize::from(number);
    if n < SMALL { SMALL_LETTERS[n] } else { CAPITAL_LETTERS[(n - SMALL) % SMALL] }
}

/// The letters of `word` as numbers; `None` when one of them has no number.
pub fn spell(word: &str) -> Option<Vec<u8>> {
    word.chars().map(number).collect()
}

/// The word that these numbers spell.
pub fn word(letters: &[u8]) -> String {
    letters.iter().map(|&n| letter(n)).collect()
}

/// The capital of a small letter's number (and of a capital's own).
pub fn capital(number: u8) -> u8 {
    if usize::from(number) < SMALL { number + SMALL as u8 } else { number }
}

/// True for a capital's number.
pub fn is_capital(number: u8) -> bool {
    usize::from(number) >= SMALL
}

/// The same letter without its tone.
pub fn toneless(number: u8) -> u8 {
    let (n, case) = split(number);
    (if n < 72 { n - n % 6 } else { n }) as u8 + case
}

/// The same letter without tone and mark; `đ` becomes `d`.
pub fn bare(number: u8) -> u8 {
    const GROUPS: [usize; 12] = [0, 0, 0, 18, 18, 30, 36, 36, 36, 54, 54, 66];
    const D: usize = 74;
    let (n, case) = split(number);
    (if n < 72 {
        GROUPS[n / 6]
    } else if n == D + 1 {
        D
    } else {
        n
    }) as u8
        + case
}

fn split(number: u8) -> (usize, u8) {
    let n = usize::from(number);
    if n < SMALL { (n, 0) } else { (n - SMALL, SMALL as u8) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::letters::fold_char;

    #[test]
    fn every_letter_has_one_number_and_folds_as_text_folds() {
        for n in 0..LETTERS as u8 {
            assert_eq!(number(letter(n)), Some(n));
            let folded = letter(bare(n));
            assert_eq!(folded.to_ascii_lowercase(), fold_char(letter(n)), "{}", letter(n));
            assert_eq!(is_capital(n), letter(n).is_uppercase());
        }
        assert_eq!(letter(toneless(number('Ệ').expect("a letter"))), 'Ê');
        assert_eq!(number('ø'), None);
        assert_eq!(spell("đường").map(|s| word(&s)).as_deref(), Some("đường"));
    }
}
