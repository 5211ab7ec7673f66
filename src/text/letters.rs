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

/// What may begin a syllable, longest first.
const ONSETS: [&str; 27] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s",
    "t", "v", "x",
];

/// What may follow, tones left out.
const RHYMES: &str = " a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên \
ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt \
oc oe oen oeo oet oi om on ong oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi \
uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu \
ă ân uyn uyp uêu oeng ênh ơng ";

/// True for letters that have the shape of a Vietnamese syllable, whatever their case; whether it is a word is another question.
pub fn is_syllable(word: &str) -> bool {
    let plain: String = word.to_lowercase().chars().map(without_tone).collect();
    let has = |rhyme: &str| !rhyme.is_empty() && RHYMES.contains(&format!(" {rhyme} "));
    has(&plain)
        || ONSETS
            .iter()
            .any(|o| plain.strip_prefix(o).is_some_and(|rest| has(rest) || (*o == "gi" && (rest.is_empty() || has(&format!("i{rest}"))))))
}

/// True for folded letters that are a Vietnamese syllable without its marks.
pub fn is_bare_syllable(folded: &str) -> bool {
    static BARE: std::sync::LazyLock<std::collections::HashSet<String>> =
        std::sync::LazyLock::new(|| RHYMES.split_whitespace().map(fold).collect());
    let has = |rhyme: &str| BARE.contains(rhyme);
    has(folded) || ONSETS.iter().any(|o| folded.strip_prefix(o).is_some_and(|rest| has(rest) || *o == "gi" && rest.is_empty()))
}

/// `c` without its tone, the vowel's own mark kept: `ệ` becomes `ê`.
pub fn without_tone(c: char) -> char {
    const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    if c.is_ascii() {
        return c;
    }
    std::iter::once(c).nfd().filter(|m| !TONES.contains(m)).nfc().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        for word in ["nghiêng", "Phường", "giếng", "gì", "quyết", "Đợt", "ủy", "khuỷu", "ý", "uyển"] {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["facebook", "phwong", "thuc1", "UBND", "tr", "ww", ""] {
            assert!(!is_syllable(word), "{word}");
        }
    }

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
