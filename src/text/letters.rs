//! The letters of Vietnamese: base letter, vowel mark and tone of each, folding without marks, and where a syllable's tone is written.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `c` in lower case without vowel mark or tone; `đ` becomes `d`. One letter in, one letter out.
pub fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match c {
        'đ' | 'Đ' => 'd',
        _ => {
            let base = std::iter::once(c).nfd().next().unwrap_or(c);
            let mut lower = base.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => base,
            }
        }
    }
}

/// `text` folded letter by letter: same number of letters, no marks, lower case.
pub fn fold(text: &str) -> String {
    text.chars().filter(|c| !is_combining_mark(*c)).map(fold_char).collect()
}

/// True for a letter that only Vietnamese (among the languages an office meets) writes with these marks.
pub fn is_marked(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() && fold_char(c).is_ascii_alphabetic()
}

/// The syllable with its tone where the old spelling puts it (`hòa`, `ủy`), for comparing; text keeps the spelling it came with.
pub fn old_tone_placement(syllable: &str) -> String {
    const NEW_OLD: [(&str, &str); 15] = [
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("oè", "òe"),
        ("oé", "óe"),
        ("oẻ", "ỏe"),
        ("oẽ", "õe"),
        ("oẹ", "ọe"),
        ("uỳ", "ùy"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
        ("uỹ", "ũy"),
        ("uỵ", "ụy"),
    ];
    // After q the u belongs to the consonant: quý is written one way only.
    let stem = |end: &str| syllable.strip_suffix(end).filter(|s| !s.ends_with(['q', 'Q']));
    NEW_OLD.iter().find_map(|(new, old)| stem(new).map(|s| format!("{s}{old}"))).unwrap_or_else(|| syllable.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_the_count_of_letters() {
        assert_eq!(fold("Đồng chí Nguyễn Thị Ý, số 12"), "dong chi nguyen thi y, so 12");
        assert_eq!(fold_char('Ư'), 'u');
        assert!(is_marked('ợ') && !is_marked('o') && !is_marked('—'));
    }

    #[test]
    fn a_tone_has_two_places_and_one_meaning() {
        assert_eq!(old_tone_placement("hoà"), "hòa");
        assert_eq!(old_tone_placement("uỷ"), "ủy");
        assert_eq!(old_tone_placement("quý"), "quý");
        assert_eq!(old_tone_placement("hòa"), "hòa");
    }
}
