//! Knows names in capital letters, as the head of an official paper shows them.

use std::ops::Range;

use super::Bodies;
use super::word::words;
use crate::text::letters;

impl Bodies {
    /// `capitals`, a name in capital letters, as it is written in a sentence: heads and levels small but for their first letter.
    pub fn in_sentence(&self, capitals: &str) -> String {
        let words = words(capitals);
        let mut out = String::new();
        let mut small = 0usize;
        let mut field: Vec<String> = Vec::new();
        for (i, w) in words.iter().enumerate() {
            if let Some(n) = self.fields.at(&words, i).filter(|_| field.is_empty() && i > 0) {
                let key = words[i..i + n].iter().map(|w| w.plain.as_str()).collect::<Vec<_>>().join(" ");
                field = self.fields_written.get(&key).cloned().unwrap_or_default();
                field.reverse();
            }
            let read = &capitals[w.at.clone()];
            let head = if small == 0 { self.heads.at(&words, i).or_else(|| self.capital_heads.at(&words, i)) } else { None };
            let level = self.levels.at(&words, i);
            let abbreviation = self.short.contains_key(&read.to_lowercase()) || !read.chars().any(is_vowel);
            let text = match () {
                () if !field.is_empty() => field.pop().unwrap_or_default(),
                () if abbreviation => read.to_owned(),
                () if i > 0 && (small > 0 || level.is_some() || w.plain == "và") => w.plain.clone(),
                () => first_up(&w.plain),
            };
            small = small.saturating_sub(1).max(head.or(level).map_or(0, |n| n - 1));
            if i > 0 {
                out.push_str(&capitals[words[i - 1].at.end..w.at.start]);
            }
            out.push_str(&text);
        }
        out
    }

    /// The bodies named one after the other in `capitals`, as the head of an official paper lists them: the one above first.
    /// A line that begins a name begins a body; a line that doesn't carries on the one above it.
    pub fn split_heads(&self, capitals: &str) -> Vec<Range<usize>> {
        let words = words(capitals);
        let mut starts = Vec::new();
        let (mut i, mut since) = (0, 0);
        while i < words.len() {
            let first = i == 0 || capitals[words[i - 1].at.end..words[i].at.start].contains('\n');
            // "… VÀ MÔI TRƯỜNG": a field of work, or half of a word, begins no body.
            if let Some(n) = self.fields.at(&words, i).max(self.inside.at(&words, i).filter(|n| *n > 1)).filter(|_| !first) {
                (i, since) = (i + n, since + n);
                continue;
            }
            // The level of a place ("TỈNH …") looks like a head in capitals.
            let head = self.head(&words, i).filter(|_| self.levels.at(&words, i).is_none());
            let begins = first || (since >= 3 && self.under.at(&words, i).is_some());
            if let Some(n) = head.filter(|_| begins) {
                starts.push(words[i].at.start);
                (i, since) = (i + n, n);
            } else {
                (i, since) = (i + 1, if first { 1 } else { since + 1 });
            }
        }
        let mut out: Vec<Range<usize>> = starts.windows(2).map(|w| w[0]..w[1]).collect();
        out.extend(starts.last().map(|&s| s..capitals.len()));
        out
    }
}

/// Letters without a vowel are no syllable: `PBGDPL`, `THPT`.
fn is_vowel(c: char) -> bool {
    matches!(letters::fold_char(c).to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn first_up(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    #[test]
    fn capitals_become_a_sentence() {
        let bodies = Bodies::new(&RuleBook::embedded()).expect("our own rules are right");
        assert_eq!(bodies.in_sentence("ỦY BAN NHÂN DÂN XÃ BÌNH LỘC"), "Ủy ban nhân dân xã Bình Lộc");
        assert_eq!(bodies.in_sentence("TRƯỜNG THPT HÒA BÌNH"), "Trường THPT Hòa Bình");
        let head = "UBND TỈNH TÂN AN SỞ CÔNG THƯƠNG";
        assert_eq!(bodies.split_heads(head).len(), 2);
        assert_eq!(bodies.split_heads("THỦ TƯỚNG\nCHÍNH PHỦ").len(), 1);
        assert_eq!(bodies.split_heads("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG").len(), 1);
        assert_eq!(bodies.split_heads("UBND TỈNH TÂN AN\nBAN CHỈ HUY PHÒNG THỦ DÂN SỰ").len(), 2);
        assert_eq!(bodies.split_heads("UBND HUYỆN TÂN AN\nPHÒNG NỘI VỤ").len(), 2);
    }
}
