//! File names made from the words of a document: safe on every system, still to be recognised.

use crate::text::letters::fold_char;

/// At most this many letters, so that a path stays within what Windows bears.
const LONGEST: usize = 60;

/// Names that Windows keeps for devices, whatever follows the point.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4",
    "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// `words` as the stem of a file name: letters without marks, digits, points and hyphens, nothing else.
pub(super) fn safe(words: &str) -> String {
    let mut stem = String::new();
    for c in words.chars() {
        let folded = if c.is_ascii_uppercase() { c } else { fold_char(c) };
        match folded {
            c if c.is_ascii_alphanumeric() => stem.push(c),
            '.' if !stem.is_empty() && !stem.ends_with(['.', '-']) => stem.push('.'),
            _ if !stem.is_empty() && !stem.ends_with(['.', '-']) => stem.push('-'),
            _ => {}
        }
        if stem.len() >= LONGEST {
            break;
        }
    }
    let stem = stem.trim_end_matches(['.', '-']);
    let device = stem.split('.').next().unwrap_or_default().to_ascii_lowercase();
    match stem {
        "" => "khong-ten".to_owned(),
        _ if RESERVED.contains(&device.as_str()) => format!("_{stem}"),
        _ => stem.to_owned(),
    }
}

/// `stem`, or `stem-2`, `stem-3` … where a file already has that name on a system that does not tell A from a.
pub(super) fn unlike(stem: &str, taken: &mut std::collections::BTreeSet<String>) -> String {
    let mut name = stem.to_owned();
    let mut nth = 2;
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{nth}");
        nth += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_recognised_and_harmless() {
        for (words, name) in [
            ("Tổ dân phố Số 1", "To-dan-pho-So-1"),
            ("../../etc/passwd", "etc-passwd"),
            ("C:\\Windows", "C-Windows"),
            ("con", "_con"),
            ("aux.txt", "_aux.txt"),
            ("\u{202e}cod.exe", "cod.exe"),
            ("…", "khong-ten"),
            ("IV.2-8", "IV.2-8"),
            ("Đoàn", "doan"),
        ] {
            assert_eq!(safe(words), name, "{words}");
        }
    }

    proptest! {
        #[test]
        fn any_words_make_a_name(words in "\\PC*|[\\s\\S]{0,200}") {
            let name = safe(&words);
            prop_assert!(!name.is_empty() && name.len() <= LONGEST + 1);
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
            prop_assert!(!name.starts_with('.') && !name.ends_with('.') && !name.contains(".."));
        }
    }
}
