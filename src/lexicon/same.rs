//! Knows when two names mean one body.

use super::Bodies;
use super::word::{plain, words};
use crate::text::letters::{fold, is_syllable};

impl Bodies {
    /// The name in the form in which two names of one body are equal: lower case, abbreviations written out, without the words
    /// that say nothing, without the person who holds the office, and without the plan's own level and place (`home`).
    pub fn key(&self, name: &str, home: &[String]) -> String {
        let name = self.units.written(name);
        let without_person = self.without_person(&name);
        let mut key: Vec<String> = Vec::new();
        for word in without_person.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '“' | '”' | '"' | '*'))
        {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if word.is_empty() {
                continue;
            }
            match self.short.get(&word.to_lowercase()) {
                Some(long) => key.extend(long.split(' ').map(plain)),
                None => key.extend(word.split(['-', '–', '—', '/', '&']).filter(|w| !w.is_empty()).flat_map(|w| {
                    match self.short.get(&w.to_lowercase()) {
                        Some(long) => long.split(' ').map(plain).collect(),
                        None => vec![plain(w)],
                    }
                })),
            }
        }
        let misread = self.ends_misread(&key);
        key.retain(|w| !self.light.contains(w));
        self.strip_home(&mut key, home, misread);
        key.join(" ")
    }

    /// An office with its holder's name ("… LĐTBXH Nguyễn Thị Hoa") without the holder.
    fn without_person<'a>(&self, name: &'a str) -> &'a str {
        let words = words(name);
        let person = (1..words.len()).rev().take(5).find(|&i| {
            self.surnames.contains(&words[i].plain)
                && words[i].capital
                && (2..=5).contains(&(words.len() - i))
                && words[i..].iter().all(|w| w.capital && w.plain.len() < name[w.at.clone()].len() + 1 && is_name_word(&name[w.at.clone()]))
                && !matches!(
                    words[i - 1].plain.as_str(),
                    "xã" | "phường" | "tỉnh" | "huyện" | "thôn" | "phố" | "trấn" | "quận" | "khu" | "đường"
                )
                && words[i - 1].after.is_none()
        });
        // The word before the person must belong to an office, not to a place: two capitals in a row are one proper name.
        match person {
            Some(i) if words[..i].iter().any(|w| self.holds_office(&w.plain)) => &name[..words[i - 1].at.end],
            _ => name,
        }
    }

    fn holds_office(&self, word: &str) -> bool {
        matches!(word, "trách" | "chức" | "viên" | "chí" | "trưởng" | "đốc" | "tịch" | "bộ" | "thư" | "toán")
    }

    fn strip_home(&self, key: &mut Vec<String>, home: &[String], misread: bool) {
        for (n, _) in home.iter().enumerate() {
            let tail = &home[..home.len() - n];
            // The plan's own level with other marks is what an OCR makes of it: "Hội Nông dân phương" of a phường.
            let level = || misread && tail.len() == 1 && key.last().map(|w| fold(w)) == tail.last().map(|w| fold(w));
            if key.len() > tail.len() && (key.ends_with(tail) || level()) {
                key.truncate(key.len() - tail.len());
                return;
            }
        }
    }

    /// True when the last word may be a level with other marks, and is no word of a name.
    fn ends_misread(&self, key: &[String]) -> bool {
        let [.., before, last] = key else { return false };
        let alike = self.level_words.iter().any(|l| fold(l) == fold(last));
        alike && !self.no_level.contains(&format!("{before} {last}"))
    }

    /// Level and proper name of the place that `name` (a body) governs, in key form: `["phường", "thọ", "xương"]`.
    pub fn home(&self, name: &str) -> Vec<String> {
        let name = &self.units.written(name);
        let words = words(name);
        let level = (0..words.len()).rev().find_map(|i| self.levels.at(&words, i).map(|n| (i, n)));
        let Some((i, _)) = level else { return Vec::new() };
        // "thành phố" is found at "phố" too only if it were a level: the longest phrase begins earlier.
        words[i..].iter().map(|w| w.plain.clone()).collect()
    }

    /// True when `longer`, a key, is the key `shorter` written out: nothing but what the body is for follows, and no other body.
    pub fn extends(&self, shorter: &str, longer: &str) -> bool {
        let Some(rest) = longer.strip_prefix(shorter).and_then(|r| r.strip_prefix(' ')) else { return false };
        let few = shorter.split(' ').count() < 3;
        let other = self.level_words.iter().any(|l| rest.starts_with(l.as_str()));
        let code = !rest.split(' ').next().is_some_and(is_syllable);
        !few && !other && !code && self.head(&words(rest), 0).is_none() && !rest.starts_with(|c: char| c.is_numeric())
    }

    /// How much `name` says: its letters, a leading "mỗi" or "các" left out; of two that say the same the one of all rather than of
    /// each, and the one with a capital.
    pub fn weight(&self, name: &str) -> (usize, bool, bool) {
        let words = words(name);
        let from = words.iter().find(|w| !self.light.contains(&w.plain)).map_or(0, |w| w.at.start);
        let each = words.first().is_some_and(|w| matches!(w.plain.as_str(), "mỗi" | "từng"));
        (name[from..].chars().count(), !each, name.starts_with(char::is_uppercase))
    }

    /// True when `name` is a part that needs its whole ("Ban Thường trực").
    pub fn is_part(&self, name: &str) -> bool {
        self.parts.contains(&plain(name))
    }
}

fn is_name_word(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.clone().count() > 0 && letters.any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    #[test]
    fn one_body_has_one_key() {
        let bodies = Bodies::new(&RuleBook::embedded()).expect("our own rules are right");
        let home = bodies.home("UBND xã Bình Lộc");
        assert_eq!(home, ["xã", "bình", "lộc"]);
        let key = |n: &str| bodies.key(n, &home);
        assert_eq!(key("Công chức phụ trách Lao động - TB&XH xã"), key("công chức phụ trách LĐ-TB&XH Nguyễn Văn An"));
        assert_eq!(key("Ủy ban nhân dân xã Bình Lộc"), key("UBND xã"));
        assert_ne!(key("Ủy ban nhân dân tỉnh"), key("UBND xã"));
        let ward = bodies.home("UBND phường Bình Lộc");
        assert_eq!(bodies.key("Hội Nông dân phương", &ward), bodies.key("Hội Nông dân phường", &ward));
        assert_ne!(bodies.key("Chính quyền địa phương", &ward), bodies.key("Chính quyền", &ward));
        assert_ne!(key("Trạm xá"), key("Trạm"));
        assert_eq!(key("UBND P. Thọ Xương"), key("Ủy ban nhân dân phường Tho Xuơng"));
        assert!(bodies.extends(&key("Thành viên BCĐ xã"), &key("Các thành viên Ban Chỉ đạo chuyển đổi số xã")));
        assert!(!bodies.extends(&key("UBND xã"), &key("UBND các xã, phường")));
        // A comma that was left out, or an abbreviation that was misread, makes no name of two.
        assert!(!bodies.extends(&key("Bưu điện thành phố"), &key("Bưu điện thành phố thành viên Ban chỉ đạo xã")));
        assert!(!bodies.extends(&key("Bưu điện thành phố"), &key("Bưu điện thành phố, UBNÑD xã")));
    }
}
