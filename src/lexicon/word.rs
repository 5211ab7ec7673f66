//! Knows the words of a sentence, what stands between them, and phrases of several words.

use std::collections::HashMap;
use std::ops::Range;

use crate::text::letters;

/// A phrase of lower-case words, found by its first word; the longest that fits wins.
#[derive(Debug, Default)]
pub(super) struct Phrases(HashMap<String, Vec<Vec<String>>>);

impl Phrases {
    pub fn new(list: &[String]) -> Self {
        let mut all: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for phrase in list {
            let words: Vec<String> = words(phrase).into_iter().map(|w| w.plain).collect();
            if let Some(first) = words.first() {
                all.entry(first.clone()).or_default().push(words);
            }
        }
        for phrases in all.values_mut() {
            phrases.sort_by_key(|p| std::cmp::Reverse(p.len()));
        }
        Self(all)
    }

    /// Number of words of the longest phrase that begins at `at`; commas inside a phrase are those of the rule.
    pub fn at(&self, words: &[Word], at: usize) -> Option<usize> {
        let here = self.0.get(&words.get(at)?.plain)?;
        here.iter().find(|p| p.len() <= words.len() - at && p.iter().zip(&words[at..]).all(|(a, b)| *a == b.plain)).map(Vec::len)
    }
}

/// A word of a sentence and what stands right behind it.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub at: Range<usize>,
    /// In lower case, tones in their old place.
    pub plain: String,
    /// Begins with a capital.
    pub capital: bool,
    /// `,` `;` `:` `.` `(` `)` or a dash between this word and the next.
    pub after: Option<char>,
    /// A bracket opens between this word and the next.
    pub opens: bool,
}

pub(super) fn plain(word: &str) -> String {
    word.split(' ').map(|w| letters::old_tone_placement(&w.to_lowercase())).collect::<Vec<_>>().join(" ")
}

pub(super) fn plain_words(text: &str) -> String {
    words(text).into_iter().map(|w| w.plain).collect::<Vec<_>>().join(" ")
}

pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// The words of `text` with their places; a code such as `LĐ-TB&XH` or `HĐND&UBND` is one word.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut start = None;
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '&' | '/' | '\'' | '’');
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|(_, n)| *n);
        let hyphen = c == '-' && start.is_some() && next.is_some_and(char::is_alphanumeric);
        if inside(c) || hyphen {
            start.get_or_insert(i);
        } else {
            if let Some(s) = start.take() {
                out.push(word(text, s, i));
            }
            if let Some(last) = out.last_mut() {
                match c {
                    '(' => last.opens = true,
                    ',' | ';' | ':' | '.' | '-' | '–' | '—' | '“' | '"' | '|' | ')' if last.after.is_none() && !last.opens => {
                        last.after = Some(c)
                    }
                    _ => {}
                }
            }
        }
    }
    if let Some(s) = start {
        out.push(word(text, s, text.len()));
    }
    out
}

fn word(text: &str, start: usize, end: usize) -> Word {
    let read = &text[start..end];
    Word { at: start..end, plain: plain(read), capital: read.chars().next().is_some_and(char::is_uppercase), after: None, opens: false }
}
